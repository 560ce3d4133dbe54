"""Workbooks (XLSX, ECMA-376) written as a stream: a sheet for each table, cells of their kind.

openpyxl takes more than three times as long for the same cells, and writes other bytes each time.
Dates before March 1900, which programs count differently, and times with their zone are text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ..models.fields import FORBIDDEN_CHARACTER
from .cells import CellKind
from .csv import unescape_formula
from .registry import ADDED_COLUMNS, Table
from .resources import column_widget

# The most characters (units of UTF-16) of a cell, and rows of a sheet: what spreadsheets open.
MOST_CELL_UNITS = 32_767
MOST_ROWS = 1_048_576
# Stands for a text that is too long. An import keeps what the record has.
LEFT_OUT = "[Left out: longer than a cell may be. An import of this sheet keeps the text.]"
# The list of a cell's choices is given in so many characters at most.
MOST_CHOICE_CHARACTERS = 255
# What a reader would take for the escape of a character (ECMA-376, ST_Xstring).
LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
FIRST_DAY = date(1899, 12, 30)
FIRST_DATE = date(1900, 3, 1)
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
GENERAL, TEXT, DATE, HEAD = range(4)
STYLE_OF_KIND = {CellKind.NUMBER: GENERAL, CellKind.DATE: DATE}
WIDE, NARROW = 60, 18

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    + "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="0" xfId="0"'
        ' applyNumberFormat="1" applyFont="1"/>'
        for number, font in ((49, 0), (164, 0), (49, 1))
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)


class Column(NamedTuple):
    """A column of a sheet: its name, the kind of its cells, and the values to choose from."""

    name: str
    kind: CellKind = CellKind.TEXT
    choices: tuple[str, ...] = ()
    is_wide: bool = False


class Sheet(NamedTuple):
    """A sheet with the name of its table; rows are cells as in a CSV file, in batches."""

    name: str
    columns: Sequence[Column]
    batches: Iterable[Iterable[Sequence[str]]] = ()


# As the lists write them: a number is one, and a time with its zone is text.
ADDED = tuple(
    Column(name, CellKind.NUMBER if name == "revision" else CellKind.TEXT) for name in ADDED_COLUMNS
)


@cache
def columns_of(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table's sheet."""
    found = []
    for name in table.columns:
        widget = column_widget(table, name)
        choices = tuple(getattr(widget, "values", ()))
        found.append(Column(name, widget.kind, choices, name in table.prose_columns))
    return tuple(found)


class Sink:
    """What a zip is written to: gathers the bytes until they are taken."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: bytes are taken when the writer asks."""

    def taken(self) -> bytes:
        """Return the bytes that were written since they were taken last."""
        found = b"".join(self.pieces)
        self.pieces.clear()
        return found


def xlsx_pieces(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """Yield a workbook in pieces; of its sheets, one batch of rows is held at a time.

    Raises OverflowError for more rows than a sheet can have.
    """
    sink: Any = Sink()
    names = []

    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for number, sheet in enumerate(sheets, start=1):
            names.append(sheet.name)
            with archive.open(part(f"xl/worksheets/sheet{number}.xml"), "w") as stream:
                for text in sheet_pieces(sheet, is_first=number == 1):
                    stream.write(text.encode())
                    if data := sink.taken():
                        yield data
        for name, text in workbook_parts(names).items():
            archive.writestr(part(name), text)
    yield sink.taken()


def part(name: str) -> ZipInfo:
    """Return the header of a part, which bears no time: the same rows give the same bytes."""
    info = ZipInfo(name, FIXED_TIME)
    info.compress_type = ZIP_DEFLATED
    return info


def sheet_pieces(sheet: Sheet, *, is_first: bool) -> Iterator[str]:
    """Yield the XML of a sheet: its first row stays in view, and columns have a kind throughout."""
    letters = [column_letters(index) for index in range(len(sheet.columns))]
    tab = ' tabSelected="1"' if is_first else ""
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{WIDE if column.is_wide else NARROW}"'
        f' style="{STYLE_OF_KIND.get(column.kind, TEXT)}" customWidth="1"/>'
        for n, column in enumerate(sheet.columns, start=1)
    )
    names = "".join(
        text_cell(letter, 1, column.name, HEAD)
        for letter, column in zip(letters, sheet.columns, strict=True)
    )
    yield (
        f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView{tab} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f'</sheetView></sheetViews><cols>{widths}</cols><sheetData><row r="1">{names}</row>'
    )
    writers = [
        (letter, CELL_WRITERS.get(column.kind, text_cell))
        for letter, column in zip(letters, sheet.columns, strict=True)
    ]
    number = 1
    for rows in sheet.batches:
        written = [row_xml(n, cells, writers) for n, cells in enumerate(rows, start=number + 1)]
        number += len(written)
        if number > MOST_ROWS:
            raise OverflowError(f"A sheet has at most {MOST_ROWS:,} rows.")
        yield "".join(written)
    yield f"</sheetData>{validations(sheet.columns, letters)}</worksheet>"


def row_xml(number: int, cells: Sequence[str], writers: list[tuple[str, Callable]]) -> str:
    filled = "".join(
        write(letter, number, cell)
        for cell, (letter, write) in zip(cells, writers, strict=True)
        if cell
    )
    return f'<row r="{number}">{filled}</row>'


def text_cell(letter: str, row: int, text: str, style: int = TEXT) -> str:
    """Return a cell of text; one that is too long is left out, and says so."""
    if len(text) * 2 > MOST_CELL_UNITS and units(text) > MOST_CELL_UNITS:
        text = LEFT_OUT
    # A file is read back without the apostrophe that keeps a spreadsheet from a formula.
    if text[0] == "'" and unescape_formula(text) != text:
        text = f"'{text}"
    if "_x" in text:
        text = LIKE_AN_ESCAPE.sub("_x005F_", text)
    text = escape(FORBIDDEN_CHARACTER.sub("", text))
    return (
        f'<c r="{letter}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t>'
        "</is></c>"
    )


def units(text: str) -> int:
    """Return the number of units of UTF-16 in a text, by which spreadsheets count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def number_cell(letter: str, row: int, text: str) -> str:
    return f'<c r="{letter}{row}" s="{GENERAL}"><v>{text}</v></c>'


def date_cell(letter: str, row: int, text: str) -> str:
    day = date.fromisoformat(text)
    if day < FIRST_DATE:
        return text_cell(letter, row, text)
    return f'<c r="{letter}{row}" s="{DATE}"><v>{(day - FIRST_DAY).days}</v></c>'


CELL_WRITERS = {CellKind.NUMBER: number_cell, CellKind.DATE: date_cell}


@cache
def column_letters(index: int) -> str:
    """Return the letters of a column: A for 0, AA for 26."""
    before, last = divmod(index, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)


def validations(columns: Sequence[Column], letters: list[str]) -> str:
    """Return the lists of values that the cells of columns may be chosen from."""
    found = [
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1"'
        f' sqref="{letter}2:{letter}{MOST_ROWS}"><formula1>{escape(listed)}</formula1>'
        "</dataValidation>"
        for letter, column in zip(letters, columns, strict=True)
        if column.choices
        and len(listed := f'"{",".join(column.choices)}"') <= MOST_CHOICE_CHARACTERS
    ]
    if not found:
        return ""
    return f'<dataValidations count="{len(found)}">{"".join(found)}</dataValidations>'


def workbook_parts(names: list[str]) -> dict[str, str]:
    """Return the parts of a workbook besides its sheets, by name."""
    numbers = range(1, len(names) + 1)
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    kinds = {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles"}
    kinds |= {f"/xl/worksheets/sheet{n}.xml": "worksheet" for n in numbers}
    types = "".join(
        f'<Override PartName="{name}" ContentType="{CONTENT_TYPE}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    links = [(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    links.append((len(names) + 1, "styles", "styles.xml"))
    return {
        "[Content_Types].xml": f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": relationships([(1, "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relationships(links),
        "xl/styles.xml": STYLES,
    }


def relationships(links: Iterable[tuple[int, str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, kind, target in links
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'
