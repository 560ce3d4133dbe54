"""A file that is right is carried out while it is read; what is not needs a plan of the whole."""

import pytest

from meetings.editing.revisions import record_loaded
from meetings.exporting import package
from meetings.importing import imports, streaming
from meetings.models import Import, ImportRow, Reaction, Revision, SearchDocument, Source
from tests import factories as make

from .helpers import bring, reaction, texts, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _record(monkeypatch):
    """A small record, of whose entries two are looked at together."""
    monkeypatch.setattr(streaming, "BATCH_ENTRIES", 2)
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", body="Held [@press].")
    record_loaded()


@pytest.fixture
def planned(monkeypatch):
    """The files of which a plan was made."""
    made, plan = [], imports.plan_sheets
    monkeypatch.setattr(
        imports, "plan_sheets", lambda **given: made.append(given["imported"].name) or plan(**given)
    )
    return made


def five(**cells):
    return [reaction(slug=f"r-{n}", attribution=f"Speaker {n}", **cells) for n in range(5)]


def nothing_written():
    found = Reaction.objects.exists(), Import.objects.exists(), ImportRow.objects.exists()
    return not any(found) and not SearchDocument.objects.filter(table="reactions").exists()


def test_what_is_right_needs_no_plan(planned, tmp_path):
    changed = [row | {"role": "Senator"} for row in five()[3:]]
    file = write(tmp_path, "reactions", *five())
    again = write(tmp_path, "reactions", *five()[:3], *changed, name="again.csv")

    first, second = bring(file).imported, bring(again, table="reactions").imported

    assert planned == []
    assert (first.new, first.changed, first.unchanged) == (5, 0, 0)
    assert (second.new, second.changed, second.unchanged) == (0, 2, 3)
    assert (second.state, second.wrong, second.problem_count) == ("done", 0, 0)
    assert Revision.objects.filter(table="reaction").count() == 7


def test_it_comes_to_what_its_plan_comes_to(monkeypatch, tmp_path):
    file = write(tmp_path, "reactions", *five(actors="", role="Senator"))
    states = []
    for carried in (streaming.apply_while_reading, lambda *given: False):
        monkeypatch.setattr(streaming, "apply_while_reading", carried)
        number = bring(file).imported.pk
        package.write(tmp_path / str(number))
        revisions = Revision.objects.filter(from_import=number).order_by("slug")
        documents = SearchDocument.objects.filter(table="reactions").order_by("title")
        states.append(
            (
                {path.name: path.read_bytes() for path in (tmp_path / str(number)).iterdir()},
                [*revisions.values_list("slug", "number", "act", "note", "snapshot")],
                [*documents.values_list("title", "context", "text", "words", "day")],
                [*Import.objects.filter(pk=number).values("new", "state", "sha256", "size")],
            )
        )
        Reaction.objects.all().delete()
        SearchDocument.objects.filter(table="reactions").delete()

    assert states[0] == states[1]


@pytest.mark.parametrize("is_known", [True, False])
def test_key_that_stands_twice_is_found_however_far_apart(is_known, planned, tmp_path):
    if is_known:
        bring(write(tmp_path, "reactions", *five()))
    count = Revision.objects.count()

    outcome = bring(
        write(tmp_path, "reactions", *five(), five()[0], name="x.csv"), table="reactions"
    )

    assert planned == ["x.csv"]
    assert texts(outcome) == [
        "x.csv, line 7, column slug: “r-0”: This key stands in line 2 too. Keep one of the two."
    ]
    assert Revision.objects.count() == count
    assert is_known or nothing_written()


def test_what_is_wrong_further_on_takes_back_all_before_it(planned, tmp_path):
    wrong = reaction(slug="r-9", stance="angry")

    outcome = bring(write(tmp_path, "reactions", *five(), wrong))

    assert planned == ["reactions.csv"]
    assert [problem.column for problem in outcome.problems] == ["stance"]
    assert nothing_written()
    assert not Revision.objects.filter(table="reaction").exists()


def test_row_of_another_shape_takes_back_all_before_it(planned, tmp_path):
    file = write(tmp_path, "reactions", *five())
    file.write_text(file.read_text(encoding="utf-8") + "one,two\r\n", encoding="utf-8")

    outcome = bring(file)

    assert len(outcome.problems) == 1
    assert nothing_written()


def test_row_may_name_one_further_on(planned, tmp_path):
    rows = [{"slug": f"s-{n}", "title": f"Source {n}", "kind": "news"} for n in range(5)]
    rows[0]["note"] = "See also [@s-4]."

    outcome = bring(write(tmp_path, "sources", *rows))

    assert planned == ["sources.csv"]
    assert texts(outcome) == []
    assert Source.objects.filter(slug__startswith="s-").count() == 5


def test_parts_of_entries_and_several_tables_need_a_plan(planned, tmp_path):
    write(tmp_path, "reactions", *five())
    write(tmp_path, "issues", {"slug": "trade", "title": "Trade"})
    positions = {"issue": "trade", "government": "US", "text": "For it [@press].", "order": "1"}

    assert texts(bring(tmp_path)) == []
    assert planned == [tmp_path.name]
    del positions["order"]
    bring(write(tmp_path, "positions", positions))
    assert planned == [tmp_path.name, "positions.csv"]


def test_dry_run_makes_a_plan(planned, tmp_path):
    outcome = bring(write(tmp_path, "reactions", *five()), is_dry=True)

    assert planned == ["reactions.csv"]
    assert outcome.imported.new == 5
    assert nothing_written()
