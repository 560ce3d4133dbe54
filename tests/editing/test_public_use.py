"""References are part of the public record while something published uses them, and ever after."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.errors import Refused
from meetings.editing.permissions import is_public
from meetings.editing.revisions import record_loaded
from meetings.editing.usage import FORMER_USE, in_public_record, public_use
from meetings.models import Actor, Place, Revision, Source
from tests import factories as make
from tests.writers import changing

pytestmark = pytest.mark.django_db
FUTURE = datetime(2099, 1, 1, tzinfo=UTC)


def test_reference_is_as_public_as_the_entries_that_use_it():
    actor, place, source = make.make_actor(), make.make_place(), make.make_source()
    meeting = make.make_meeting(place=place, sources=[source], status="draft")
    make.make_participation(meeting=meeting, actor=actor)
    make.make_milestone(sources=[source], status="review")

    rows = (actor, place, source)
    assert [public_use(row) for row in rows] == [""] * 3
    meeting.status, meeting.publish_at = "published", FUTURE
    meeting.save()
    assert [public_use(row) for row in rows] == ["Used by 1 published entry"] * 3
    assert all(is_public(row) for row in rows)
    make.make_reaction(actors=[actor], meeting=meeting)
    make.make_participation(actor=actor, meeting=make.make_meeting())
    assert public_use(actor) == "Used by 3 published entries"
    for model, row in ((Actor, actor), (Place, place), (Source, source)):
        other = {Actor: make.make_actor, Place: make.make_place, Source: make.make_source}[model]()
        assert in_public_record(model, [row.pk, other.pk]) == {row.pk}


def test_entry_that_uses_a_reference_in_two_ways_counts_once():
    source = make.make_source()
    make.make_reaction(
        sources=[source], quotation="Words.", quotation_language="en", quotation_source=source
    )

    assert public_use(source) == "Used by 1 published entry"


def test_source_that_only_notes_cite_is_public_with_the_first_of_them():
    last = make.make_source(slug="last")
    middle = make.make_source(slug="middle", note="After [@last].")
    first = make.make_source(slug="first", note="After [@middle].")
    make.make_source(note="After [@last].")
    rows = (last, middle)

    assert [public_use(row) for row in rows] == ["", ""]
    make.make_milestone(sources=[first])

    assert [public_use(row) for row in rows] == ["Cited in the note of a public source"] * 2
    assert in_public_record(Source, [last.pk, middle.pk]) == {last.pk, middle.pk}


def test_what_was_shown_stays_in_the_public_record():
    source = make.make_source()
    milestone = make.make_milestone(sources=[source])
    record_loaded()
    acts.back_to_draft(entry=milestone, note="Not yet.")
    source.refresh_from_db()

    assert public_use(source) == FORMER_USE
    with pytest.raises(PermissionDenied, match="sources that are or were public"):
        save(source, make.make_member("writer"))


def save(source, user, **details):
    return acts.save(entry=source, after=changing(source, title="Named"), user=user, **details)


def test_change_in_public_asks_editors_for_a_note_and_others_do_not():
    public, unused = make.make_source(), make.make_source()
    make.make_milestone(sources=[public])
    record_loaded()
    editor = make.make_editor()
    for row in (public, unused):
        row.refresh_from_db()

    with pytest.raises(Refused, match="Write a change note"):
        save(public, editor)
    revision = save(public, editor, note="Title as printed.")

    assert revision.note == "Title as printed."
    assert save(unused, make.make_member("writer")).note == ""
    # The operator of the machine may do everything, and may leave the note out.
    public.refresh_from_db()
    assert acts.save(entry=public, after=changing(public, title="Again")).note == ""


def test_revisions_of_a_reference_change_pages_once_it_was_shown(
    monkeypatch,
):
    source = make.make_source()
    record_loaded()
    pass_a_minute(monkeypatch)
    source.refresh_from_db()
    acts.save(entry=source, after=changing(source, title="Before"))
    pass_a_minute(monkeypatch)
    acts.publish(entry=make.make_milestone(sources=[source], status="draft"), note="Ready.")
    pass_a_minute(monkeypatch)
    source.refresh_from_db()

    acts.save(entry=source, after=changing(source, title="After"), note="Title as printed.")

    found = Revision.objects.changing_pages().filter(table="source", object_id=source.pk)
    assert [revision.note for revision in found] == ["Title as printed."]
    assert Revision.objects.changing_pages().filter(table="milestone").count() == 1


def pass_a_minute(monkeypatch):
    later = timezone.now() + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_draft_that_was_public_is_a_writers_but_not_its_address():
    theme = make.make_theme(slug="old")
    record_loaded()
    acts.back_to_draft(entry=theme, note="Not yet.")
    writer = make.make_member("writer")

    acts.save(entry=theme, after=changing(theme, title="Written on"), user=writer)
    theme.refresh_from_db()
    with pytest.raises(Refused, match="This address was public"):
        acts.save(entry=theme, after=changing(theme, slug="new"), user=writer)
    theme.refresh_from_db()
    acts.save(entry=theme, after=changing(theme, slug="new"), user=make.make_editor())

    theme.refresh_from_db()
    assert theme.slug == "new"
