"""Problems of a file are reported with line and column, and nothing of it is imported."""

import pytest

from meetings.importing import imports, uploads
from meetings.importing.plan import rows
from meetings.models import Import, ImportRow, Reaction, Revision, Source
from tests import factories as make

from .helpers import import_file, reaction, write
from .test_imports import record as record

pytestmark = pytest.mark.django_db

WRONG = {
    "unknown meeting": (reaction(meeting="genva"), "meeting", "There is no meeting", "geneva"),
    "unknown issue": (reaction(issues="syriaa"), "issues", "There is no issue", "syria"),
    "unknown source in text": (
        reaction(summary="Said [@pres]."),
        "summary",
        "There is no source",
        "press",
    ),
    "broken marker": (reaction(summary="Said [@Press!]."), "summary", "is not a citation", ""),
    "link to no page": (
        reaction(summary="As in [Geneva](/meetings/genva/#cite) [@press]."),
        "summary",
        "There is no page at /meetings/genva/",
        "/meetings/geneva/",
    ),
    "unknown stance": (reaction(stance="angry"), "stance", "is not a stance", ""),
    "no date": (reaction(reacted_on=""), "reacted_on", "A new row needs", ""),
    "american date": (reaction(reacted_on="07/17/2018"), "reacted_on", "as 2018-07-16", ""),
    "date that is none": (reaction(reacted_on="2018-02-30"), "reacted_on", "no day", ""),
    "unknown country": (reaction(country="UK"), "country", "is not a country", "GB"),
    "slug": (reaction(slug="Kallas Geneva"), "slug", "Use small letters", "kallas-geneva"),
    "quotation without source": (
        reaction(quotation="Well", quotation_language="en"),
        "",
        "A quotation needs its source",
        "",
    ),
    "long quotation": (
        reaction(quotation="so " * 51, quotation_language="en", quotation_source="press"),
        "quotation",
        "at most 50 words",
        "",
    ),
    "uncovered paragraph": (reaction(summary="Said so."), "summary", "has no source", ""),
    "no source at all": (reaction(summary=""), "sources", "no source at all", ""),
    "slug twice": (reaction(issues="syria|syria"), "issues", "stands twice", ""),
    "control character": (reaction(role="\x07"), "role", "Remove the character U+0007", ""),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_row_is_told_with_its_place_and_nothing_is_imported(record, tmp_path, case):
    cells, column, problem, suggestion = WRONG[case]
    good = reaction(slug="good")
    file = write(tmp_path, "reactions", good, cells)
    before = Revision.objects.count()

    outcome = import_file(file)

    by_column = {problem.column: problem for problem in outcome.problems}
    found = by_column[column]
    assert {(p.file, p.line) for p in outcome.problems} == {("reactions.csv", 3)}
    assert problem in found.problem
    assert found.suggestion == suggestion
    assert Reaction.objects.count() == 0
    assert (Import.objects.count(), ImportRow.objects.count()) == (0, 0)
    assert Revision.objects.count() == before


def test_all_errors_are_told_not_the_first(record, tmp_path):
    rows = [reaction(slug=f"r-{n}", stance="angry", country="UK") for n in range(3)]

    outcome = import_file(write(tmp_path, "reactions", *rows))

    assert [(p.line, p.column) for p in outcome.problems] == [
        (line, column) for line in (2, 3, 4) for column in ("country", "stance")
    ]


def test_doubled_key_names_the_line_of_the_other(record, tmp_path):
    outcome = import_file(write(tmp_path, "reactions", reaction(), reaction(stance="critical")))

    (found,) = outcome.problems
    assert (found.line, found.column) == (3, "slug")
    assert "line 2" in found.problem


def test_required_column_cannot_be_emptied(record, tmp_path):
    import_file(write(tmp_path, "reactions", reaction()))

    outcome = import_file(
        write(tmp_path, "reactions", {"slug": "kallas-geneva", "attribution": ""})
    )

    assert "cannot be emptied" in outcome.problems[0].problem


def test_part_of_an_entry_that_is_not_there_says_so(record, tmp_path):
    cells = {"meeting": "genva", "order": "10", "text": "Agreed [@press]."}

    outcome = import_file(write(tmp_path, "outcomes", cells))

    (found,) = outcome.problems
    assert "There is no meeting “genva”" in found.problem
    assert found.suggestion == "geneva"


def test_uncovered_part_does_not_pass_its_entrys_gate(record, tmp_path):
    outcome = import_file(
        write(tmp_path, "outcomes", {"meeting": "geneva", "order": "10", "text": "Agreed."})
    )

    (found,) = outcome.problems
    assert (found.column, found.line) == ("text", 2)
    assert "has no source" in found.problem


def test_address_of_another_source_is_refused(record, tmp_path):
    Source.objects.filter(slug="press").update(url="https://example.org/a")

    outcome = import_file(
        write(
            tmp_path,
            "sources",
            {"slug": "two", "title": "Two", "kind": "news", "url": "https://example.org/a"},
        )
    )

    assert "already source “press”" in outcome.problems[0].problem


def test_problems_of_many_rows_are_stored_while_the_file_is_read(record, monkeypatch):
    rows_of_file = ["slug,venue", "a", "b,B", "c", "b,C", "d,D,D", "E,E", "f"]
    content = "\n".join(rows_of_file).encode()
    user = make.make_editor()
    found = []
    for most in (5_000, 1):
        monkeypatch.setattr(rows, "MOST_HELD_PROBLEMS", most)
        plan = uploads.store_upload(user=user, name="places.csv", content=content)
        uploads.plan_upload(imported=plan, user=user)
        found.append([str(problem) for problem in imports.problems_of(plan)])

    assert found[0] == found[1]
    assert len(found[0]) == 6
