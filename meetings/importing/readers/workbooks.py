"""Which sheets of a workbook are read: the one of a table, or one for each table."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from itertools import islice
from typing import BinaryIO

from ...tables.cells import CellKind
from ...tables.registry import TABLES_BY_NAME, Table
from .columns import header_name
from .errors import RecordError
from .rows import Record
from .xlsx_files import KindsOfColumns, Workbook, Worksheet

IGNORED_TITLES = ("readme", "read me")


def no_kinds(header: list[str]) -> list[CellKind | None]:
    """Return no kind for each column, of cells that are only looked at."""
    return [None] * len(header)


class OpenWorkbook:
    """A workbook that stays open as long as something reads a sheet of it.

    ``opened`` yields it once, from within the context in which its file is open: when the last
    reader is gone, that generator is closed, and the file with it.
    """

    def __init__(self, opened: Iterator[Workbook]):
        self.opened = opened
        self.book = next(opened)
        self.worksheets = self.book.worksheets()

    def records(self, worksheet: Worksheet, kinds_of: KindsOfColumns) -> Iterator[Record]:
        """Yield the rows of a sheet, and keep the workbook open meanwhile."""
        yield from self.book.records(worksheet.path, kinds_of)

    def first_rows(self, worksheet: Worksheet, most: int) -> list[Record]:
        """Return the first filled rows of a sheet, up to one that cannot be read."""
        found: list[Record] = []
        with suppress(RecordError):
            found.extend(islice(self.records(worksheet, no_kinds), most))
        return found

    def has_rows(self, worksheet: Worksheet) -> bool:
        """Return whether a sheet has rows below its first one."""
        return len(self.first_rows(worksheet, 2)) > 1

    def sheet_of(self, table: Table, title: str = "") -> Worksheet:
        """Return the sheet to read for a table: of a title, or of the table's name, or else the
        first visible one whose header has the table's key, or else the first visible one.
        """
        for name in filter(None, (title, table.name)):
            for sheet in self.worksheets:
                if sheet.title.strip().casefold() == name.strip().casefold():
                    return sheet
        visible = [sheet for sheet in self.worksheets if sheet.is_visible] or self.worksheets
        for sheet in visible[: None if len(visible) > 1 else 0]:
            names = {header_name(cell) for row in self.first_rows(sheet, 1) for cell in row.cells}
            if names.issuperset(table.key):
                return sheet
        return visible[0]

    def others_with_rows(self, read: Worksheet) -> list[str]:
        """Return the names of the other visible sheets that have rows."""
        others = [sheet for sheet in self.worksheets if sheet.is_visible and sheet != read]
        return [sheet.title for sheet in others if self.has_rows(sheet)]

    def sheets_of_tables(self) -> list[tuple[str, Worksheet]]:
        """Return the visible sheets with cells, by name, if one of them is named after a table."""
        visible = [sheet for sheet in self.worksheets if sheet.is_visible]
        named = [(sheet.title.strip().casefold(), sheet) for sheet in visible]
        if not any(name in TABLES_BY_NAME for name, _ in named):
            return []
        return [
            (name, sheet)
            for name, sheet in named
            if name in TABLES_BY_NAME or (name not in IGNORED_TITLES and self.first_rows(sheet, 1))
        ]


def kept_open(
    open_stream: Callable[[], AbstractContextManager[BinaryIO]],
    make: Callable[[BinaryIO], Workbook],
):
    """Yield the workbook in a file once, and close both when nobody holds this generator."""
    with open_stream() as stream:
        book = make(stream)
        with book.archive:
            yield book
