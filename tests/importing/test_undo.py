"""Undoing an import, and undoing that undo."""

import pytest
from django.core.management import CommandError, call_command

from meetings.editing import acts
from meetings.editing.errors import Refused
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.importing import undo
from meetings.models import Actor, Import, Place, Reaction, Redirect, Revision
from meetings.search import Query, SearchMatches
from tests import factories as make
from tests.writers import written

from .helpers import import_file, problem_texts, reaction, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", title="Geneva", body="Held [@press].")
    record_loaded()


def reasons(undone):
    return {row.key: row.problems[0][2] for row in undo.kept_rows(undone)}


def test_changed_entry_returns_to_what_it_was_by_a_revision(record, tmp_path):
    import_file(write(tmp_path, "reactions", reaction(stance="critical")))
    before = snapshot(Reaction.objects.get())
    outcome = import_file(write(tmp_path, "reactions", reaction(stance="mixed", role="Minister")))

    undone = undo.undo_import(imported=outcome.imported, note="Wrong file.")

    row = Reaction.objects.get()
    assert snapshot(row) == before
    revision = Revision.objects.of(row)[0]
    assert (revision.act, revision.number, row.revision) == ("undo", 3, 3)
    assert revision.from_import == undone
    assert reasons(undone) == {}


def test_added_draft_is_deleted_and_its_last_state_kept(record, tmp_path):
    outcome = import_file(write(tmp_path, "reactions", reaction(status="draft")))

    undo.undo_import(imported=outcome.imported, note="Wrong file.")

    assert not Reaction.objects.exists()
    assert Revision.objects.filter(slug="kallas-geneva").order_by("-number")[0].act == "delete"
    assert SearchMatches(Query("Kallas")).total == 0


def test_added_entry_that_was_public_is_withdrawn(record, tmp_path, client):
    outcome = import_file(write(tmp_path, "reactions", reaction()))

    undo.undo_import(imported=outcome.imported, note="Rested on a forgery.")

    assert Reaction.objects.get().status == "withdrawn"
    answer = client.get("/reactions/kallas-geneva/")
    assert answer.status_code == 410
    assert "Reason: Rested on a forgery." in answer.content.decode()


def test_what_people_changed_since_is_kept_and_listed(record, tmp_path):
    outcome = import_file(
        write(tmp_path, "reactions", reaction(), reaction(slug="two", attribution="Two"))
    )
    entry = Reaction.objects.get(slug="kallas-geneva")

    def write_role():
        entry.role = "Minister"
        entry.save()

    acts.save(entry=entry, after=written(entry, write_role), note="Role.")
    undone = undo.undo_import(imported=outcome.imported, note="Wrong file.")

    assert reasons(undone) == {"kallas-geneva": "It was changed since the import."}
    assert Reaction.objects.get(slug="kallas-geneva").status == "published"
    assert Reaction.objects.get(slug="two").status == "withdrawn"


@pytest.mark.parametrize("status", ["published", "draft"])
def test_added_reference_that_something_uses_by_now_is_kept(record, tmp_path, status):
    outcome = import_file(
        write(tmp_path, "actors", {"slug": "kallas", "name": "Kaja Kallas", "kind": "person"})
    )
    make.make_reaction(actors=[Actor.objects.get()], status=status)

    undone = undo.undo_import(imported=outcome.imported, note="Wrong file.")

    assert reasons(undone) == {"kallas": "It is used by 1 reaction. Change those first."}
    assert Actor.objects.exists()


def test_folder_of_tables_that_name_each_other_goes_back_whole(record, tmp_path):
    write(tmp_path, "actors", {"slug": "kallas", "name": "Kaja Kallas", "kind": "person"})
    write(tmp_path, "reactions", reaction(actors="kallas", status="draft"))
    outcome = import_file(tmp_path)

    undone = undo.undo_import(imported=outcome.imported, note="Wrong files.")

    assert reasons(undone) == {}
    assert not Reaction.objects.exists()
    assert not Actor.objects.exists()


def test_address_that_led_to_what_an_undo_deletes_leads_nowhere(record, tmp_path):
    write(tmp_path, "places", {"slug": "oslo", "city": "Oslo"})
    write(
        tmp_path,
        "redirects",
        {"old_path": "/places/norway/", "new_path": "/places/oslo/"},
        {"old_path": "/meetings/talks/", "new_path": "/meetings/geneva/"},
    )
    outcome = import_file(tmp_path)
    assert problem_texts(outcome) == []

    undo.undo_import(imported=outcome.imported, note="Wrong files.")

    assert not Place.objects.filter(slug="oslo").exists()
    assert [*Redirect.objects.values_list("old_path", flat=True)] == ["/meetings/talks/"]


@pytest.mark.parametrize("status", ["draft", "published"])
def test_undo_can_be_undone(record, tmp_path, status):
    outcome = import_file(write(tmp_path, "reactions", reaction(status=status)))
    row = Reaction.objects.get()
    before = snapshot(row)
    undone = undo.undo_import(imported=outcome.imported, note="Wrong file.")

    undo.undo_import(imported=undone, note="It was right.")

    again = Reaction.objects.get()
    assert again.pk == row.pk
    assert snapshot(again) == before
    assert Revision.objects.of(again)[0].number == 3
    assert SearchMatches(Query("Kallas")).total == (status == "published")


def test_undo_is_done_once(record, tmp_path):
    outcome = import_file(write(tmp_path, "reactions", reaction()))
    undone = undo.undo_import(imported=outcome.imported, note="Wrong file.")

    with pytest.raises(Refused, match="undone already"):
        undo.undo_import(imported=outcome.imported, note="Again.")
    undo.undo_import(imported=undone, note="It was right.")
    undo.undo_import(imported=outcome.imported, note="It was wrong.")

    assert Reaction.objects.get().status == "withdrawn"


def test_entry_does_not_go_back_to_naming_what_is_gone(record, tmp_path):
    make.make_issue(slug="syria", title="Syria", status="draft", sources=[])
    record_loaded()
    import_file(write(tmp_path, "reactions", reaction(issues="syria", status="draft")))
    emptied = write(tmp_path, "reactions", reaction(issues="", status="draft"))
    outcome = import_file(emptied, accepts_warnings=True)
    acts.delete(entry=make.Issue.objects.get())

    undone = undo.undo_import(imported=outcome.imported, note="Wrong file.")

    assert reasons(undone) == {"kallas-geneva": "There is no issue “syria”."}


def change_role(slug):
    entry = Reaction.objects.get(slug=slug)

    def write_role():
        entry.role = "Minister"
        entry.save()

    acts.save(entry=entry, after=written(entry, write_role), note="Role.")


def test_plan_of_an_undo_says_what_it_would_do_and_keep_and_writes_nothing(record, tmp_path):
    write(tmp_path, "actors", {"slug": "kallas", "name": "Kaja Kallas", "kind": "person"})
    rows = [reaction(), reaction(slug="two"), reaction(slug="three", status="draft")]
    write(tmp_path, "reactions", *rows)
    imported = import_file(tmp_path).imported
    change_role("two")

    plan = undo.plan_undo(imported=imported)

    assert plan.counts == {"withdrawn": 1, "deleted": 2}
    assert plan.kept == ["reactions two: It was changed since the import."]
    assert Reaction.objects.filter(status="published").count() == 2
    assert not Import.objects.filter(act="undo").exists()
    done = undo.undo_import(imported=imported, note="Wrong.", planned=plan.digest)
    assert undo.kept_lines(undo.kept_rows(done)) == plan.kept


def test_undo_that_would_keep_others_than_its_plan_is_refused(record, tmp_path):
    imported = import_file(write(tmp_path, "reactions", reaction(), reaction(slug="two"))).imported
    plan = undo.plan_undo(imported=imported)
    change_role("two")

    with pytest.raises(Refused, match="changed since this page was opened"):
        undo.undo_import(imported=imported, note="Wrong.", planned=plan.digest)

    assert Reaction.objects.filter(status="published").count() == 2


def test_command_undoes_what_stays_in_part_only_when_that_is_confirmed(record, tmp_path, capsys):
    imported = import_file(write(tmp_path, "reactions", reaction(), reaction(slug="two"))).imported
    change_role("two")

    with pytest.raises(CommandError, match="add --yes"):
        call_command("undo_import", imported.pk)

    assert capsys.readouterr().out.splitlines() == [
        "Would be 0 returned, 0 restored, 1 withdrawn, 0 deleted. Kept as they are: 1.",
        "  reactions two: It was changed since the import.",
    ]
    assert Reaction.objects.filter(status="published").count() == 2
    call_command("undo_import", imported.pk, yes=True)
    assert "Undone: 1 entries. Kept as they are: 1." in capsys.readouterr().out
    assert Reaction.objects.filter(status="published").count() == 1
