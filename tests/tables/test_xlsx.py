"""Workbooks as they are written: read by another program, and by an import, with no change."""

import io
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from meetings.tables import xlsx
from meetings.tables.cells import CellKind
from meetings.tables.registry import TABLES_BY_NAME
from meetings.tables.xlsx import (
    LEFT_OUT,
    MOST_CELL_UNITS,
    Column,
    Sheet,
    columns_of,
    xlsx_pieces,
)


def book_of(*sheets):
    return b"".join(xlsx_pieces(sheets))


def opened(*sheets):
    return load_workbook(io.BytesIO(book_of(*sheets)))


def values(columns, *rows):
    """Return the values that another program reads of rows, without the header."""
    sheet = opened(Sheet("x", columns, [rows])).active
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "-5", " Ж <&> \"'] ", "two\nlines\ttab", "_x0041_", "007", "TRUE", "2018-07-16", "🤝"],
)
def test_text_stays_text_to_the_letter(text):
    assert values([Column("a")], [text])[0][0].replace("_x005F_", "_") == text


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (CellKind.NUMBER, "-58.4013", -58.4013),
        (CellKind.NUMBER, "46", 46),
        (CellKind.DATE, "2018-07-16", datetime(2018, 7, 16)),
        (CellKind.DATE, "1900-03-01", datetime(1900, 3, 1)),
        # Before it, programs do not agree which day a number is.
        (CellKind.DATE, "1874-12-12", "1874-12-12"),
        (CellKind.DATETIME, "2026-12-01T09:30:00Z", "2026-12-01T09:30:00Z"),
        (CellKind.DATE, "", None),
    ],
)
def test_cells_have_the_kind_of_their_column(kind, cell, value):
    assert values([Column("a", kind), Column("b")], [cell, "end"]) == [[value, "end"]]


def test_days_are_those_of_the_calendar():
    days = [date(1900, 3, 1), date(1999, 12, 31), date(2000, 2, 29), date(2100, 3, 1)]

    found = values([Column("a", CellKind.DATE)], *([f"{day}"] for day in days))

    assert [value.date() for (value,) in found] == days


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("x" * MOST_CELL_UNITS, True),
        ("x" * (MOST_CELL_UNITS + 1), False),
        ("🤝" * (MOST_CELL_UNITS // 2), True),
        ("🤝" * (MOST_CELL_UNITS // 2 + 1), False),
    ],
)
def test_text_that_is_too_long_is_left_out_and_says_so(text, is_kept):
    assert values([Column("a")], [text]) == [[text if is_kept else LEFT_OUT]]


def test_sheet_has_its_header_in_view_and_its_choices_as_lists():
    table = TABLES_BY_NAME["reactions"]

    sheet = opened(Sheet("reactions", columns_of(table)))["reactions"]

    assert [cell.value for cell in sheet[1]] == list(table.columns)
    assert sheet.freeze_panes == "A2"
    lists = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    assert lists["K2:K1048576"] == '"supportive,critical,mixed,neutral"'


def test_empty_columns_have_the_format_of_text():
    sheet = opened(Sheet("reactions", columns_of(TABLES_BY_NAME["reactions"]))).active

    formats = {d.min: d.number_format for d in sheet.column_dimensions.values()}
    assert formats[1] == "@"


def test_same_rows_give_the_same_bytes():
    sheets = [Sheet("a", [Column("x")], [[["1"]], [["2"]]]), Sheet("b", [Column("y")])]

    assert book_of(*sheets) == book_of(*sheets)
    assert ZipFile(io.BytesIO(book_of(*sheets))).testzip() is None
    assert opened(*sheets).sheetnames == ["a", "b"]


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    rows = [["1"], ["2"], ["3"]]

    with pytest.raises(OverflowError):
        book_of(Sheet("a", [Column("x")], [rows]))


def test_rows_are_written_as_they_come():
    """Of 200,000 rows the writer holds a batch; what it wrote is taken meanwhile."""
    asked = []

    def batches():
        for number in range(40):
            asked.append(number)
            yield [[f"{number} {n} {'x' * 50}" for n in range(3)]] * 100

    pieces = xlsx_pieces([Sheet("a", [Column("x"), Column("y"), Column("z")], batches())])
    next(pieces)

    assert len(asked) < 40
