"""Cells read many at a time are those of the objects, in an order that no database decides."""

import pytest
from django.db import connection

from meetings.models import Meeting, Outcome, Source
from meetings.tables.registry import BY_NAME, TABLES
from meetings.tables.resources import row_cells
from meetings.tables.rows import entry_rows, in_key_order, table_rows
from tests import factories as make
from tests.content import record as record

pytestmark = pytest.mark.django_db


def objects(table):
    return in_key_order(table, table.model._default_manager.all())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_cells_are_those_of_the_objects(table):
    expected = [[*row_cells(table, row).values()] for row in objects(table)]

    assert [*table_rows(table, table.model._default_manager.all())] == expected


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_rows_of_entries_come_with_the_ids_of_the_entries(table):
    rows = [*objects(table)][::2]
    ids = {getattr(row, f"{table.owner}_id") if table.owner else row.pk for row in rows}
    expected = [
        (entry, [*row_cells(table, row).values()])
        for row in objects(table)
        if (entry := getattr(row, f"{table.owner}_id") if table.owner else row.pk) in ids
    ]

    assert [*entry_rows(table, ids)] == expected


def test_slugs_in_a_cell_are_in_alphabetical_order():
    sources = [make.make_source(slug=slug) for slug in ("b", "a-b", "ab", "a")]
    meeting = make.make_meeting(sources=sources)
    place = BY_NAME["meetings"].columns.index("sources")

    [(_, cells)] = entry_rows(BY_NAME["meetings"], [meeting.pk])

    assert cells[place] == "a|a-b|ab|b"


def test_rows_of_a_part_are_in_the_order_of_their_numbers():
    meeting = make.make_meeting()
    for order in (100, 20, 3):
        make.make_outcome(meeting=meeting, order=order)
    table = BY_NAME["outcomes"]

    rows = table_rows(table, Outcome.objects.filter(meeting=meeting))

    assert [cells[1] for cells in rows] == ["3", "20", "100"]


def test_collation_of_the_database_does_not_change_the_order():
    """Where a dictionary would pass over hyphens, code points do not."""
    slugs = ["zz-b", "zz-ba", "zza", "zza-c", "zzab"]
    for slug in reversed(slugs):
        make.make_source(slug=slug)
        make.make_meeting(slug=slug, sources=[Source.objects.get(slug=slug)])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("CREATE COLLATION shifted (provider = icu, locale = 'en-u-ka-shifted')")
            for model in (Source, Meeting):
                name = model._meta.db_table
                cursor.execute(
                    f"ALTER TABLE {name} ALTER COLUMN slug TYPE varchar(100) COLLATE shifted"
                )
        found = Source.objects.filter(slug__startswith="zz").order_by("slug")
        assert [*found.values_list("slug", flat=True)] != slugs

    rows = [*table_rows(BY_NAME["sources"], Source.objects.all())]
    meetings = [*table_rows(BY_NAME["meetings"], Meeting.objects.all())]

    assert [cells[0] for cells in rows] == sorted(cells[0] for cells in rows)
    assert [cells[0] for cells in rows if cells[0].startswith("zz")] == slugs
    place = BY_NAME["meetings"].columns.index("sources")
    found = {cells[0]: cells[place] for cells in meetings}
    assert {slug: found[slug] for slug in slugs} == {slug: slug for slug in slugs}
