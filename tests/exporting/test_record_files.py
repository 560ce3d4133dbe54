"""The record as a workbook and as a database: all that is public, typed, and read back the same."""

import io
import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from meetings.models import Meeting, Place
from meetings.tables.cells import CellKind
from meetings.tables.registry import TABLES
from meetings.tables.resources import column_widget
from meetings.tables.xlsx import LEFT_OUT, MOST_CELL_UNITS
from tests import factories as make
from tests.full_record import full_record as full_record
from tests.importing.helpers import import_file, problem_texts

pytestmark = pytest.mark.django_db
TYPES = {CellKind.NUMBER: {"INTEGER", "REAL"}, CellKind.TEXT: {"TEXT"}, CellKind.DATE: {"TEXT"}}


@pytest.fixture
def database(client, full_record, tmp_path):
    """The database as it is downloaded."""
    file = tmp_path / "record.sqlite"
    file.write_bytes(client.get("/data/record.sqlite").getvalue())
    with closing(sqlite3.connect(file)) as opened:
        yield opened


def rows_of_file(client, table):
    return client.get(f"/data/{table.name}.json").json()["results"]


def test_database_has_all_public_rows_with_the_types_of_their_columns(client, database):
    for table in TABLES:
        columns = database.execute(f'PRAGMA table_info("{table.name}")').fetchall()
        names, types = [c[1] for c in columns], {c[1]: c[2] for c in columns}
        found = database.execute(f'SELECT * FROM "{table.name}"').fetchall()
        for row in rows_of_file(client, table):
            cells = {n: "|".join(v) or None if isinstance(v, list) else v for n, v in row.items()}
            assert tuple(cells[name] for name in names) in found
        assert names == [*table.columns]
        for name in table.columns:
            assert types[name] in TYPES.get(column_widget(table, name).kind, {"TEXT"})
        assert [c[1] for c in sorted(columns, key=lambda c: c[5]) if c[5]] == [*table.key]


def test_database_has_keys_that_hold_and_pairs_for_joins(database):
    sources = """SELECT source FROM meetings_sources JOIN sources ON sources.slug = source
        WHERE meeting = 'talks' ORDER BY source"""
    (listed,) = database.execute("SELECT sources FROM meetings WHERE slug = 'talks'").fetchone()

    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert "|".join(slug for (slug,) in database.execute(sources)) == listed != ""


@pytest.mark.parametrize("ending", ["xlsx", "sqlite"])
def test_files_hold_nothing_hidden(client, full_record, ending):
    data = client.get(f"/data/record.{ending}").getvalue()
    if ending == "xlsx":
        book = load_workbook(io.BytesIO(data))
        data = repr([[*s.iter_rows(values_only=True)] for s in book]).encode()

    assert b"talks" in data
    for word in (b"hidden", b"secret", b"unlisted"):
        assert word not in data


def test_workbook_has_a_sheet_for_each_table_with_typed_cells(client, full_record):
    place = make.make_place(slug="south", latitude="-34.6", longitude="-58.4013", venue="-5")
    make.make_meeting(slug="south", place=place, starts_on="2018-11-30", duration_minutes=46)

    book = load_workbook(io.BytesIO(client.get("/data/record.xlsx").getvalue()))

    assert book.sheetnames == [table.name for table in TABLES]
    for table in TABLES:
        head, *rows = book[table.name].iter_rows(values_only=True)
        assert head == table.columns
        assert len(rows) == len(rows_of_file(client, table))
    (south,) = [r for r in book["places"].iter_rows(values_only=True) if r[0] == "south"]
    assert south[1:2] + south[4:] == ("-5", -34.6, -58.4013)
    columns = {cell.value: cell.column for cell in book["meetings"][1]}
    (row,) = [cells for cells in book["meetings"].iter_rows() if cells[0].value == "south"]
    day, minutes = row[columns["starts_on"] - 1], row[columns["duration_minutes"] - 1]
    assert (day.is_date, f"{day.value:%Y-%m-%d}", minutes.value) == (True, "2018-11-30", 46)


@pytest.mark.parametrize("path", ["meetings", "people", "data/places", "accounts"])
def test_lists_and_tables_are_workbooks_too_with_the_rows_of_their_csv(client, full_record, path):
    answer = client.get(f"/{path}.xlsx")
    lines = client.get(f"/{path}.csv").getvalue().decode("utf-8-sig")

    book = load_workbook(io.BytesIO(answer.getvalue()))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    assert answer["ETag"]
    head, *rows = book.active.iter_rows(values_only=True)
    assert ",".join(head) == lines.splitlines()[0]
    assert len(rows) == client.get(f"/{path}.json").json()["count"] > 0


def test_filters_and_unknown_parameters_are_those_of_the_data(client, full_record):
    kept = load_workbook(io.BytesIO(client.get("/meetings.xlsx?kind=call").getvalue())).active

    assert kept.max_row - 1 == client.get("/meetings.json?kind=call").json()["count"]
    assert client.get("/meetings.xlsx?nothing=1").status_code == 400
    assert client.get("/data/places.xlsx?nothing=1").status_code == 400


def test_text_too_long_for_a_cell_is_left_out_and_comes_back_as_it_was(client, tmp_path):
    paper = make.make_source(slug="paper")
    text = "word " * (MOST_CELL_UNITS // 5 + 1) + "[@paper]."
    make.make_meeting(slug="long", body=text, title="'-5").sources.add(paper)
    file = tmp_path / "meetings.xlsx"
    file.write_bytes(client.get("/meetings.xlsx").getvalue())
    cells = [c.value for c in load_workbook(file).active[2]]

    outcome = import_file(file, accepts_warnings=True)

    assert LEFT_OUT in cells
    assert problem_texts(outcome) == []
    assert (outcome.imported.changed, outcome.imported.unchanged) == (0, 1)
    assert Meeting.objects.get(slug="long").body == text


def test_new_row_whose_text_was_left_out_is_refused(client, tmp_path):
    make.make_meeting(slug="long", body="word " * MOST_CELL_UNITS)
    file = tmp_path / "meetings.xlsx"
    file.write_bytes(client.get("/meetings.xlsx").getvalue())
    book = load_workbook(file)
    book.active["A2"] = "other"
    book.save(file)

    outcome = import_file(file)

    assert "The text of this cell was left out of the workbook" in str(problem_texts(outcome))
    assert not Meeting.objects.filter(slug="other").exists()


@pytest.mark.parametrize("path", ["places", "data/places", "meetings", "sources", "data/outcomes"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_was_taken_comes_back_and_changes_nothing(client, full_record, tmp_path, path, ending):
    make.make_meeting(place=make.make_place(venue="'=1", latitude="-34.6", longitude="-58.4013"))
    file = tmp_path / f"{path.split('/')[-1]}.{ending}"
    file.write_bytes(client.get(f"/{path}.{ending}").getvalue())

    outcome = import_file(file, accepts_warnings=True)

    assert problem_texts(outcome) == []
    assert (outcome.imported.new, outcome.imported.changed) == (0, 0)
    assert outcome.imported.unchanged > 0
    assert Place.objects.filter(venue="'=1", latitude=Decimal("-34.6")).exists()
