"""The acts on a proposal short of publishing it: what each is called, says, asks and does."""

from collections.abc import Callable
from dataclasses import dataclass

from ..editing import proposals, scheduled_proposals
from .forms import ActForm


@dataclass(frozen=True)
class ProposalAct:
    """One act on a proposal: its texts, what it does, and the label of the line that it asks."""

    name: str
    title: str
    description: str
    done: str
    perform: Callable
    label: str = ""

    def form(self, data=None, **kwargs):
        form = ActForm(data, **kwargs)
        del form.fields["kind"]
        if self.label:
            form.fields["note"].label = self.label
            form.fields["note"].help_text = "Read at the desk only."
        else:
            del form.fields["note"]
        return form


def discard(*, entry, seen, user, message):
    proposals.discard_proposal(entry=entry, seen=seen, user=user)


def unschedule(*, entry, seen, user, message):
    scheduled_proposals.unschedule_proposal(entry=entry, seen=seen, user=user)


SEND = ProposalAct(
    name="send",
    title="Send to review",
    description="An editor compares it with what is public, and publishes it or sends it back.",
    done="The proposal was sent to review.",
    perform=proposals.send_to_review,
    label="A line for the reviewer",
)
SEND_BACK = ProposalAct(
    name="send-back",
    title="Send back",
    description="Its writer goes on with it. What is public stays as it is.",
    done="The proposal was sent back.",
    perform=proposals.send_back,
    label="What is to be changed",
)
DISCARD = ProposalAct(
    name="discard",
    title="Discard",
    description="The proposal is thrown away for good. What is public stays as it is.",
    done="The proposal was discarded.",
    perform=discard,
)
UNSCHEDULE = ProposalAct(
    name="unschedule",
    title="Take its time away",
    description="It is not published by itself, and is in review again.",
    done="The proposal has no time any more.",
    perform=unschedule,
)
ACTS = (SEND, SEND_BACK, UNSCHEDULE, DISCARD)
