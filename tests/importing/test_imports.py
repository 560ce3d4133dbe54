"""Imports of files: what they change, what is refused, and that it is all or nothing."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from meetings.editing import acts
from meetings.editing.errors import Refused
from meetings.editing.revisions import record_loaded
from meetings.importing import imports
from meetings.models import Import, Meeting, Reaction, Revision
from meetings.search import Query, SearchMatches
from tests import factories as make
from tests.writers import changing, written

from .helpers import import_file, plan_file, problem_texts, reaction, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", title="Geneva", body="Held [@press].")
    make.make_issue(slug="syria", title="Syria", body="A war [@press].")
    record_loaded()


def test_new_rows_are_added_with_relations_sources_revision_and_search(record, tmp_path):
    actor = make.make_actor(slug="kallas")
    file = write(tmp_path, "reactions", reaction(issues="syria", actors="kallas"))

    outcome = import_file(file, note="From the press office.", kind="addition")

    row = Reaction.objects.get(slug="kallas-geneva")
    assert problem_texts(outcome) == []
    assert (row.meeting.slug, row.stance, row.status) == ("geneva", "mixed", "published")
    assert [*row.issues.values_list("slug", flat=True)] == ["syria"]
    assert [*row.actors.all()] == [actor]
    assert [*row.sources.values_list("slug", flat=True)] == ["press"]
    revision = Revision.objects.of(row).get()
    assert (revision.act, revision.number, row.revision) == ("import", 1, 1)
    assert (revision.note, revision.kind) == ("From the press office.", "addition")
    assert revision.from_import == outcome.imported
    assert revision.snapshot["reactions"][0]["sources"] == "press"
    assert SearchMatches(Query("Kallas")).counts["reactions"] == 1


def test_known_key_is_an_update_an_absent_column_stays_an_empty_cell_empties(record, tmp_path):
    import_file(write(tmp_path, "reactions", reaction(role="Prime minister", country="EE")))
    file = write(tmp_path, "reactions", {"slug": "kallas-geneva", "stance": "critical", "role": ""})

    outcome = import_file(file)

    row = Reaction.objects.get()
    assert (outcome.imported.changed, outcome.imported.new) == (1, 0)
    assert (row.stance, row.role, row.country) == ("critical", "", "EE")
    assert row.revision == 2


def test_same_file_twice_changes_nothing_and_leaves_no_trace(record, tmp_path):
    file = write(tmp_path, "reactions", reaction())
    import_file(file)
    before = Revision.objects.count()

    outcome = import_file(file)

    counts = outcome.imported
    assert (counts.new, counts.changed, counts.unchanged) == (0, 0, 1)
    assert Revision.objects.count() == before


def test_parts_are_laid_over_their_entry_and_make_one_revision(record, tmp_path):
    cells = {"meeting": "geneva", "issue": "syria"}
    write(tmp_path, "discussions", cells | {"basis": "accounts", "summary": "Said [@press]."})
    write(
        tmp_path,
        "accounts",
        cells | {"government": "RU", "finding": "stated", "text": "Said [@press]."},
        cells | {"government": "US", "finding": "not_mentioned", "text": ""},
    )

    outcome = import_file(tmp_path)

    meeting = Meeting.objects.get()
    assert problem_texts(outcome) == []
    assert meeting.discussions.count() == 1
    assert meeting.accounts.count() == 2
    assert [r.number for r in Revision.objects.of(meeting)] == [2, 1]
    assert set(Revision.objects.of(meeting)[0].snapshot) == {
        "meetings",
        "discussions",
        "accounts",
    }


def test_references_are_resolved_within_the_folder(tmp_path):
    write(tmp_path, "reactions", reaction(meeting="reykjavik", summary="Said [@tass]."))
    write(
        tmp_path,
        "meetings",
        {
            "slug": "reykjavik",
            "title": "Reykjavik",
            "starts_on": "1986-10-11",
            "format": "summit",
            "event_status": "held",
            "body": "Held [@tass].",
            "status": "published",
        },
    )
    write(tmp_path, "sources", {"slug": "tass", "title": "Report", "kind": "news"})

    outcome = import_file(tmp_path)

    assert problem_texts(outcome) == []
    assert Reaction.objects.published().get().meeting.slug == "reykjavik"


def test_editor_without_the_permission_may_not_import(record, tmp_path):
    user = User.objects.create_user("eva", is_staff=True)

    with pytest.raises(PermissionDenied):
        import_file(write(tmp_path, "reactions", reaction()), user=user)


def test_importing_published_rows_needs_the_permission_to_publish(record, tmp_path):
    user = make.make_editor()
    user.groups.clear()
    names = ("import_record", "add_reaction", "change_reaction")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    user = User.objects.get(pk=user.pk)

    published = import_file(write(tmp_path, "reactions", reaction()), user=user)
    draft = import_file(write(tmp_path, "reactions", reaction(status="draft")), user=user)

    assert "You may not publish reactions." in published.problems[0].problem
    assert problem_texts(draft) == []
    assert Revision.objects.of(Reaction.objects.get())[0].made_by == user


def test_dry_run_says_what_would_change_and_writes_nothing(record, tmp_path):
    outcome = import_file(write(tmp_path, "reactions", reaction()), is_dry=True)

    assert outcome.summary == "Would add 1 rows and change 0; 0 stay as they are."
    assert Reaction.objects.count() == Import.objects.count() == 0


def test_list_of_sources_is_completed_and_never_cut(record, tmp_path):
    make.make_source(slug="other")
    import_file(write(tmp_path, "reactions", reaction(sources="other")))

    import_file(write(tmp_path, "reactions", {"slug": "kallas-geneva", "sources": ""}))

    sources = Reaction.objects.get().sources.values_list("slug", flat=True)
    assert [*sources] == ["press"]


def test_rows_changed_otherwise_than_by_an_act_get_a_revision_before_that_of_the_import(
    record, tmp_path
):
    Meeting.objects.update(title="From a fixture")

    import_file(write(tmp_path, "meetings", {"slug": "geneva", "title": "From a file"}))

    meeting = Meeting.objects.get()
    history = [(r.act, r.snapshot["meetings"][0]["title"]) for r in Revision.objects.of(meeting)]
    assert history == [("import", "From a file"), ("load", "From a fixture"), ("load", "Geneva")]
    assert meeting.revision == 3


def plan_of_role(folder, sources):
    """Return the plan of a file that gives a role, with the list of sources as it is."""
    make.make_source(slug="tass")
    import_file(write(folder, "reactions", reaction(sources=sources)))
    cells = {"slug": "kallas-geneva", "sources": sources, "role": "Minister"}
    return plan_file(write(folder, "reactions", cells)).imported


def test_source_that_was_cited_since_the_plan_is_no_conflict(record, tmp_path):
    planned = plan_of_role(tmp_path, "press")
    row = Reaction.objects.get()
    acts.save(entry=row, after=changing(row, summary="Said so [@press; @tass]."))

    imports.apply_plan(imported=planned, user=None, note="Role.")

    row.refresh_from_db()
    assert row.role == "Minister"
    assert {*row.sources.values_list("slug", flat=True)} == {"press", "tass"}


def test_source_that_was_taken_off_the_list_since_the_plan_is_a_conflict(record, tmp_path):
    planned = plan_of_role(tmp_path, "press|tass")
    row = Reaction.objects.get()
    acts.save(
        entry=row, after=written(row, lambda: row.sources.set([*row.sources.filter(slug="press")]))
    )

    with pytest.raises(Refused, match=r"sources: was “press\|tass”, is now “press”"):
        imports.apply_plan(imported=planned, user=None, note="Role.")

    row.refresh_from_db()
    assert row.role == ""


def test_command_imports_or_lists_every_problem_and_exits_1(record, tmp_path, capsys):
    report = tmp_path / "report.csv"
    good = write(tmp_path, "reactions", reaction())
    bad = write(tmp_path, "reactions", reaction(stance="angry"), name="bad.csv")

    call_command("import_record", good)
    assert "added 1 rows" in capsys.readouterr().out
    with pytest.raises(CommandError) as error:
        call_command("import_record", bad, "--table", "reactions", "--report", report)

    assert "bad.csv, line 2, column stance: “angry”" in str(error.value)
    header, *lines = report.read_text(encoding="utf-8").splitlines()
    assert header.startswith("\ufefffile,line,row,column")
    assert len(lines) == 1
