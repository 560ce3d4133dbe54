"""Purging what an import published by mistake, and what keeps it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from meetings.editing import acts, purging
from meetings.editing.errors import Refused
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.importing import undo
from meetings.models import (
    Actor,
    DeskNote,
    Import,
    Meeting,
    Proposal,
    Publication,
    Reaction,
    Redirect,
    Revision,
    SearchDocument,
    Tombstone,
)
from tests import factories as make
from tests.importing.helpers import import_file, problem_texts, reaction, write
from tests.writers import written

pytestmark = pytest.mark.django_db
ADDRESS = "/reactions/kallas-geneva/"


@pytest.fixture
def record():
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", title="Geneva", body="Held [@press].")
    record_loaded()


def mistaken_import(folder, *reactions):
    """Import an actor and published reactions of hers, and undo that."""
    write(folder, "actors", {"slug": "kallas", "name": "Kaja Kallas", "kind": "person"})
    write(folder, "reactions", *(reactions or [reaction(actors="kallas")]))
    outcome = import_file(folder)
    assert problem_texts(outcome) == []
    undo.undo_import(imported=outcome.imported, note="Rested on a forgery.")
    return outcome.imported


def reasons(result):
    return sorted(result.kept_lines)


def test_purge_leaves_a_tombstone_and_nothing_else(record, tmp_path):
    imported = mistaken_import(tmp_path)

    result = purging.purge(imported=imported)

    assert (len(result.purged), result.kept) == (2, {})
    assert not Reaction.objects.exists()
    assert not Actor.objects.exists()
    names = ["reaction", "actor"]
    assert not Revision.objects.filter(table__in=names).exists()
    assert not Publication.objects.filter(table__in=names).exists()
    assert not SearchDocument.objects.filter(title__contains="Kallas").exists()
    assert not [row for row in imported.undoings.get().rows.all() if "kallas" in row.key]
    stone = Tombstone.objects.get(table="reaction")
    assert (stone.slug, stone.reason) == ("kallas-geneva", "Rested on a forgery.")


@pytest.mark.parametrize(
    "ending", ["", "history/", "timemap/", "r1/", "r1/changes/", "cite.bib", "card.png"]
)
def test_addresses_of_what_was_purged_answer_410_without_its_title(
    ending, record, tmp_path, client
):
    purging.purge(imported=mistaken_import(tmp_path))

    answer = client.get(f"{ADDRESS}{ending}")

    assert answer.status_code == 410
    text = answer.content.decode()
    assert "Reason: Rested on a forgery." in text
    assert "Kallas" not in text


def test_data_of_what_was_purged_answers_410(record, tmp_path, client):
    purging.purge(imported=mistaken_import(tmp_path))

    answer = client.get("/reactions/kallas-geneva.json")

    assert answer.status_code == 410
    assert answer.json()["error"] == "What stood here was taken away for good."
    assert answer.json()["reason"] == "Rested on a forgery."
    assert client.get("/people/kallas/").status_code == 410


def test_lists_tell_what_was_purged_since_without_its_title(record, tmp_path, client):
    purging.purge(imported=mistaken_import(tmp_path))

    [left] = client.get("/reactions.json?since=2018-01-01").json()["left"]

    assert (left["slug"], left["what"]) == ("kallas-geneva", "purged")
    assert (left["title"], left["reason"]) == (None, "Rested on a forgery.")
    assert client.get("/reactions.json?since=2096-01-01").json()["left"] == []


def write_by_form():
    meeting = Meeting.objects.get()
    entry = Reaction()

    def write_row():
        make.make_reaction(slug="kallas-geneva", meeting=meeting, status="draft")

    state = written(make.make_reaction(slug="other", meeting=meeting, status="draft"), write_row)
    row = state["reactions"][0] | {"slug": "kallas-geneva"}
    acts.save(entry=entry, after=state | {"reactions": [row]})


def write_by_rename():
    entry = make.make_reaction(slug="other", meeting=Meeting.objects.get(), status="draft")

    def rename():
        entry.slug = "kallas-geneva"
        entry.save()

    acts.save(entry=entry, after=written(entry, rename))


def write_by_redirect():
    acts.save_redirect(redirect=Redirect(old_path=ADDRESS, new_path="/meetings/geneva/"))


@pytest.mark.parametrize("road", [write_by_form, write_by_rename, write_by_redirect])
def test_key_of_what_was_purged_stays_reserved_on_the_roads_of_the_desk(road, record, tmp_path):
    purging.purge(imported=mistaken_import(tmp_path))

    with pytest.raises(Refused, match="taken away for good"):
        road()


def test_key_of_what_was_purged_stays_reserved_for_files_and_fixtures(record, tmp_path):
    purging.purge(imported=mistaken_import(tmp_path))

    outcome = import_file(write(tmp_path, "reactions", reaction()))

    assert "taken away for good" in problem_texts(outcome)[0]
    make.make_reaction(slug="kallas-geneva", meeting=Meeting.objects.get())
    with pytest.raises(ValidationError, match="taken away for good"):
        record_loaded()


def changed_by_somebody():
    entry = Reaction.objects.get()

    def write_role():
        entry.role = "Minister"
        entry.save()

    acts.save(entry=entry, after=written(entry, write_role), note="Role.")


def prepared_change():
    entry = Reaction.objects.get()
    base = Revision.objects.latest_of(entry)
    Proposal.objects.create(
        table="reaction", object_id=entry.pk, base=base, snapshot=snapshot(entry)
    )


def note_at_the_desk():
    entry = Reaction.objects.get()
    DeskNote.objects.create(table="reaction", object_id=entry.pk, text="Whence?")


def address_leading_on():
    acts.save_redirect(redirect=Redirect(old_path="/reactions/old/", new_path=ADDRESS))


@pytest.mark.parametrize(
    ("touch", "reason"),
    [
        (changed_by_somebody, purging.TOUCHED),
        (prepared_change, purging.HAS_PROPOSAL),
        (note_at_the_desk, purging.HAS_NOTES),
        (address_leading_on, purging.HAS_REDIRECT),
    ],
)
def test_purge_keeps_what_somebody_touched_and_what_that_names(touch, reason, record, tmp_path):
    imported = mistaken_import(tmp_path)
    touch()

    result = purging.purge(imported=imported)

    assert reasons(result) == [
        f"actors kallas: {purging.IS_NAMED}",
        f"reactions kallas-geneva: {reason}",
    ]
    assert Reaction.objects.exists()
    assert not Tombstone.objects.exists()


def test_purge_keeps_a_reference_that_another_entry_names_or_once_named(record, tmp_path):
    imported = mistaken_import(tmp_path)
    entry = make.make_reaction(status="draft", meeting=Meeting.objects.get())
    record_loaded()
    actor = Actor.objects.get()
    acts.save(entry=entry, after=written(entry, lambda: entry.actors.add(actor)))
    acts.save(entry=entry, after=written(entry, lambda: entry.actors.clear()))

    result = purging.purge(imported=imported)

    assert reasons(result) == [f"actors kallas: {purging.IS_NAMED}"]
    assert Actor.objects.exists()
    assert not Reaction.objects.filter(slug="kallas-geneva").exists()


def test_purge_keeps_a_source_that_the_note_of_another_cites(record, tmp_path):
    cells = {"slug": "forged", "title": "Forged", "kind": "news", "language": "en"}
    cells |= {"publisher": "Press", "read": "excerpt"}
    write(tmp_path, "sources", cells)
    imported = mistaken_import(tmp_path, reaction(actors="kallas", summary="So [@forged]."))
    other = make.make_source(slug="other")
    record_loaded()

    def cite():
        other.note = "Denied [@forged]."
        other.save()

    acts.save(entry=other, after=written(other, cite), note="Compared.")

    result = purging.purge(imported=imported)

    assert reasons(result) == [f"sources forged: {purging.IS_NAMED}"]


def test_purge_leaves_what_the_import_only_changed(record, tmp_path):
    import_file(write(tmp_path, "reactions", reaction()))
    outcome = import_file(write(tmp_path, "reactions", reaction(role="Minister")))
    undo.undo_import(imported=outcome.imported, note="Wrong.")

    result = purging.purge(imported=outcome.imported)

    assert (result.purged, result.kept) == ({}, {})
    assert Reaction.objects.get().status == "published"


def test_only_an_undone_import_of_today_is_purged_unless_forced(record, tmp_path):
    outcome = import_file(write(tmp_path, "reactions", reaction()))
    with pytest.raises(Refused, match="Undo the import first"):
        purging.purge(imported=outcome.imported)
    undo.undo_import(imported=outcome.imported, note="Wrong.")
    Import.objects.filter(pk=outcome.imported.pk).update(
        finished_at=timezone.now() - timedelta(days=1, seconds=1)
    )

    with pytest.raises(CommandError, match="more than a day ago"):
        call_command("purge_import", outcome.imported.pk)

    assert Reaction.objects.exists()
    call_command("purge_import", outcome.imported.pk, force=True, note="By mistake.")
    assert Tombstone.objects.get().reason == "By mistake."


def test_dry_run_of_a_purge_says_what_would_go_and_takes_nothing(record, tmp_path, capsys):
    imported = mistaken_import(tmp_path)

    call_command("purge_import", imported.pk, dry_run=True)

    assert capsys.readouterr().out == "Would purge: 2 rows. Kept: 0.\n"
    assert Reaction.objects.exists()
    assert not Tombstone.objects.exists()
