"""Sheets of an XLSX workbook, and their rows; openpyxl reads the workbook, but not the rows.

openpyxl's reader keeps something of every row, fills gaps up to any size that a sheet declares, and
warns of what it leaves out, so the rows are read from the XML as a stream (``xlsx_xml``).
"""

import warnings
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import IO, BinaryIO, NamedTuple
from xml.parsers import expat
from zipfile import ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS

from ...tables.cells import CellKind
from .errors import CellError, RecordError
from .limits import Limits
from .rows import LONGEST_RECORD_CHARACTERS, CellProblem, Record, ReportingStream
from .xlsx_cells import CellReader, RawCell
from .xlsx_xml import ROW_TOO_LONG, SharedStrings, SheetRows, StringTable, transitional

DAMAGED_WORKBOOK = "This workbook is damaged. Open it, save it as XLSX again, and choose that."
NO_SHEET = "This workbook has no sheet with cells."
LARGE_PART = (
    "“{name}” in this workbook has {size:,} bytes; at most {most:,} are read. Copy the rows into a"
    " new workbook, or save them as CSV."
)
LARGE_STRINGS = (
    "The texts of this workbook (“{name}”) unpack to {size:,} bytes; the limit here is {most:,}."
    " Split it, save it as CSV, or use import_record."
)
MANY_STRINGS = (
    "This workbook has more than {most:,} different texts. Split it, save it as CSV, or use"
    " import_record."
)
# Of the parts that openpyxl reads whole (styles, list of sheets), which take many times as much.
LARGEST_PART_BYTES = 3_000_000
MOST_STRINGS = 3_000_000
# Raised by the XML parser, and for parts, strings or columns that do not exist.
PARSING_ERRORS = (expat.ExpatError, ValueError, LookupError, OverflowError)


class Parts(ZipFile):
    """The parts of a workbook; one that openpyxl would read whole is refused if it is large."""

    def read(self, name, pwd=None):
        """Return the bytes of a part; raise RecordError if there are too many."""
        size = self.getinfo(name).file_size
        if size > LARGEST_PART_BYTES:
            text = LARGE_PART.format(name=name, size=size, most=LARGEST_PART_BYTES)
            raise RecordError(0, text)
        return transitional(super().read(name, pwd))


class Worksheet(NamedTuple):
    """A sheet of cells: its name, its path inside the workbook, and whether it is shown."""

    title: str
    path: str
    is_visible: bool


KindsOfColumns = Callable[[list[str]], list[CellKind | None]]


class Workbook(ExcelReader):
    """A workbook whose sheets and strings are read later, as a stream.

    Raises RecordError where something of it cannot be read.
    """

    def __init__(self, stream: IO[bytes], limits: Limits, report: Callable[[], None]):
        self.limits, self.report = limits, report
        super().__init__(stream, read_only=True, keep_links=False)
        self.archive = Parts(stream)
        with warnings.catch_warnings():
            # openpyxl warns of unknown styles and properties, but of no cell.
            warnings.simplefilter("ignore")
            self.read()

    def read_strings(self):
        """Do nothing: ``strings`` reads them."""

    def read_worksheets(self):
        """Do nothing: ``records`` reads one."""

    def strings(self) -> StringTable:
        """Return the shared strings, to which cells refer by number.

        They stay in memory: raises RecordError if they are too many bytes, before they are read.
        """
        most = self.limits.strings
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return StringTable(0)
        name = part.PartName[1:]
        size = self.archive.getinfo(name).file_size
        if most is not None and size > most:
            raise RecordError(0, LARGE_STRINGS.format(name=name, size=size, most=most))
        # Text in a code page may be three times as long in UTF-8.
        found = StringTable(3 * size if most is None else min(3 * size, most))
        with self.archive.open(name) as stream:
            for text in SharedStrings(ReportingStream(stream, self.report)):
                found.append(text)
                if most is not None and len(found) > MOST_STRINGS:
                    raise RecordError(0, MANY_STRINGS.format(most=MOST_STRINGS))
        return found

    @cached_property
    def reader(self) -> CellReader:
        """The reader of the cells of all its sheets."""
        try:
            return CellReader(self.wb, self.strings())
        except PARSING_ERRORS as error:
            raise RecordError(1, DAMAGED_WORKBOOK) from error

    def worksheets(self) -> list[Worksheet]:
        """Return the sheets of cells, in their order; raises RecordError if there are none."""
        found = [
            Worksheet(sheet.name, rel.target, sheet.state == "visible")
            for sheet, rel in self.parser.find_sheets()
            if rel.target in self.valid_files and "chartsheet" not in rel.Type
        ]
        if not found:
            raise RecordError(1, NO_SHEET)
        return found

    def records(self, path: str, kinds_of: KindsOfColumns) -> Iterator[Record]:
        """Yield the rows of a sheet that are not empty, with their numbers as lines.

        ``kinds_of`` returns the kinds of the columns from the header. Raises RecordError where the
        rest of the sheet cannot be read.
        """
        line, width = 0, 0
        kinds: list[CellKind | None] = []
        try:
            with self.archive.open(path) as sheet:
                for line, cells, is_hidden in SheetRows(ReportingStream(sheet, self.report)):
                    record = row_record(line, cells, self.reader, width, kinds)
                    if not any(map(str.strip, record.cells)) and not record.problems:
                        continue
                    if not width:
                        width, kinds = len(record.cells), kinds_of(record.cells)
                    yield record._replace(is_hidden=is_hidden)
        except PARSING_ERRORS as error:
            raise RecordError(line + 1, DAMAGED_WORKBOOK) from error


def opened_workbook(
    stream: BinaryIO, limits: Limits, report: Callable[[], None] = lambda: None
) -> Workbook:
    """Return a workbook; raise RecordError if it is damaged in any way."""
    try:
        return Workbook(stream, limits, report)
    except RecordError:
        raise
    except Exception as error:
        # openpyxl raises KeyError, TypeError, SyntaxError and others for damaged workbooks.
        raise RecordError(1, DAMAGED_WORKBOOK) from error


def row_record(
    line: int, cells: list[RawCell], reader: CellReader, width: int, kinds: list[CellKind | None]
) -> Record:
    """Return one row, as wide as the header, or wider if cells beyond it are filled.

    Raises RecordError if its texts, which its cells may share, are too long together.
    """
    texts = [""] * width
    problems = []
    characters = 0
    for cell in cells:
        index = cell.position
        try:
            text = reader.text(cell, kinds[index] if index < width else None)
        except CellError as refusal:
            shown = cell.content if cell.formula is None else f"={cell.formula}"
            problems.append(CellProblem(index, refusal.shown or shown, str(refusal)))
            continue
        characters += len(text)
        if characters > LONGEST_RECORD_CHARACTERS:
            raise RecordError(line, ROW_TOO_LONG)
        if index >= len(texts) and text.strip():
            texts += [""] * (index + 1 - len(texts))
        if index < len(texts):
            texts[index] = text
    return Record(line, texts, tuple(problems))
