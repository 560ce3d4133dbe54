"""The content of the record, loaded as on a fresh machine: whole, linked, sourced and at rest."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from meetings import markers
from meetings.gate import refuse_at_gate
from meetings.models import (
    Account,
    Actor,
    Discussion,
    Meeting,
    Outcome,
    Participation,
    Publishable,
    Reaction,
    Revision,
    Source,
)
from meetings.revisions import record_loaded
from meetings.tables import ENTRIES, TABLES

from .content import record as record

DATA = Path(__file__).parent / "data"
COUNTS = json.loads((DATA / "counts.json").read_text(encoding="utf-8"))
# The one entry whose facts wait for an editor's check.
DRAFT = "miami-2026"

pytestmark = pytest.mark.django_db


def everything():
    """Return all rows of the record and the number of revisions, to compare."""
    out = StringIO()
    models = [f"meetings.{table.model.__name__}" for table in TABLES]
    call_command("dumpdata", *models, "--natural-foreign", "--natural-primary", stdout=out)
    return out.getvalue(), Revision.objects.count()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_table_is_complete(table):
    assert table.model.objects.count() == COUNTS[table.name]


def test_counts_within_tables_hold():
    accounts = {
        f"{code} {finding}": Account.objects.filter(government=code, finding=finding).count()
        for code in ("RU", "US")
        for finding in ("stated", "not_mentioned", "no_account")
    }

    assert {name: number for name, number in accounts.items() if number} == {
        name: number for name, number in COUNTS.items() if name in accounts
    }
    assert Actor.objects.filter(kind="person").count() == COUNTS["persons"]
    assert Actor.objects.filter(kind="organisation").count() == COUNTS["organisations"]
    assert Source.objects.filter(checked=True).count() == COUNTS["sources checked"]
    assert Source.objects.exclude(url="").count() == COUNTS["sources with an address"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_is_valid(table):
    problems = []
    for row in table.model.objects.all():
        try:
            row.full_clean()
        except ValidationError as error:
            problems.append((str(row), error.messages))

    assert problems == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_marker_names_a_source(table):
    known = set(Source.objects.values_list("slug", flat=True))
    texts = [getattr(row, column) for row in table.model.objects.all() for column in table.prose]

    assert [slug for text in texts for slug in markers.cited(text) if slug not in known] == []
    assert [start for text in texts for start in markers.broken(text)] == []


@pytest.mark.parametrize("table", ENTRIES, ids=lambda table: table.name)
def test_every_published_entry_passes_the_gate(table):
    for entry in table.model.objects.published():
        refuse_at_gate(entry, note="", user=None)


def test_loading_twice_changes_nothing():
    before = everything()

    call_command("loaddata", "record", verbosity=0)

    assert record_loaded() == 0
    assert everything() == before


def test_fixture_lists_what_its_texts_cite():
    """Otherwise the second loading would take sources away for a moment."""
    fixture = Path(__file__).parent.parent / "fixtures" / "record.json"
    listed = {
        (row["model"], row["fields"]["slug"]): [slug for (slug,) in row["fields"]["sources"]]
        for row in json.loads(fixture.read_text(encoding="utf-8"))
        if "sources" in row["fields"]
    }

    for table in ENTRIES:
        for entry in table.model.objects.all():
            sources = sorted(entry.sources.values_list("slug", flat=True))
            assert listed[f"meetings.{table.model._meta.model_name}", entry.slug] == sources


def test_one_entry_is_a_draft_and_all_else_published():
    states = {(row.slug, row.status) for table in ENTRIES for row in table.model.objects.all()}

    assert {state for state in states if state[1] != Publishable.Status.PUBLISHED} == {
        (DRAFT, Publishable.Status.DRAFT)
    }
    assert Reaction.objects.published().count() == COUNTS["reactions"]
    assert Discussion.objects.published().count() == COUNTS["discussions"]


def test_parts_are_in_order_and_told_apart():
    for meeting in Meeting.objects.all():
        orders = list(Outcome.objects.filter(meeting=meeting).values_list("order", flat=True))
        assert orders == [10 * n for n in range(1, len(orders) + 1)]
        codes = meeting.participations.values_list("government", flat=True).distinct()
        for code in codes.order_by():
            places = list(meeting.participations.filter(government=code))
            assert [p.order for p in places] == [10 * n for n in range(1, len(places) + 1)]
    assert not Outcome.objects.filter(state="").exists()
    assert not Participation.objects.filter(role="").exists()


def test_quotations_are_short_and_sourced():
    for reaction in Reaction.objects.exclude(quotation=""):
        assert len(reaction.quotation.split()) <= 50
        assert reaction.quotation_source in reaction.sources.all()
        assert reaction.quotation_language
