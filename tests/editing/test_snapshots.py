"""Snapshots in the order of their keys, and read by the slugs of today."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.importing import restore
from meetings.importing.undo import undo_import
from meetings.models import Actor, Issue, Meeting, Outcome, Revision
from tests import factories as make
from tests.importing.helpers import import_file, problem_texts, write
from tests.writers import changing, written

pytestmark = pytest.mark.django_db


def acts_on(row):
    """Return the acts on a row, the first one first."""
    return [revision.act for revision in Revision.objects.of(row)][::-1]


def outcome(order):
    return {"meeting": "geneva", "order": str(order), "state": "agreed", "text": "Agreed [@press]."}


@pytest.fixture
def meeting():
    """A public meeting with outcomes 10 and 20, a participant and an issue that it discussed."""
    source = make.make_source(slug="press")
    meeting = make.make_meeting(slug="geneva", title="Geneva", sources=[source])
    for order in (10, 20):
        make.make_outcome(meeting=meeting, order=order, text="Agreed [@press].")
    for slug in ("anna", "zoe"):
        actor = make.make_actor(slug=slug)
        make.make_participation(meeting=meeting, actor=actor)
    make.make_discussion(meeting=meeting, issue=make.make_issue(slug="iran"), summary="[@press]")
    record_loaded()
    return meeting


def test_import_of_a_part_that_sorts_before_others_can_be_undone(tmp_path, meeting):
    before = snapshot(meeting)
    done = import_file(write(tmp_path, "outcomes", outcome(5)))
    assert problem_texts(done) == []

    undone = undo_import(imported=done.imported, note="Wrong file.")

    assert not undone.rows.filter(action="kept").exists()
    assert snapshot(meeting) == before


def test_save_after_such_an_import_finds_nothing_changed_by_others(tmp_path, meeting):
    import_file(write(tmp_path, "outcomes", outcome(5)))
    meeting.refresh_from_db()

    acts.save(
        entry=meeting,
        after=changing(meeting, title="Geneva again"),
        seen=meeting.revision,
    )

    assert acts_on(meeting) == ["load", "import", "save"]


def test_save_after_a_part_was_restored_finds_nothing_changed_by_others(meeting):
    def without_the_first():
        Outcome.objects.filter(meeting=meeting, order=10).delete()

    acts.save(entry=meeting, after=written(meeting, without_the_first))
    planned = restore.plan_restore(entry=meeting, number=1)
    restore.apply_restore(planned=planned, note="It was right.")
    meeting.refresh_from_db()

    acts.save(
        entry=meeting,
        after=changing(meeting, title="Geneva again"),
        seen=meeting.revision,
    )

    assert acts_on(meeting) == ["load", "save", "restore", "save"]


def test_every_snapshot_stored_is_as_the_rows_are_read(tmp_path, meeting):
    import_file(write(tmp_path, "outcomes", outcome(15), outcome(5)))

    assert Revision.objects.of(meeting)[0].snapshot == snapshot(meeting)


def revision_with_status(meeting, status):
    """Give a meeting a status, as ``loaddata`` does; return the number of its revision."""
    Meeting.objects.update(status=status)
    record_loaded()
    meeting.refresh_from_db()
    return meeting.revision


@pytest.mark.parametrize(("model", "slug"), [(Actor, "anna"), (Issue, "iran")])
@pytest.mark.parametrize("status", ["published", "draft"])
def test_renamed_row_leaves_what_names_it_as_it_was(meeting, model, slug, status):
    number = revision_with_status(meeting, status)
    row = model.objects.get(slug=slug)
    acts.save(entry=row, after=changing(row, slug=f"{slug}-of-old"))
    meeting.refresh_from_db()

    acts.save(entry=meeting, after=changing(meeting, title="Geneva again"), seen=number)

    assert acts_on(meeting)[-2:] == ["load", "save"]
    assert record_loaded() == 0


@pytest.mark.parametrize(("model", "slug"), [(Actor, "anna"), (Issue, "iran")])
@pytest.mark.parametrize("status", ["published", "draft"])
def test_revision_that_names_a_row_by_its_old_slug_is_restored(meeting, model, slug, status):
    number = revision_with_status(meeting, status)
    before = snapshot(meeting)
    row = model.objects.get(slug=slug)
    acts.save(entry=meeting, after=changing(meeting, title="Geneva again"))
    acts.save(entry=row, after=changing(row, slug=f"{slug}-of-old"))

    planned = restore.plan_restore(entry=meeting, number=number)
    restored = restore.apply_restore(planned=planned, note="It was right.")

    assert restored.state == "done"
    text = str(before).replace(f"'{slug}'", f"'{slug}-of-old'")
    assert str(snapshot(meeting)) == text


def test_import_made_before_a_row_was_renamed_can_be_undone(tmp_path, meeting):
    done = import_file(write(tmp_path, "meetings", {"slug": "geneva", "title": "Geneva, imported"}))
    anna = Actor.objects.get(slug="anna")
    acts.save(entry=anna, after=changing(anna, slug="anna-of-old"))

    undone = undo_import(imported=done.imported, note="Wrong file.")

    assert not undone.rows.filter(action="kept").exists()
    meeting.refresh_from_db()
    assert meeting.title == "Geneva"
    assert {p.actor.slug for p in meeting.participations.all()} == {"anna-of-old", "zoe"}


def queries_to_record(titles):
    """Give the meetings other titles outside of acts; return how many queries recording takes."""
    for pk in Meeting.objects.values_list("pk", flat=True):
        Meeting.objects.filter(pk=pk).update(title=f"{titles} {pk}")
    with CaptureQueriesContext(connection) as queries:
        record_loaded()
    return len(queries)


def test_recording_many_changed_entries_asks_as_little_as_recording_few(meeting):
    queries_to_record("At first")
    few = queries_to_record("Once more")
    for number in range(30):
        make.make_meeting(slug=f"meeting-{number}", sources=list(meeting.sources.all()))
    queries_to_record("At first")

    assert queries_to_record("Once more") == few


def test_parts_typed_or_imported_in_any_order_stand_in_the_order_of_their_keys(meeting, tmp_path):
    state = snapshot(meeting)
    state["outcomes"].reverse()
    acts.save(entry=meeting, after=state | {"meetings": [state["meetings"][0] | {"title": "On"}]})
    import_file(write(tmp_path, "outcomes", *map(outcome, (200, 30, 9))))

    typed, brought = [
        [row["order"] for row in revision.snapshot["outcomes"]]
        for revision in Revision.objects.of(meeting).order_by("number")[1:]
    ]
    assert typed == ["10", "20"]
    assert brought == ["9", "10", "20", "30", "200"]


def test_act_on_a_row_whose_first_revision_came_meanwhile_is_not_refused():
    """What the form showed and what the first revision holds are the same."""
    meeting = make.make_meeting()
    record_loaded()

    acts.withdraw(entry=meeting, reason="Entered twice.", seen=0)

    assert acts_on(meeting)[-1] == "withdraw"
