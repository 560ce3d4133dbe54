"""What a file does to rows beyond their cells: giving them another slug, and taking them out."""

import pytest
from django.core.management import CommandError, call_command

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.importing import imports, undo
from meetings.models import Import, ImportRow, Meeting, Reaction, Redirect, Revision
from tests import factories as make
from tests.writers import written

from .helpers import import_file, plan_file, problem_texts, reaction, write

pytestmark = pytest.mark.django_db
NOTE = {"note": "Put right."}


@pytest.fixture
def meeting():
    source = make.make_source(slug="press")
    meeting = make.make_meeting(slug="geneva", body="Held [@press].", sources=[source])
    make.make_outcome(meeting=meeting, order=10, text="Agreed [@press].")
    make.make_outcome(meeting=meeting, order=20, text="Put off [@press].")
    actor = make.make_actor(slug="ada")
    make.make_participation(meeting=meeting, actor=actor)
    saved = make.make_reaction(
        slug="words", meeting=meeting, summary="Said [@press].", sources=[source]
    )
    saved.actors.set([actor])
    record_loaded()
    return meeting


def rename(folder, **cells):
    return write(folder, "meetings", {"slug": "geneva", "new_slug": "geneva-2018"} | cells)


def carried_out(path, way):
    """Bring a file in by a plan that somebody confirms, or by command."""
    if way == "command":
        outcome = import_file(path)
        assert problem_texts(outcome) == []
        return outcome.imported
    plan = plan_file(path).imported
    return imports.apply_plan(imported=plan, user=None, **NOTE)


@pytest.mark.parametrize("way", ["command", "plan"])
def test_renamed_row_keeps_its_references_and_leads_on_from_its_old_address(meeting, tmp_path, way):
    done = carried_out(rename(tmp_path, title="Geneva, once"), way)

    meeting.refresh_from_db()
    assert (meeting.slug, meeting.title) == ("geneva-2018", "Geneva, once")
    assert Reaction.objects.get().meeting == meeting
    assert Redirect.objects.get().old_path == "/meetings/geneva/"
    assert (done.new, done.changed) == (0, 1)
    revision = Revision.objects.latest_of(meeting)
    assert revision.from_import == done
    assert {row["meeting"] for row in revision.snapshot["outcomes"]} == {"geneva-2018"}


@pytest.mark.parametrize("way", ["command", "plan"])
@pytest.mark.parametrize("slug", ["geneva", "geneva-2018"])
def test_other_rows_of_a_file_may_name_a_renamed_row_either_way(meeting, tmp_path, way, slug):
    rename(tmp_path)
    write(tmp_path, "reactions", reaction(slug="other", meeting=slug))

    carried_out(tmp_path, way)

    assert {entry.meeting_id for entry in Reaction.objects.all()} == {meeting.pk}


@pytest.mark.parametrize("way", ["command", "plan"])
def test_renamed_row_changes_no_other_row_of_the_same_file(meeting, tmp_path, way):
    write(tmp_path, "actors", {"slug": "ada", "new_slug": "ada-byron"})
    write(tmp_path, "reactions", {"slug": "words", "actors": "ada", "meeting": "geneva"})

    done = carried_out(tmp_path, way)

    assert (done.changed, done.unchanged) == (1, 1)
    assert [actor.slug for actor in Reaction.objects.get().actors.all()] == ["ada-byron"]


def test_renaming_is_undone(meeting, tmp_path):
    done = carried_out(rename(tmp_path), "command")

    undo.undo_import(imported=done, **NOTE)

    meeting.refresh_from_db()
    assert meeting.slug == "geneva"
    assert Redirect.objects.get().new_path == "/meetings/geneva/"


def test_rename_is_shown_in_the_plan_as_a_change(meeting, tmp_path):
    (row,) = plan_file(rename(tmp_path)).rows

    assert (row.action, row.old, row.key) == ("changed", {"new_slug": "geneva"}, "geneva")


@pytest.mark.parametrize(
    ("table", "cells", "says"),
    [
        ("sources", {"slug": "press", "new_slug": "paper"}, "is cited stays as it is"),
        ("meetings", {"slug": "genova", "new_slug": "x"}, "no such row to rename"),
        ("meetings", {"slug": "geneva", "new_slug": "Geneva 2018"}, "Use small letters"),
        ("meetings", {"slug": "geneva", "new_slug": "history"}, "is an address of this site"),
    ],
)
def test_renaming_is_refused_where_it_cannot_be(meeting, tmp_path, table, cells, says):
    problems = import_file(write(tmp_path, table, cells)).problems

    assert ("new_slug", True) in [(each.column, says in each.problem) for each in problems]
    assert Meeting.objects.get().slug == "geneva"


def test_slug_of_another_row_is_refused(meeting, tmp_path):
    make.make_meeting(slug="vienna")

    (problem,) = import_file(rename(tmp_path, new_slug="vienna")).problems

    assert (problem.column, problem.line) == ("new_slug", 2)
    assert "There is another meeting “vienna”." in problem.problem


@pytest.mark.parametrize("way", ["command", "plan"])
def test_part_is_taken_out(meeting, tmp_path, way):
    path = write(tmp_path, "outcomes", {"meeting": "geneva", "order": "10", "remove": "TRUE"})

    done = carried_out(path, way)

    assert [outcome.order for outcome in meeting.outcomes.all()] == [20]
    assert (done.changed, done.removed) == (0, 1)
    assert [row["order"] for row in Revision.objects.latest_of(meeting).snapshot["outcomes"]] == [
        "20"
    ]
    undo.undo_import(imported=done, **NOTE)
    assert meeting.outcomes.count() == 2


@pytest.mark.parametrize("way", ["command", "plan"])
def test_entry_that_was_never_public_is_taken_out_and_comes_back(meeting, tmp_path, way):
    draft = make.make_reaction(slug="draft", meeting=meeting, status="draft")
    record_loaded()
    path = write(tmp_path, "reactions", {"slug": "draft", "remove": "true"})

    done = carried_out(path, way)

    assert not Reaction.objects.filter(slug="draft").exists()
    assert (done.new, done.changed, done.removed) == (0, 0, 1)
    undo.undo_import(imported=done, **NOTE)
    assert Reaction.objects.get(slug="draft").pk == draft.pk


def test_what_was_public_is_not_taken_out_and_the_way_is_named(meeting, tmp_path):
    path = write(tmp_path, "reactions", {"slug": "words", "remove": "true"})

    (problem,) = import_file(path).problems

    assert problem.problem.startswith("It was public. Withdraw it")
    assert "withdrawn in “status”" in problem.problem


@pytest.mark.parametrize(
    ("table", "rows", "says"),
    [
        ("actors", [{"slug": "ada", "remove": "true"}], "It is used by"),
        ("reactions", [{"slug": "nobody", "remove": "true"}], "no such row to take out"),
        ("outcomes", [{"meeting": "geneva", "order": "30", "remove": "true"}], "no such row"),
        ("outcomes", [{"meeting": "geneva", "order": "10", "remove": "yes"}], "Enter true"),
    ],
)
def test_taking_out_is_refused_where_it_cannot_be(meeting, tmp_path, table, rows, says):
    outcome = import_file(write(tmp_path, table, *rows))

    assert says in outcome.problems[0].problem
    assert meeting.outcomes.count() == 2


def test_row_that_names_what_is_taken_out_is_refused_in_the_plan(meeting, tmp_path):
    make.make_actor(slug="bob")
    write(tmp_path, "actors", {"slug": "bob", "remove": "true"})
    write(tmp_path, "reactions", reaction(slug="other", meeting="geneva", actors="bob"))

    plan = plan_file(tmp_path)

    assert [(each.file, each.column) for each in plan.problems] == [("reactions.csv", "actors")]


def test_part_of_an_entry_that_is_taken_out_is_refused(meeting, tmp_path):
    make.make_meeting(slug="draft", status="draft")
    write(tmp_path, "meetings", {"slug": "draft", "remove": "true"})
    write(tmp_path, "outcomes", {"meeting": "draft", "order": "10", "state": "agreed"})

    (problem,) = import_file(tmp_path).problems

    assert (problem.file, problem.line) == ("outcomes.csv", 2)
    assert "takes its entry out" in problem.problem


def test_empty_cells_and_false_take_nothing_out(meeting, tmp_path):
    rows = [
        {"meeting": "geneva", "order": order, "remove": cell}
        for order, cell in (("10", ""), ("20", "false"))
    ]

    assert import_file(write(tmp_path, "outcomes", *rows)).imported.unchanged == 2
    assert meeting.outcomes.count() == 2


def test_plan_to_take_out_what_was_changed_since_is_refused(meeting, tmp_path):
    entry = make.make_reaction(slug="draft", meeting=meeting, status="draft")
    record_loaded()
    plan = plan_file(write(tmp_path, "reactions", {"slug": "draft", "remove": "true"})).imported

    def write_role():
        entry.role = "Minister"
        entry.save()

    acts.save(entry=entry, after=written(entry, write_role), note="Role.")

    with pytest.raises(imports.Refused, match="role: was “Senator”, is now “Minister”"):
        imports.apply_plan(imported=plan, user=None, **NOTE)
    assert Reaction.objects.filter(slug="draft").exists()


def test_command_says_what_it_takes_out(meeting, tmp_path, capsys):
    path = write(tmp_path, "outcomes", {"meeting": "geneva", "order": "10", "remove": "true"})

    call_command("import_record", path, dry_run=True)

    said = capsys.readouterr().out
    assert "Would add 0 rows and change 0 and take out 1; 0 stay as they are." in said
    assert "outcomes geneva|10, text: cleared; it was “Agreed [@press].”" in said
    assert not Import.objects.exists()
    assert not ImportRow.objects.exists()


def test_two_rows_cannot_have_one_slug(meeting, tmp_path):
    make.make_meeting(slug="vienna", status="draft")
    path = write(
        tmp_path,
        "meetings",
        {"slug": "geneva", "new_slug": "same"},
        {"slug": "vienna", "new_slug": "same"},
    )

    with pytest.raises(CommandError, match="Two rows would have the slug “same”"):
        call_command("import_record", path)
