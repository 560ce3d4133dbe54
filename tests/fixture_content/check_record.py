"""The content as ``loaddata`` brings it: whole, valid, sourced, and the same when loaded again."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from meetings.editing.changes import EntryChange
from meetings.editing.publication_checks import check_citations
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.models import Outcome, Participation, Revision, Source
from meetings.tables.registry import ENTRY_TABLES, TABLES
from meetings.text import markdown
from tests.content import record as record

HERE = Path(__file__).parent
FIXTURE = HERE.parent.parent / "fixtures" / "record.json"
FEWEST = json.loads((HERE / "fewest.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.django_db


def everything():
    """Return all rows of the record and the number of revisions, to compare."""
    out = StringIO()
    models = [f"meetings.{table.model.__name__}" for table in TABLES]
    call_command("dumpdata", *models, "--natural-foreign", "--natural-primary", stdout=out)
    return out.getvalue(), Revision.objects.count()


@pytest.mark.parametrize("name", FEWEST)
def test_no_rows_are_lost(name):
    table = next(table for table in TABLES if table.name == name)
    number = table.model.objects.count()

    assert number >= FEWEST[name], (
        f"There were {FEWEST[name]} {name}, and there are {number}. Bring back what is missing,"
        " or withdraw it instead; if rows were taken out on purpose, write their number in"
        " tests/fixture_content/fewest.json."
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_is_valid(table):
    problems = []
    for row in table.model.objects.all():
        try:
            row.full_clean()
        except ValidationError as error:
            problems.append((str(row), error.messages))

    assert problems == [], "Correct these rows; each message says how."


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_marker_names_a_source(table):
    known = set(Source.objects.values_list("slug", flat=True))
    problems = []
    for row in table.model.objects.all():
        for column in table.prose_columns:
            text = getattr(row, column)
            unknown = [slug for slug in markdown.cited_slugs(text) if slug not in known]
            problems += [
                (str(row), column, start) for start in [*unknown, *markdown.broken_markers(text)]
            ]

    assert problems == [], "Add these sources, or write the markers as [@slug] or [@slug, p. 4]."


@pytest.mark.parametrize("table", ENTRY_TABLES, ids=lambda table: table.name)
def test_every_published_entry_passes_the_gate(table):
    problems = {}
    for entry in table.model.objects.published():
        state = snapshot(entry)
        change = EntryChange(table, entry.slug, entry.pk, entry.revision, state, state)
        check_citations(change)
        if change.problems:
            problems[entry.slug] = [problem.sentence for problem in change.problems]

    assert problems == {}, "Cite a source in these paragraphs, or make the entries drafts."


def test_fixture_lists_what_its_texts_cite():
    """Otherwise the second loading would take sources away for a moment."""
    listed = {
        (row["model"], row["fields"]["slug"]): [slug for (slug,) in row["fields"]["sources"]]
        for row in json.loads(FIXTURE.read_text(encoding="utf-8"))
        if "sources" in row["fields"]
    }
    lacking = {}
    for table in ENTRY_TABLES:
        for entry in table.model.objects.all():
            sources = set(entry.sources.values_list("slug", flat=True))
            name = f"meetings.{table.model._meta.model_name}", entry.slug
            if more := sources - set(listed[name]):
                lacking[name] = sorted(more)

    assert lacking == {}, "Add these to the entries' lists of sources in fixtures/record.json."


def test_loading_twice_changes_nothing():
    before = everything()

    call_command("loaddata", "record", verbosity=0)

    assert record_loaded() == 0
    assert everything() == before


def test_outcomes_have_a_state_and_participants_a_role():
    outcomes = [f"{row.meeting.slug}, {row.order}" for row in Outcome.objects.filter(state="")]
    people = [f"{row.meeting.slug}, {row.actor}" for row in Participation.objects.filter(role="")]

    assert outcomes == [], "Say of these outcomes what became of them (state)."
    assert people == [], "Say of these people in which role they took part."
