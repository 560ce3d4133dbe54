"""Cells that a spreadsheet holds as something else than their column: refused as they are shown."""

from datetime import date, datetime, time
from io import BytesIO

import pytest

from meetings.importing.readers import open_sheets
from meetings.importing.readers.number_formats import shown_number, shown_time
from meetings.tables.cells import CellKind
from meetings.tables.registry import BY_NAME, TABLES
from meetings.tables.resources import column_widget
from tests.importing.corpus.workbooks import workbook

WRITE = "Format the column as text and write it again."
# What somebody typed, as a spreadsheet keeps it, and what it then shows.
TURNED = {
    "month": (date(2018, 5, 1), "mmm-yy", "a date, shown as May-18."),
    "day": (date(2026, 1, 2), "d-mmm", "a date, shown as 2-Jan."),
    "day of the country": (date(2018, 7, 16), "mm-dd-yy", "a date, shown as 7/16/2018."),
    "date and time": (datetime(2018, 7, 16, 9), "m/d/yy h:mm", "a date, shown as 7/16/2018 9:00."),
    "time": (time(0, 46), "h:mm", "a time of day, shown as 0:46."),
    "share": (0.46, "0%", "a percentage, shown as 46%."),
    "dollars": (1200, '"$"#,##0', "a number, shown as $1,200."),
    "euros": (1200, "#,##0.00 [$€-407]", "a number, shown as 1,200.00 €."),
    "zeros": (7, "000", "a number, shown as 007."),
    "exponent": (1000, "0.00E+00", "a number, shown as 1.00E+03."),
    "many digits": (4420718000123, "General", "a number, shown as 4.42072E+12."),
    "fraction": (0.5, "# ?/?", "a number in a format of its own."),
    "truth": (True, "General", "a truth value, shown as TRUE."),
}
# What a sheet shows just as it is read.
KEPT = [(1985, "General", "1985"), (46, "0", "46"), (7, "@", "7"), (0.46, "General", "0.46")]


def columns_of(table, *kinds):
    return [name for name in table.columns if column_widget(table, name).kind in kinds]


def read(table, columns, cells):
    """Return the rows and the problems of a sheet: a row for each cell, alike in some columns."""

    def change(book):
        for line, (value, number_format, *_) in enumerate(cells, start=2):
            for name in columns:
                cell = book.active.cell(line, table.columns.index(name) + 1)
                cell.value, cell.number_format = value, number_format

    stream, problems = BytesIO(workbook([table.columns], change)), []
    (sheet,) = open_sheets(stream, name=f"{table.name}.xlsx", problems=problems)
    rows = [cells for _, _, cells in sheet.rows]
    return rows, [(p.line, p.column, p.problem) for p in problems]


def refused(columns, cells):
    """Return the problems of a sheet in which every cell is refused."""
    lines = enumerate(cells, start=2)
    return [(n, name, f"This cell holds {c[2]} {WRITE}") for n, c in lines for name in columns]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_of_text_slugs_and_choices_refuses_what_was_turned(table):
    columns = columns_of(table, CellKind.TEXT)

    rows, problems = read(table, columns, TURNED.values())

    assert rows == []
    assert problems == refused(columns, TURNED.values())


def test_number_that_is_shown_as_it_is_stays():
    rows, problems = read(BY_NAME["meetings"], ["title", "slug"], KEPT)

    assert problems == []
    assert [row[:2] for row in rows] == [[cell, cell] for _, _, cell in KEPT]


@pytest.mark.parametrize("name", ["meetings", "places", "outcomes"])
def test_column_of_numbers_refuses_what_is_no_number(name):
    columns = columns_of(BY_NAME[name], CellKind.NUMBER)
    cells = [TURNED[name] for name in ("month", "time", "share", "truth")]

    _, problems = read(BY_NAME[name], columns, cells)

    assert problems == refused(columns, cells)


def test_number_is_read_whatever_its_sheet_shows_of_it():
    columns = ["latitude", "longitude"]

    rows, problems = read(BY_NAME["places"], columns, [(60.1699, "0.00")])

    assert problems == []
    assert rows[0][-2:] == ["60.1699", "60.1699"]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.465, "0.0%", "46.5%"),
        (-1200.5, "[$$-409]#,##0.00;[RED]-[$$-409]#,##0.00", "-$1,200.50"),
        (-5, "#,##0_);[Red](#,##0)", "(5)"),
        (0, '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)', "-"),
        (0.30000000000000004, "General", "0.3"),
        (0.00001, "General", "1E-05"),
        (-24.5, "General", "-24.5"),
        (2.5, "0", "3"),
        (0.5, "#.##", ".5"),
        (1500, '0.0," k"', "1.5 k"),
        (46, '0 "min"', "46 min"),
        (46, 'General" min"', "46 min"),
        (5, "[>9]0;000", ""),
        (123456789, "000-00-0000", ""),
    ],
)
def test_number_is_shown_as_in_its_sheet(value, code, shown):
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("yyyy-mm-dd", "2018-05-01"),
        ("[$-409]mmm\\-yy;@", "May-18"),
        ("dd.mm.yyyy hh:mm", "01.05.2018 15:04"),
        ("h:mm:ss AM/PM", "3:04:09 PM"),
        ("[$-F800]dddd, mmmm dd, yyyy", "Tuesday, May 01, 2018"),
        ("mmmmm", "M"),
        ("mm:ss", "04:09"),
        ('yyyy"年"m"月"', "2018年5月"),
    ],
)
def test_date_is_shown_as_in_its_sheet(code, shown):
    assert shown_time(0, datetime(2018, 5, 1, 15, 4, 9), code) == shown


@pytest.mark.parametrize(
    ("days", "code", "shown"),
    [(1.25, "[h]:mm:ss", "30:00:00"), (46 / 1440, "h:mm", "0:46"), (46 / 1440, "[m]", "46")],
)
def test_length_of_time_is_shown_as_in_its_sheet(days, code, shown):
    assert shown_time(days, None, code) == shown
