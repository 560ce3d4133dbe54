"""People, places and sources that were ever public are kept, with their address, by every road."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from meetings.editing import acts, errors
from meetings.editing.deletion_checks import REFERENCE_WAS_PUBLIC
from meetings.editing.revisions import record_loaded
from meetings.importing import restore, undo
from meetings.models import Actor, Meeting, Place, Redirect, Revision, Source
from meetings.tables.registry import TABLES_BY_MODEL
from tests import factories as make
from tests.importing.helpers import import_file, problem_texts, write
from tests.writers import changing, written

from .test_scheduled import time_passes

pytestmark = pytest.mark.django_db

MAKE_REFERENCE = {Actor: make.make_actor, Place: make.make_place, Source: make.make_source}
NEW_ROWS = {
    Actor: {"name": "Another", "kind": "person"},
    Place: {"city": "Another"},
    Source: {"title": "Another", "kind": "news"},
}
KINDS = pytest.mark.parametrize("model", MAKE_REFERENCE, ids=lambda model: model.__name__.lower())
WAS_PUBLIC = "It was public, so it is kept"


def use(meeting, reference):
    """Let a meeting name a reference, or nothing of its kind."""
    model = type(reference)
    if model is Place:
        meeting.place = reference
        meeting.save()
    elif model is Actor:
        make.make_participation(meeting=meeting, actor=reference)
    else:
        meeting.sources.add(reference)


def leave(meeting, reference):
    """Take all that names a reference out of a meeting."""
    meeting.participations.filter(actor__slug=reference.slug).delete()
    meeting.sources.remove(*meeting.sources.filter(slug=reference.slug))
    if meeting.place_id and meeting.place.slug == reference.slug:
        meeting.place = None
    meeting.save()


def using(meeting, reference):
    """Return the state of a meeting that names a reference."""
    return written(meeting, lambda: use(meeting, reference))


def leaving(meeting, reference):
    """Return the state of a meeting that names a reference no more."""
    return written(meeting, lambda: leave(meeting, reference))


def by_form(meeting, reference, folder):
    acts.save(entry=meeting, after=using(meeting, reference), note="Named.")


def by_publishing(meeting, reference, folder):
    acts.back_to_draft(entry=meeting, note="To be written again.")
    acts.save(entry=meeting, after=using(meeting, reference))
    acts.publish(entry=meeting, note="Ready.")


def by_file(meeting, reference, folder):
    import_file(file_naming(meeting, reference, folder))


def file_naming(meeting, reference, folder):
    sources = "|".join([reference.slug, *meeting.sources.values_list("slug", flat=True)])
    row = {
        Place: ("meetings", {"slug": meeting.slug, "place": reference.slug}),
        Source: ("meetings", {"slug": meeting.slug, "sources": sources}),
        Actor: ("participations", {"meeting": meeting.slug, "actor": reference.slug}),
    }
    table, cells = row[type(reference)]
    return write(folder, table, cells)


def by_undo(meeting, reference, folder):
    """Take back a file, after which the meeting shows again what it named."""
    acts.save(entry=meeting, after=using(meeting, reference), note="Named.")
    row = {"slug": meeting.slug, "title": "Another"}
    outcome = import_file(write(folder, "meetings", row))
    type(reference).objects.update(first_public_at=None)
    undo.undo_import(imported=outcome.imported, note="Taken back.")


def by_restoring(meeting, reference, folder):
    acts.back_to_draft(entry=meeting, note="To be written again.")
    number = acts.save(entry=meeting, after=using(meeting, reference)).number
    acts.save(entry=meeting, after=leaving(meeting, reference))
    acts.publish(entry=meeting, note="Ready.")
    plan = restore.plan_restore(entry=meeting, number=number)
    restore.apply_restore(planned=plan, note="As it was.")


def by_loading(meeting, reference, folder):
    use(meeting, reference)
    call_command("record_loaded", verbosity=0)


def by_untracked_rows(meeting, reference, folder):
    use(meeting, reference)


def by_schedule(meeting, reference, folder):
    """Let the time of an entry come, without any act that would have shown it."""
    acts.back_to_draft(entry=meeting, note="To be written again.")
    acts.save(entry=meeting, after=using(meeting, reference))
    meeting.publish_at = timezone.now() + timedelta(days=30)
    acts.publish(entry=meeting, after=written(meeting, meeting.save), note="For the anniversary.")
    assert type(reference).objects.get(pk=reference.pk).first_public_at is None
    time_passes(meeting)


ROADS = pytest.mark.parametrize(
    "road",
    [
        by_form,
        by_publishing,
        by_file,
        by_undo,
        by_restoring,
        by_loading,
        by_untracked_rows,
        by_schedule,
    ],
)


@KINDS
@ROADS
def test_reference_that_was_public_is_not_deleted(client, tmp_path, model, road):
    meeting = make.make_meeting(sources=[make.make_source(), make.make_source()])
    reference = MAKE_REFERENCE[model](slug="named")
    record_loaded()
    road(meeting, reference, tmp_path)
    seen = client.get(reference.get_absolute_url()).status_code
    meeting = Meeting.objects.get()

    acts.save(entry=meeting, after=leaving(meeting, reference), note="Not there.")

    assert (seen, client.get(reference.get_absolute_url()).status_code) == (200, 410)
    with pytest.raises(errors.Refused, match=WAS_PUBLIC):
        acts.delete(entry=model.objects.get(pk=reference.pk))
    assert model.objects.get(slug="named").first_public_at is not None


@KINDS
def test_reference_that_only_drafts_named_is_deleted(model):
    meeting = make.make_meeting(status="draft")
    reference = MAKE_REFERENCE[model]()
    use(meeting, reference)
    record_loaded()
    acts.save(entry=meeting, after=leaving(meeting, reference))

    acts.delete(entry=reference)

    assert not model.objects.filter(pk=reference.pk).exists()


@KINDS
def test_undo_keeps_an_added_reference_that_was_public(tmp_path, model):
    meeting = make.make_meeting()
    record_loaded()
    path = write(tmp_path, TABLES_BY_MODEL[model].name, {"slug": "named"} | NEW_ROWS[model])
    outcome = import_file(path)
    reference = model.objects.get(slug="named")
    acts.save(entry=meeting, after=using(meeting, reference), note="Named.")
    acts.save(entry=meeting, after=leaving(meeting, reference), note="Not there.")

    undone = undo.undo_import(imported=outcome.imported, note="Wrong file.")

    (kept,) = undo.kept_rows(undone)
    assert kept.problems[0][2] == REFERENCE_WAS_PUBLIC
    assert model.objects.filter(slug="named").exists()


@KINDS
def test_old_address_of_a_renamed_reference_is_given_to_no_other(tmp_path, model):
    reference = MAKE_REFERENCE[model](slug="old")
    record_loaded()
    acts.save(entry=reference, after=changing(reference, slug="new"))
    other = MAKE_REFERENCE[model]()
    unsaved = model(slug="old", **NEW_ROWS[model])

    with pytest.raises(errors.Refused, match="Choose another"):
        acts.save(entry=unsaved, after=written(unsaved, unsaved.save))
    with pytest.raises(errors.Refused, match="Choose another"):
        acts.save(entry=other, after=changing(other, slug="old"))
    table = TABLES_BY_MODEL[model].name
    outcome = import_file(write(tmp_path, table, {"slug": "old"} | NEW_ROWS[model]))

    assert "is kept: it leads to" in problem_texts(outcome)[0]
    assert Redirect.objects.get().new_path == reference.get_absolute_url()


def test_source_that_the_note_of_a_public_one_cited_is_kept():
    cited, deep = make.make_source(slug="cited"), make.make_source(slug="deep")
    citing = make.make_source(slug="citing")
    meeting = make.make_meeting(sources=[citing])
    record_loaded()
    acts.save(entry=cited, after=changing(cited, note="See [@deep]."))
    acts.save(entry=citing, after=changing(citing, note="See [@cited]."))

    acts.save(entry=citing, after=changing(citing, note=""))
    acts.save(entry=cited, after=changing(cited, note=""))

    for source in (cited, deep):
        with pytest.raises(errors.Refused, match=WAS_PUBLIC):
            acts.delete(entry=source)
    assert meeting.sources.count() == 1


def test_source_is_marked_that_is_cited_by_what_an_entry_shows_later():
    make.make_source(slug="cited")
    citing = make.make_source(slug="citing", note="See [@cited].")
    meeting = make.make_meeting(sources=[make.make_source()])
    record_loaded()
    before = Source.objects.get(slug="cited").first_public_at

    acts.save(
        entry=meeting,
        after=written(meeting, lambda: meeting.sources.add(citing)),
        note="Another source.",
    )

    revision = Revision.objects.latest_of(meeting)
    assert before is None
    assert Source.objects.get(slug="cited").first_public_at == revision.made_at


def test_mark_is_that_of_the_first_time():
    place = make.make_place()
    meeting = make.make_meeting(place=place)
    record_loaded()
    first = Revision.objects.latest_of(meeting).made_at

    acts.save(entry=meeting, after=changing(meeting, title="Other"), note="Title.")
    place.city = "Another"
    acts.save(entry=place, after=written(place, place.save))

    assert Place.objects.get().first_public_at == first


def test_mark_of_what_a_schedule_showed_is_its_time():
    place = make.make_place()
    meeting = make.make_meeting(place=place, publish_at=timezone.now() + timedelta(days=30))
    record_loaded()
    time_passes(meeting)
    meeting = Meeting.objects.get()

    acts.save(entry=meeting, after=leaving(meeting, place), note="Not there.")

    assert Place.objects.get().first_public_at == meeting.publish_at


def test_reference_that_is_loaded_again_is_still_known_to_have_been_public(tmp_path):
    place = make.make_place()
    meeting = make.make_meeting(place=place)
    record_loaded()
    marked = Place.objects.get().first_public_at
    acts.save(entry=meeting, after=leaving(meeting, place), note="Not there.")
    fields = {"slug": place.slug, "city": "Turku"}
    fixture = tmp_path / "places.json"
    fixture.write_text(json.dumps([{"model": "meetings.place", "fields": fields}]))

    call_command("loaddata", fixture, verbosity=0)
    record_loaded()

    stored = Place.objects.get()
    assert (stored.city, stored.revision, stored.first_public_at) == ("Turku", 2, marked)
    with pytest.raises(errors.Refused, match=WAS_PUBLIC):
        acts.delete(entry=stored)


def test_desk_says_why_a_reference_is_not_deleted(client):
    place = make.make_place()
    meeting = make.make_meeting(place=place)
    record_loaded()
    acts.save(entry=meeting, after=leaving(meeting, place), note="Not there.")
    client.force_login(make.make_editor())
    form = f"/admin/meetings/place/{place.pk}/change/"

    shown = client.get(form).content.decode()
    answer = client.post(f"/admin/meetings/place/{place.pk}/delete/", {"post": "yes"}, follow=True)

    assert "deletelink" not in shown
    assert answer.redirect_chain == [(form, 302)]
    assert WAS_PUBLIC in answer.content.decode()
    assert Place.objects.exists()


@KINDS
def test_unused_reference_says_only_that_it_is_unused(client, model):
    meeting = make.make_meeting(sources=[make.make_source(), make.make_source()])
    reference = MAKE_REFERENCE[model](slug="old")
    use(meeting, reference)
    record_loaded()
    acts.save(entry=meeting, after=leaving(meeting, reference), note="Not there.")
    name = {Place: "city", Actor: "name", Source: "title"}[model]
    # A source that nothing cites any more may have another address.
    acts.save(entry=reference, after=changing(reference, slug="new", **{name: "Secret"}))

    page = client.get(reference.get_absolute_url().replace("new", "old"), follow=True)
    data = client.get(reference.get_absolute_url().removesuffix("/") + ".json")

    assert page.redirect_chain == [(reference.get_absolute_url(), 301)]
    assert (page.status_code, data.status_code) == (410, 410)
    assert "Nothing that is public refers to this any more" in page.content.decode()
    assert data.json()["title"] is None
    assert "Secret" not in page.content.decode()
