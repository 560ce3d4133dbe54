"""Proposals with a time: published then as those who approved them, or refused in words."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from meetings.editing import acts, errors, proposals
from meetings.editing.joins import YOURS, answer
from meetings.editing.scheduled_proposals import (
    publish_next_due,
    schedule_proposal,
    unschedule_proposal,
)
from meetings.models import Meeting, Proposal, Revision
from tests import factories as make
from tests.writers import changing

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by what it is called with."""
    now = [timezone.now()]

    def go_on(**period):
        now[0] += timedelta(**period)

    monkeypatch.setattr(timezone, "now", lambda: now[0])
    return go_on


@pytest.fixture
def meeting():
    meeting = make.make_meeting(forum="G20", summary="As it was.")
    acts.check_seen(entry=meeting, seen=None)
    meeting.refresh_from_db()
    return meeting


def propose(meeting, user=None, seen=0, **cells):
    return proposals.save_proposal(
        entry=meeting,
        after=changing(meeting, **cells),
        user=user,
        seen=seen,
        seen_revision=meeting.revision,
    )


def schedule(meeting, proposal, user=None, hours=1, **arguments):
    meeting.refresh_from_db()
    return schedule_proposal(
        entry=meeting,
        publish_at=timezone.now() + timedelta(hours=hours),
        seen=proposal.number,
        seen_revision=meeting.revision,
        user=user,
        note="The forum corrected.",
        kind="correction",
        was_wrong="The forum was another.",
        **arguments,
    )


def test_change_becomes_public_at_its_time_and_not_before(meeting, clock):
    writer, editor = make.make_member("writer"), make.make_editor()
    schedule(meeting, propose(meeting, user=writer, forum="G7"), user=editor)

    clock(minutes=59)
    early = publish_next_due(), Meeting.objects.get().forum
    clock(minutes=1)
    due = publish_next_due(), Meeting.objects.get().forum

    revision = Revision.objects.latest_of(meeting)
    assert (early, due) == ((False, "G20"), (True, "G7"))
    assert (revision.act, revision.made_by, revision.written_by) == ("proposal", editor, writer)
    assert (revision.note, revision.kind) == ("The forum corrected.", "correction")
    assert not publish_next_due()


def test_what_is_changed_in_public_meanwhile_is_merged(meeting, clock):
    schedule(meeting, propose(meeting, forum="G7"))
    acts.save(entry=meeting, after=changing(meeting, summary="As corrected."), note="x")

    clock(hours=1)
    publish_next_due()

    meeting.refresh_from_db()
    assert (meeting.forum, meeting.summary) == ("G7", "As corrected.")


def test_conflict_leaves_the_page_and_says_what_speaks_against_the_change(meeting, clock, caplog):
    schedule(meeting, propose(meeting, forum="G7"))
    acts.save(entry=meeting, after=changing(meeting, forum="G8"), note="x")

    clock(hours=1)
    tried, again = publish_next_due(), publish_next_due()

    proposal = Proposal.objects.get()
    assert (tried, again) == (True, False)
    assert Meeting.objects.get().forum == "G8"
    assert (proposal.status, proposal.publish_at) == ("refused", None)
    assert "Choose for each cell that both changed." in proposal.message
    assert "was refused" in caplog.text


def test_what_was_decided_when_it_was_scheduled_is_not_asked_again(meeting, clock):
    proposal = propose(meeting, forum="G7")
    acts.save(entry=meeting, after=changing(meeting, forum="G8"), note="x")
    with pytest.raises(errors.Stale) as asked:
        schedule(meeting, proposal)
    (conflict,) = asked.value.conflicts
    schedule(meeting, proposal, choices={conflict.name: answer(conflict, YOURS)})

    clock(hours=1)
    publish_next_due()

    assert Meeting.objects.get().forum == "G7"


@pytest.mark.parametrize("loss", ["right", "account", "withdrawal"])
def test_change_is_refused_when_its_approver_may_not_publish_any_more(meeting, clock, loss):
    editor = make.make_editor()
    schedule(meeting, propose(meeting, forum="G7"), user=editor)
    if loss == "withdrawal":
        acts.withdraw(entry=meeting, reason="Entered twice.")
    elif loss == "right":
        editor.groups.clear()
    else:
        editor.is_active = False
        editor.save()

    clock(hours=1)

    assert publish_next_due()
    assert (Meeting.objects.get().forum, Proposal.objects.get().status) == ("G20", "refused")


def test_time_is_given_only_by_who_may_publish_and_only_one_to_come(meeting):
    writer = make.make_member("writer")
    proposal = propose(meeting, user=writer, forum="G7")

    with pytest.raises(PermissionDenied):
        schedule(meeting, proposal, user=writer)
    with pytest.raises(errors.Refused, match="still to come"):
        schedule(meeting, proposal, hours=-1)
    with pytest.raises(errors.Refused, match="note"):
        schedule_proposal(
            entry=meeting,
            publish_at=timezone.now() + timedelta(hours=1),
            seen=1,
            seen_revision=meeting.revision,
            user=make.make_editor(),
            note="",
        )

    assert Proposal.objects.get().status == "draft"


def test_change_of_a_scheduled_proposal_takes_its_time_away(meeting):
    writer, editor = make.make_member("writer"), make.make_editor()
    proposal = schedule(meeting, propose(meeting, user=writer, forum="G7"), user=editor)

    by_editor = propose(meeting, editor, proposal.number, forum="G8")
    after_editor = (by_editor.status, by_editor.publish_at)
    proposal = schedule(meeting, by_editor, user=editor)
    by_writer = propose(meeting, writer, proposal.number, forum="G9")

    assert after_editor == ("review", None)
    assert (by_writer.status, by_writer.approved_by) == ("draft", None)


def test_time_can_be_taken_away(meeting, clock):
    proposal = schedule(meeting, propose(meeting, forum="G7"))

    unschedule_proposal(entry=meeting, seen=proposal.number)
    clock(hours=1)

    assert not publish_next_due()
    assert Proposal.objects.get().status == "review"
