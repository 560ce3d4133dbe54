"""Restoring an entry: the plan, what it leaves alone, and why it is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.errors import Refused
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.importing import restore, undo
from meetings.models import Import, Meeting, Publication, Revision
from meetings.search import Query, SearchMatches
from tests import factories as make
from tests.writers import changing, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    """A published meeting, changed once since it was loaded: its body, an outcome, a discussion."""
    make.make_source(slug="press")
    meeting = make.make_meeting(slug="geneva", title="Geneva", body="Held long ago [@press].")
    syria = make.make_issue(slug="syria", title="Syria")
    make.make_discussion(meeting=meeting, issue=syria, summary="Raised [@press].")
    make.make_account(meeting=meeting, issue=syria, government="RU", text="Stated [@press].")
    record_loaded()

    def write():
        meeting.body, meeting.title = "Held [@press].", "Geneva, the first day"
        meeting.save()
        meeting.accounts.all().delete()
        meeting.discussions.all().delete()
        make.make_outcome(meeting=meeting, order=10, text="A statement [@press].")

    acts.save(entry=meeting, after=written(meeting, write), note="Shorter.")
    return meeting


def save(row, **values):
    acts.save(entry=row, after=changing(row, **values), note="Changed.")


def restored(row, number=1, user=None):
    planned = restore.plan_restore(entry=row, number=number, user=user)
    return restore.apply_restore(
        planned=planned, user=user, note="It was right.", kind="correction"
    )


def test_entry_with_its_parts_is_what_it_was_by_a_revision(meeting):
    first = Revision.objects.of(meeting).get(number=1)

    done = restored(meeting)

    assert snapshot(meeting) == first.snapshot
    revision = Revision.objects.latest_of(meeting)
    assert (revision.number, revision.act, revision.note) == (3, "restore", "It was right.")
    assert revision.from_import == done
    assert (done.act, done.state, done.restores) == ("restore", "done", first)
    assert SearchMatches(Query("long ago")).total == 1


def test_plan_shows_what_would_change_and_writes_nothing(meeting):
    before = snapshot(meeting)

    planned = restore.plan_restore(entry=meeting, number=1)

    rows = {(row.table, row.action): row for row in planned.rows.all()}
    assert set(rows) == {
        ("meetings", "changed"),
        ("outcomes", "gone"),
        ("discussions", "new"),
        ("accounts", "new"),
    }
    assert rows["meetings", "changed"].old == {
        "title": "Geneva, the first day",
        "body": "Held [@press].",
    }
    assert snapshot(meeting) == before
    assert Revision.objects.of(meeting).count() == 2


def test_address_status_and_time_stay_those_of_now(meeting):
    moment = timezone.now() - timedelta(days=1)
    acts.back_to_draft(entry=meeting)
    save(meeting, slug="geneva-2018", publish_at=moment)

    restored(meeting)

    row = Meeting.objects.get()
    assert (row.title, row.slug, row.status, row.publish_at) == (
        *("Geneva", "geneva-2018", "draft", moment),
    )
    assert row.accounts.count() == 1


def test_revision_like_the_present_is_nothing_to_restore(meeting):
    restored(meeting)

    with pytest.raises(Refused, match="There is nothing to restore"):
        restore.plan_restore(entry=meeting, number=1)

    assert Import.objects.count() == 1


def test_revision_that_is_not_there_is_refused(meeting):
    with pytest.raises(Refused, match="There is no revision 9 of it"):
        restore.plan_restore(entry=meeting, number=9)


def test_what_was_changed_since_the_plan_is_named_and_kept(meeting):
    planned = restore.plan_restore(entry=meeting, number=1)
    save(meeting, forum="A castle")

    with pytest.raises(Refused) as refusal:
        restore.apply_restore(planned=planned, note="It was right.")

    assert refusal.value.problems == [
        "It was changed since. Choose the revision again.",
        "meetings, geneva, forum: was “”, is now “A castle”.",
    ]
    assert Meeting.objects.get().title == "Geneva, the first day"


def test_part_added_since_the_plan_is_a_change_too(meeting):
    planned = restore.plan_restore(entry=meeting, number=1)
    make.make_outcome(meeting=meeting, order=20)

    with pytest.raises(Refused, match=r"outcomes, geneva\|20, order: was “”, is now “20”"):
        restore.apply_restore(planned=planned, note="It was right.")


def test_plan_is_used_once_by_whoever_made_it_in_time(meeting):
    editor = make.make_editor()
    planned = restore.plan_restore(entry=meeting, number=1, user=editor)
    details = {"planned": planned, "note": "It was right."}

    with pytest.raises(PermissionDenied):
        restore.apply_restore(user=make.make_editor("ben"), **details)
    with pytest.raises(Refused, match="Write a change note"):
        restore.apply_restore(planned=planned, user=editor, note=" ")
    Import.objects.update(expires_at=timezone.now())
    with pytest.raises(Refused, match="Choose the revision again"):
        restore.apply_restore(user=editor, **details)
    Import.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    restore.apply_restore(user=editor, **details)
    with pytest.raises(Refused, match="carried out already"):
        restore.apply_restore(user=editor, **details)

    assert Revision.objects.of(meeting)[0].made_by == editor


def problems(planned):
    return [problem[2] for row in planned.rows.all() for problem in row.problems]


def test_published_entry_passes_the_gate(meeting):
    acts.back_to_draft(entry=meeting)
    save(meeting, body="Nobody says so.")
    save(meeting, body="Held [@press].")
    acts.publish(entry=meeting, note="Again.")

    planned = restore.plan_restore(entry=meeting, number=4)

    assert planned.state == "wrong"
    assert "the paragraph “Nobody says so.” has no source" in problems(planned)[0]
    with pytest.raises(Refused, match="it has errors"):
        restore.apply_restore(planned=planned, note="It was right.")


def test_what_a_revision_names_must_be_there(meeting):
    acts.back_to_draft(entry=make.Issue.objects.get())
    Publication.objects.filter(table="issue").delete()
    Revision.objects.filter(table="issue").delete()
    make.Issue.objects.all().delete()

    planned = restore.plan_restore(entry=meeting, number=1)

    assert "There is no issue “syria”." in problems(planned)


def test_restore_can_be_undone(meeting):
    before = snapshot(meeting)
    done = restored(meeting)

    undone = undo.undo_import(imported=done, note="It was better.")

    assert snapshot(meeting) == before
    assert undone.changed == 1
    assert [r.act for r in Revision.objects.of(meeting)] == [
        "undo",
        "restore",
        "save",
        "load",
    ]
