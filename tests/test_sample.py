"""The sample record: as valid and as varied as a real one."""

import pytest
from django.db import transaction

from benchmarks.sample.__main__ import main
from meetings.editing.changes import EntryChange
from meetings.editing.citations import complete_sources
from meetings.editing.publication_checks import check_citations
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshots
from meetings.models import (
    Account,
    Discussion,
    Meeting,
    Milestone,
    Outcome,
    Page,
    Reaction,
    Revision,
    Source,
)
from meetings.tables.registry import ENTRY_TABLES, TABLES, VERSIONED_TABLES
from meetings.tables.rows import table_rows

PUBLISHED = [table for table in ENTRY_TABLES if table.model is not Page]


def make(seed=1, meetings=30):
    main([f"--meetings={meetings}", f"--seed={seed}"])


def cells(table):
    return [*table_rows(table, table.model._default_manager.all())]


@pytest.fixture(scope="module", autouse=True)
def sample(django_db_setup, django_db_blocker):
    """Make one sample record for the module, and take it back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        make()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def database(db):
    """Let every test read the record, and take back what it writes."""


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_has_rows(table):
    assert table.model._default_manager.exists()


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (Meeting, "format"),
        (Meeting, "event_status"),
        (Outcome, "state"),
        (Discussion, "basis"),
        (Account, "finding"),
        (Reaction, "capacity"),
        (Reaction, "stance"),
        (Reaction, "status"),
        (Milestone, "kind"),
        (Source, "kind"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_every_value_of_a_column_occurs(model, column):
    values = set(model._default_manager.values_list(column, flat=True))

    assert values == {value for value, _ in model._meta.get_field(column).choices}


def test_meetings_lie_between_the_first_year_and_today():
    held = Meeting.objects.filter(event_status="held")
    years = [day.year for day in held.values_list("starts_on", flat=True)]

    assert min(years) < 1900
    assert max(years) > 2010


def test_every_entry_and_reference_says_that_it_is_a_sample():
    for table in VERSIONED_TABLES:
        if table.model is not Page:
            assert not table.model.objects.exclude(slug__startswith="sample-1-").exists()


def test_an_entry_is_scheduled_for_the_future():
    assert Reaction.objects.filter(status="published", publish_at__isnull=False).exists()


@pytest.mark.parametrize("table", PUBLISHED, ids=lambda table: table.name)
def test_every_published_entry_passes_the_gate(table):
    ids = table.model.objects.filter(status="published").values_list("pk", flat=True)
    for pk, state in snapshots(table.model, ids).items():
        change = EntryChange(table, state[table.name][0]["slug"], pk, 1, {}, state)
        check_citations(change)
        assert change.problems == []


@pytest.mark.parametrize("table", ENTRY_TABLES, ids=lambda table: table.name)
def test_lists_of_sources_are_complete(table):
    ids = table.model.objects.values_list("pk", flat=True)
    for state in snapshots(table.model, ids).values():
        assert complete_sources(table, state) is state


def test_rows_pass_validation():
    for table in TABLES:
        for row in table.model._default_manager.order_by("pk")[:40]:
            row.full_clean()


def test_every_entry_and_reference_gets_its_first_revision():
    written = record_loaded()

    assert written == sum(table.model.objects.count() for table in VERSIONED_TABLES)
    assert Revision.objects.count() == written
    assert record_loaded() == 0


def test_second_run_with_the_same_seed_is_refused(capsys):
    before = Source.objects.count()

    with pytest.raises(SystemExit):
        make(seed=1)

    assert "sample record of seed 1 is already there" in capsys.readouterr().err
    assert Source.objects.count() == before


def test_another_seed_stands_beside_the_first():
    make(seed=2, meetings=5)

    assert Meeting.objects.filter(slug__startswith="sample-2-").count() == 5
    assert Meeting.objects.filter(slug__startswith="sample-1-").count() == 30


def test_same_seed_makes_the_same_rows():
    first = {table.name: cells(table) for table in TABLES}
    Source.objects.update(note="")  # A source that another's note cites is kept.
    for table in reversed(TABLES):
        table.model._default_manager.all().delete()
    make(seed=1)

    assert {table.name: cells(table) for table in TABLES} == first


@pytest.mark.parametrize("values", [{"meetings": 0}, {"seed": -1}])
def test_senseless_numbers_are_refused(values, capsys):
    with pytest.raises(SystemExit):
        make(**values)

    assert "at least one meeting" in capsys.readouterr().err
