"""The acts on a proposal short of publishing it: what each is called, says, asks and does."""

from ..editing import proposals, scheduled_proposals
from .act_forms import DESK_ONLY, Act


def discard(*, entry, seen, user, message):
    proposals.discard_proposal(entry=entry, seen=seen, user=user)


def unschedule(*, entry, seen, user, message):
    scheduled_proposals.unschedule_proposal(entry=entry, seen=seen, user=user)


SEND = Act(
    name="send",
    title="Send to review",
    description="An editor compares it with what is public, and publishes it or sends it back.",
    done="The proposal was sent to review.",
    perform=proposals.send_to_review,
    note_label="A line for the reviewer",
    note_help=DESK_ONLY,
)
SEND_BACK = Act(
    name="send-back",
    title="Send back",
    description="Its writer goes on with it. What is public stays as it is.",
    done="The proposal was sent back.",
    perform=proposals.send_back,
    note_label="What is to be changed",
    note_help=DESK_ONLY,
)
DISCARD = Act(
    name="discard",
    title="Discard",
    description="The proposal is thrown away for good. What is public stays as it is.",
    done="The proposal was discarded.",
    perform=discard,
    asks_note=False,
)
UNSCHEDULE = Act(
    name="unschedule",
    title="Take its time away",
    description="It is not published by itself, and is in review again.",
    done="The proposal has no time any more.",
    perform=unschedule,
    asks_note=False,
)
ACTS = (SEND, SEND_BACK, UNSCHEDULE, DISCARD)
