"""The first sheet of an XLSX workbook, row by row; the workbook itself is read by openpyxl.

The rows are read here, off the XML as it comes: openpyxl keeps something of every row, fills gaps
up to any size that a sheet declares, and warns of what it leaves out.
"""

import warnings
from collections.abc import Iterator
from typing import IO, BinaryIO
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS

from ...models.fields import normalize_text
from ...tables.cells import CellKind
from ...tables.registry import Table
from ...tables.resources import column_widget
from .rows import CellFault, Record, Unreadable
from .xlsx_cells import RawCell, Reading, Refusal
from .xlsx_xml import Rows, Strings

DAMAGED = "This workbook is damaged. Open it, save it as XLSX anew, and choose that."
NO_SHEET = "This workbook has no sheet with cells."
# What the parser of XML, and a cell that names no string or column, raise.
BROKEN = (expat.ExpatError, ValueError, IndexError, OverflowError)


class Workbook(ExcelReader):
    """A workbook without its sheets and strings, which are read as they are asked for."""

    def __init__(self, stream: IO[bytes]):
        super().__init__(stream, read_only=True, keep_links=False)
        with warnings.catch_warnings():
            # Of styles and properties that it does not know; no cell is among them.
            warnings.simplefilter("ignore")
            self.read()

    def read_strings(self):
        """Leave the strings for later."""

    def read_worksheets(self):
        """Leave the sheets for later."""

    def strings(self) -> list[str]:
        """Return the texts that cells name by number."""
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return []
        with self.archive.open(part.PartName[1:]) as stream:
            return list(Strings(stream))

    def first_sheet(self) -> str:
        """Return the name, inside the workbook, of the first sheet that is shown."""
        sheets = [
            (sheet.state != "visible", place, rel.target)
            for place, (sheet, rel) in enumerate(self.parser.find_sheets())
            if rel.target in self.valid_files and "chartsheet" not in rel.Type
        ]
        if not sheets:
            raise Unreadable(1, NO_SHEET)
        return min(sheets)[-1]


def opened(stream: BinaryIO) -> Workbook:
    """Return a workbook; raise Unreadable for whatever is the matter with it."""
    try:
        return Workbook(stream)
    except Exception as error:
        # Of broken workbooks openpyxl raises whatever comes up: KeyError, TypeError, SyntaxError.
        raise Unreadable(1, DAMAGED) from error


def records(stream: BinaryIO, table: Table) -> Iterator[Record]:
    """Yield the rows of the first sheet by their numbers in it; empty ones are none.

    Raises Unreadable at the first place from which one cannot read on.
    """
    book = opened(stream)
    line = 0
    with book.archive:
        try:
            reading = Reading(book.wb, book.strings())
            with book.archive.open(book.first_sheet()) as sheet:
                width = 0
                kinds: list[CellKind | None] = []
                for line, cells in Rows(sheet):
                    record = record_of(line, cells, reading, width, kinds)
                    if not any(map(str.strip, record.cells)) and not record.faults:
                        continue
                    if not width:
                        width, kinds = len(record.cells), kinds_of(record.cells, table)
                    yield record
        except BROKEN as error:
            raise Unreadable(line + 1, DAMAGED) from error


def kinds_of(header: list[str], table: Table) -> list[CellKind | None]:
    """Return what each column of a sheet holds; None for one that is not of the table."""
    names = [normalize_text(name).casefold() for name in header]
    return [column_widget(table, name).kind if name in table.columns else None for name in names]


def record_of(
    line: int, cells: list[RawCell], reading: Reading, width: int, kinds: list[CellKind | None]
) -> Record:
    """Return one row, as wide as the header, or wider where more cells are filled."""
    texts = [""] * width
    faults = []
    for cell in cells:
        place = cell.place
        try:
            text = reading.text(cell, kinds[place] if place < width else None)
        except Refusal as refusal:
            shown = cell.content if cell.formula is None else f"={cell.formula}"
            faults.append(CellFault(place, refusal.shown or shown, str(refusal)))
            continue
        if place >= len(texts) and text.strip():
            texts += [""] * (place + 1 - len(texts))
        if place < len(texts):
            texts[place] = text
    return Record(line, texts, tuple(faults))
