"""Proposals: kept beside what is public, merged cell by cell, published as one revision."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from meetings.editing import acts, errors, proposals
from meetings.editing.changes import with_cells
from meetings.editing.joins import YOURS, answer
from meetings.editing.proposal_rows import laid_over
from meetings.editing.snapshots import snapshot, with_slug
from meetings.models import Meeting, Proposal, Revision
from meetings.tables.registry import TABLES_BY_MODEL

from .. import factories as make

pytestmark = pytest.mark.django_db


def rows_of_all_tables():
    """Return every row of every table but that of proposals, as values; of an index its texts."""
    models = [m for m in apps.get_models() if m is not Proposal and m._meta.managed]
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in models + [m for model in models for m in through_models(model)]
    }


def through_models(model):
    return [field.remote_field.through for field in model._meta.many_to_many]


def changing(row, **cells):
    """Return the snapshot of an entry or reference with other cells of its own."""
    own, state = TABLES_BY_MODEL[type(row)], snapshot(row)
    return with_cells(own, with_slug(own, state, cells.get("slug", row.slug)), **cells)


def make_writer(username="wim"):
    writer = User.objects.create_user(username, is_staff=True)
    writer.user_permissions.add(Permission.objects.get(codename="change_meeting"))
    return writer


def tracked_meeting(**values):
    """Return a public meeting with an outcome, and its first revision."""
    meeting = make.make_meeting(forum="G20", summary="As it was.", **values)
    source = meeting.sources.get()
    make.make_outcome(meeting=meeting, order=10, text=f"A talk [@{source.slug}].")
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
        note="Why",
    )


def publish(meeting, proposal, user=None, **arguments):
    meeting.refresh_from_db()
    return proposals.publish_proposal(
        entry=meeting,
        seen=proposal.number,
        seen_revision=meeting.revision,
        user=user,
        note="Two words corrected.",
        **arguments,
    )


def test_proposal_changes_no_table_of_the_record():
    meeting = tracked_meeting()
    before = rows_of_all_tables()

    proposal = propose(meeting, forum="New forum")
    propose(meeting, seen=proposal.number, forum="Newer forum")

    assert rows_of_all_tables() == before
    assert Proposal.objects.get().snapshot["meetings"][0]["forum"] == "Newer forum"


def test_laying_a_proposal_over_its_rows_leaves_every_table_as_it_was():
    meeting = tracked_meeting()
    state = changing(meeting, forum="New forum")
    state = state | {"outcomes": [state["outcomes"][0] | {"order": "20", "text": "Another."}]}
    proposal = proposals.save_proposal(
        entry=meeting, after=state, seen=0, seen_revision=meeting.revision
    )
    before = rows_of_all_tables()

    with laid_over(meeting, proposal):
        laid = Meeting.objects.get()
        shown = (laid.forum, [outcome.order for outcome in laid.outcomes.all()])

    assert shown == ("New forum", [20])
    assert rows_of_all_tables() == before


def test_published_proposal_is_merged_with_what_was_changed_in_public_meanwhile():
    meeting = tracked_meeting()
    writer, editor = make_writer(), make.make_editor()
    proposal = propose(meeting, user=writer, forum="New forum")
    acts.save(entry=meeting, after=changing(meeting, summary="As corrected."), note="x")

    revision = publish(meeting, proposal, user=editor)

    meeting.refresh_from_db()
    assert (meeting.forum, meeting.summary) == ("New forum", "As corrected.")
    assert (revision.act, revision.number) == ("proposal", 3)
    assert (revision.made_by, revision.written_by) == (editor, writer)
    assert revision.snapshot == snapshot(meeting)
    assert not Proposal.objects.exists()


def test_cell_that_both_changed_is_asked_about_and_chosen():
    meeting = tracked_meeting()
    proposal = propose(meeting, summary="As proposed.")
    acts.save(entry=meeting, after=changing(meeting, summary="As corrected."), note="x")

    with pytest.raises(errors.Stale) as asked:
        publish(meeting, proposal)
    (conflict,) = asked.value.conflicts
    publish(meeting, proposal, choices={conflict.name: answer(conflict, YOURS)})

    assert (conflict.base, conflict.theirs, conflict.yours) == (
        "As it was.",
        "As corrected.",
        "As proposed.",
    )
    assert Meeting.objects.get().summary == "As proposed."


def test_proposal_leaves_address_status_and_time_of_publication_as_they_are():
    meeting = tracked_meeting(slug="old")
    proposal = propose(meeting, slug="other", status="draft", forum="New forum")
    acts.save(entry=meeting, after=changing(meeting, slug="new"), note="x")

    publish(meeting, proposal)

    meeting.refresh_from_db()
    assert (meeting.slug, meeting.status, meeting.forum) == ("new", "published", "New forum")


def test_what_was_not_looked_at_is_not_published():
    meeting = tracked_meeting()
    proposal = propose(meeting, forum="New forum")
    seen = meeting.revision
    acts.save(entry=meeting, after=changing(meeting, summary="As corrected."), note="x")

    for number, revision in ((proposal.number, seen), (proposal.number + 1, seen + 1)):
        with pytest.raises(errors.Refused, match="Look at what is shown now"):
            proposals.publish_proposal(entry=meeting, seen=number, seen_revision=revision, note="x")

    assert Meeting.objects.get().forum == "G20"


def test_two_people_in_one_proposal_lose_no_word():
    meeting = tracked_meeting()
    first = propose(meeting, forum="First")

    with pytest.raises(errors.Stale) as asked:
        propose(meeting, seen=0, forum="Second", summary="Mine")

    assert {conflict.column for conflict in asked.value.conflicts} == {"forum", "summary"}
    first.refresh_from_db()
    assert first.snapshot["meetings"][0]["forum"] == "First"


def test_rules_are_asked_when_it_is_kept_and_those_of_publication_when_it_is_published():
    meeting = tracked_meeting()

    with pytest.raises(errors.Refused, match="There is no source “unknown”"):
        propose(meeting, body="A claim [@unknown].")
    proposal = propose(meeting, body="A claim without a source.")
    with pytest.raises(errors.Refused, match="has no source"):
        publish(meeting, proposal)

    assert Meeting.objects.get().body == ""
    assert Proposal.objects.get() == proposal


def test_writers_prepare_and_editors_publish():
    meeting, writer = tracked_meeting(), make_writer()

    proposal = propose(meeting, user=writer, forum="New forum")
    with pytest.raises(PermissionDenied):
        publish(meeting, proposal, user=writer)
    with pytest.raises(PermissionDenied):
        propose(meeting, user=User.objects.create_user("nobody"), seen=1, forum="Other")

    assert Meeting.objects.get().forum == "G20"


def test_proposal_in_review_that_its_writer_changes_is_in_preparation_again():
    meeting, writer, editor = tracked_meeting(), make_writer(), make.make_editor()
    proposal = propose(meeting, user=writer, forum="One")
    proposals.send_to_review(entry=meeting, seen=1, user=writer, message="Look at the forum.")

    propose(meeting, user=editor, seen=1, forum="Two")
    by_editor = Proposal.objects.get().status
    propose(meeting, user=writer, seen=2, forum="Three")

    assert (by_editor, Proposal.objects.get().status) == ("review", "draft")
    assert proposal.message == ""


def test_reviewer_sends_back_with_a_reason_that_the_writer_reads():
    meeting, writer, editor = tracked_meeting(), make_writer(), make.make_editor()
    propose(meeting, user=writer, forum="One")
    proposals.send_to_review(entry=meeting, seen=1, user=writer)

    with pytest.raises(errors.Refused, match="Say what"):
        proposals.send_back(entry=meeting, seen=1, user=editor, message=" ")
    with pytest.raises(PermissionDenied):
        proposals.send_back(entry=meeting, seen=1, user=writer, message="x")
    proposals.send_back(entry=meeting, seen=1, user=editor, message="Which forum?")

    assert (Proposal.objects.get().status, Proposal.objects.get().message) == (
        "draft",
        "Which forum?",
    )


def test_nobody_publishes_what_nobody_else_saw_where_two_people_are_required(settings):
    settings.REVIEW_BY_ANOTHER = True
    meeting, ana, ben = tracked_meeting(), make.make_editor("ana"), make.make_editor("ben")
    proposal = propose(meeting, user=ana, forum="One")

    with pytest.raises(errors.Refused, match="Another person publishes"):
        publish(meeting, proposal, user=ana)
    publish(meeting, proposal, user=ben)

    assert Revision.objects.latest_of(meeting).written_by == ana


def test_what_a_proposal_names_is_not_deleted_and_may_be_renamed():
    meeting, place = tracked_meeting(), make.make_place(slug="old-place")
    proposal = propose(meeting, place="old-place")

    with pytest.raises(errors.Refused, match="a proposal"):
        acts.delete(entry=place)
    acts.save(entry=place, after=changing(place, slug="new-place"))
    publish(meeting, proposal)

    assert Meeting.objects.get().place.slug == "new-place"


def test_proposal_waits_while_its_entry_is_withdrawn():
    meeting = tracked_meeting()
    proposal = propose(meeting, forum="New forum")
    acts.withdraw(entry=meeting, reason="A forged source.")

    with pytest.raises(errors.Refused, match="not public"):
        publish(meeting, proposal)
    acts.publish(entry=meeting, note="Brought back.")
    publish(meeting, proposal)

    assert Meeting.objects.get().forum == "New forum"


def test_nothing_is_prepared_beside_a_draft():
    draft = make.make_meeting(status="draft")

    with pytest.raises(errors.Refused, match="not public"):
        propose(draft, forum="New")


def test_scheduled_entry_takes_proposals():
    soon = timezone.now() + timedelta(days=1)
    meeting = tracked_meeting(publish_at=soon)

    publish(meeting, propose(meeting, forum="New forum"))

    assert (Meeting.objects.get().forum, Meeting.objects.get().publish_at) == ("New forum", soon)


def test_reference_in_public_takes_proposals():
    place = make.make_place()
    make.make_meeting(place=place)
    acts.check_seen(entry=place, seen=None)
    place.refresh_from_db()

    publish(place, propose(place, city="Turku"))

    place.refresh_from_db()
    assert place.city == "Turku"


def test_unchanged_form_makes_no_proposal_and_a_discarded_one_is_gone():
    meeting = tracked_meeting()

    assert propose(meeting) is None
    proposal = propose(meeting, forum="New forum")
    with pytest.raises(errors.Refused, match="Look at what is shown now"):
        proposals.discard_proposal(entry=meeting, seen=proposal.number + 1)
    proposals.discard_proposal(entry=meeting, seen=proposal.number)
    with pytest.raises(errors.Refused, match="published or discarded"):
        propose(meeting, seen=1, forum="Newer")

    assert not Proposal.objects.exists()
