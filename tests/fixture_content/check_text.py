"""Quotation marks and dashes in all texts of the content."""

import pytest

from meetings.models.fields import LineField, TextField
from meetings.tables.registry import TABLES
from tests.content import record as record
from tests.typography import faults

# What is no prose. Titles and names of works stand as they were printed.
LEFT_OUT = {
    *("slug", "wikidata", "language", "quotation_language"),
    *("url", "archived_url", "old_path", "new_path"),
    ("sources", "title"),
}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_texts_have_typographic_quotation_marks_and_dashes(table):
    columns = [
        name
        for name in table.columns
        if isinstance(table.field(name), LineField | TextField)
        if not {name, (table.name, name)} & LEFT_OUT
    ]
    problems = {
        (str(row), name): found
        for row in table.model.objects.all()
        for name in columns
        if (found := faults(getattr(row, name)))
    }

    assert problems == {}, "Correct these texts; each line says what to write."


def test_printed_titles_have_typographic_quotation_marks():
    table = next(table for table in TABLES if table.name == "sources")
    problems = [
        source.title for source in table.model.objects.all() if {*source.title} & {"'", '"'}
    ]

    assert problems == [], "Write ‘ ’ “ ” in these titles."
