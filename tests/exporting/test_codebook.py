"""The codebook: nothing lacks its words, and what it says is true of the files."""

import csv
import io
import re
from datetime import date, datetime

import pytest
from django.test import Client
from django.utils.html import escape

from meetings.exporting.codebook import descriptions
from meetings.exporting.codebook.sections import LONGEST_EXAMPLE_CHARACTERS
from meetings.tables.cells import SEPARATOR
from meetings.tables.registry import TABLES, TABLES_BY_NAME
from meetings.tables.resources import RESOURCES
from tests.content import record as record

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

COLUMNS = [(table.name, column) for table in TABLES for column in table.columns]


@pytest.fixture(scope="module")
def book(record):
    """The codebook as it is published, each column by table and name."""
    found = Client().get("/data/codebook.json").json()["results"]
    return {(s["table"], c["name"]): c for s in found for c in s["columns"]}


@pytest.fixture(scope="module")
def files(record):
    """The rows of every file as they are published."""
    files = {t.name: Client().get(f"/data/{t.name}.csv").getvalue() for t in TABLES}
    return {name: rows_of(file.decode("utf-8-sig")) for name, file in files.items()}


def rows_of(text):
    """Return the rows of a file as a program reads them: without what keeps spreadsheets safe."""
    return [
        {name: re.sub(r"^'(?=[=+\-@\t\r'])", "", cell) for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def test_codebook_has_every_table_and_column_in_order(book):
    assert list(book) == COLUMNS


@pytest.mark.parametrize(("table", "name"), COLUMNS)
def test_every_column_and_value_has_its_words(book, table, name):
    column = book[table, name]
    field = TABLES_BY_NAME[table].field(name)
    choices = [] if hasattr(field, "countries") else [value for value, _ in field.flatchoices]

    assert column["type"]
    assert re.fullmatch(r"[A-Z].*\.", column["definition"])
    assert [entry["value"] for entry in column["values"]] == choices
    assert all(re.fullmatch(r"[A-Z].*\.", entry["definition"]) for entry in column["values"])
    assert column["empty"] is None or re.fullmatch(r"[A-Z].*\.", column["empty"])


def test_no_words_are_left_over(book):
    """A column that is renamed or gone takes its words with it."""
    named = {name for table, column in COLUMNS for name in (column, f"{table}.{column}")}

    for known in (
        descriptions.COLUMN_DESCRIPTIONS,
        descriptions.VALUE_DESCRIPTIONS,
        descriptions.EMPTY_CELL_DESCRIPTIONS,
    ):
        assert set(known) <= named
    assert set(descriptions.ROW_DESCRIPTIONS) == set(TABLES_BY_NAME)
    for name, values in descriptions.VALUE_DESCRIPTIONS.items():
        tables = [table for table, column in COLUMNS if name in {column, f"{table}.{column}"}]
        for table in tables:
            field = TABLES_BY_NAME[table].field(name.rpartition(".")[2])
            assert set(values) == {value for value, _ in field.flatchoices}


def test_cells_are_what_the_codebook_says(book, files):
    for (table, name), column in book.items():
        cells = [row[name] for row in files[table]]
        filled = [cell for cell in cells if cell]
        assert column["empty"] or len(filled) == len(cells), (table, name)
        if column["values"]:
            assert set(filled) <= {entry["value"] for entry in column["values"]}, (table, name)
        if column["type"].startswith(("slug", "slugs")) and " of " in column["type"]:
            other = re.match(r"slugs? of (\w+)", column["type"])[1]
            known = {row["slug"] for row in files[other]}
            assert {slug for cell in filled for slug in cell.split(SEPARATOR)} <= known
        if read := READ.get(column["type"]):
            assert [cell for cell in filled if not read(cell)] == [], (table, name)
    assert set(READ) <= {column["type"] for column in book.values()}


READ = {
    "date, as YYYY-MM-DD": date.fromisoformat,
    "time in UTC, as YYYY-MM-DDTHH:MM:SSZ": datetime.fromisoformat,
    "decimal number": float,
    "whole number": str.isdecimal,
    "slug: small letters, digits and single hyphens": re.compile(
        "[a-z0-9]+(-[a-z0-9]+)*"
    ).fullmatch,
    "country, a code of ISO 3166-1 alpha-2, or XK or EU": re.compile("[A-Z]{2}").fullmatch,
    "language, a tag of BCP 47": re.compile("[a-z]{2,3}(-[A-Za-z0-9]+)*").fullmatch,
    "address on the web": re.compile("https?://.+").fullmatch,
    "one of the values listed": str,
    "text": str,
    "Markdown with citations": str,
}


def test_keys_tell_rows_apart(book, files):
    for table in TABLES:
        key = [name for name in table.columns if book[table.name, name]["key"]]
        assert key == sorted(table.key, key=table.columns.index)
        keys = [tuple(row[name] for name in key) for row in files[table.name]]
        assert len(set(keys)) == len(keys)


def test_examples_are_cells_of_the_record_or_could_be(book, files):
    for (table, name), column in book.items():
        cells = [row[name] for row in files[table]]
        shown = column["example"]
        if not shown:
            assert not any(cells[:20]), (table, name)
            continue
        parts = [part for cell in cells for part in (cell, *cell.split(SEPARATOR))]
        start = shown.removesuffix("…") if len(shown) == LONGEST_EXAMPLE_CHARACTERS else shown
        if not any(part.startswith(start) for part in parts):
            own = RESOURCES[table].fields[name]
            assert own.widget.canonical(shown) == shown


def test_needed_are_the_columns_that_a_new_row_cannot_do_without(book):
    """As the rules of import have them."""
    needed = {
        "title",
        "name",
        "starts_on",
        "reacted_on",
        "occurred_on",
        "format",
        "event_status",
        "meeting",
        "attribution",
        "capacity",
        "stance",
        "kind",
        "new_path",
    }

    for (table, name), column in book.items():
        expected = name in TABLES_BY_NAME[table].key or name in needed
        assert column["required"] is expected, (table, name)


def test_page_and_data_say_the_same(client, book):
    html = client.get("/data/codebook/").content.decode()

    for column in book.values():
        assert escape(column["definition"]) in html
    assert html.count('scope="row"') == len(COLUMNS)
    assert all(f'<section class="section" id="{table.name}"' in html for table in TABLES)
