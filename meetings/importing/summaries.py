"""What was understood of a file: its tables, sheets, separators, columns, and places in sheets."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, dataclass, field, replace
from typing import Any

from openpyxl.utils.cell import get_column_letter

from ..models import Import
from ..tables.registry import TABLES_BY_NAME, Table
from .problems import Problem
from .readers import DELIMITERS, MOST_HEADER_CELLS, Sheet, header_names, is_added_by_lists


@dataclass
class SheetSummary:
    """One table of a file: the names in its header, the columns that they are, and its rows.

    ``is_edited`` is whether it is not as its data package describes it.
    """

    table_name: str
    file: str
    header: list[str]
    found: list[str]
    worksheet: str = ""
    unread: list[str] = field(default_factory=list)
    delimiter: str = ","
    row_count: int = 0
    hidden_count: int = 0
    is_edited: bool = False

    @classmethod
    def of(cls, sheet: Sheet) -> "SheetSummary":
        return cls(
            sheet.table.name,
            sheet.file,
            sheet.header[:MOST_HEADER_CELLS],
            sheet.columns,
            sheet.worksheet,
            sheet.unread,
            sheet.dialect.delimiter,
            sheet.row_count,
            sheet.hidden_count,
            sheet.is_edited,
        )

    @property
    def table(self) -> Table:
        return TABLES_BY_NAME[self.table_name]

    @property
    def missing(self) -> list[str]:
        """The columns of the table that it lacks."""
        return [name for name in self.table.columns if name not in self.found]

    @property
    def asked(self) -> list[str]:
        """The names in its header of which can be asked which column they are."""
        names = dict.fromkeys(self.header)
        return [name for name in names if name and not is_added_by_lists(self.table, name)]

    @property
    def is_of_workbook(self) -> bool:
        """Whether it is one of several tables in a workbook, each in its sheet."""
        return bool(self.worksheet) and self.file.endswith(f"/{self.worksheet}")

    @property
    def format(self) -> str:
        """What kind of file it is, in words."""
        if self.worksheet:
            return "XLSX workbook"
        return f"text in UTF-8, its cells separated by {DELIMITERS[self.delimiter]}"

    def cell(self, line: int, column: str, matches: dict[str, dict[str, str]]) -> str:
        """Return a place in a sheet as spreadsheets name it: “Sheet1!C5”, or “Sheet1!5:5”."""
        if not self.worksheet or not line:
            return ""
        names = header_names(self.table, self.header, matches).names
        if column in names:
            return f"{self.worksheet}!{get_column_letter(names.index(column) + 1)}{line}"
        return f"{self.worksheet}!{line}:{line}"

    def notices(self) -> Iterator[str]:
        """Yield what a reader of the file did that is not to be passed over in silence."""
        if self.worksheet and not self.is_of_workbook:
            others = "".join(f" Not read, though it has rows: “{name}”." for name in self.unread)
            yield f"{self.file}: the sheet “{self.worksheet}” was read.{others}"
        if self.hidden_count:
            are = "is" if self.hidden_count == 1 else "are"
            yield (
                f"{self.file}: {self.hidden_count:,} of the {self.row_count:,} rows read {are}"
                " hidden in the sheet, as by a filter."
            )
        if self.is_edited:
            yield f"{self.file}: edited since datapackage.json was written: its hash differs."


@dataclass
class UploadSummary:
    """The tables of a file, and whether it has few rows.

    ``problems`` are those of its headers, because of which its rows are not read at all.
    """

    sheets: list[SheetSummary]
    problems: list[Problem] = field(default_factory=list)
    is_small: bool = True

    @classmethod
    def of(cls, sheets: Iterable[Sheet]) -> "UploadSummary":
        return cls([SheetSummary.of(sheet) for sheet in sheets])

    def as_json(self) -> dict[str, Any]:
        return {
            "sheets": [asdict(sheet) for sheet in self.sheets],
            "problems": [astuple(problem) for problem in self.problems],
            "is_small": self.is_small,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "UploadSummary":
        return cls(
            [SheetSummary(**sheet) for sheet in stored["sheets"]],
            [Problem(*values) for values in stored["problems"]],
            stored["is_small"],
        )

    @property
    def notices(self) -> list[str]:
        """What a reader of the file did that is not to be passed over in silence."""
        return [notice for sheet in self.sheets for notice in sheet.notices()]


class Places:
    """The places of rows and cells in the sheets of an import's workbooks."""

    def __init__(self, sheets: Iterable[SheetSummary], matches: dict[str, dict[str, str]]):
        self.sheets = {sheet.file: sheet for sheet in sheets if sheet.worksheet}
        self.matches = matches

    @classmethod
    def of(cls, imported: Import) -> "Places":
        """Return the places in the file of an import that was looked at."""
        found = UploadSummary.from_json(imported.headers).sheets if imported.headers else []
        return cls(found, imported.reading.get("matches", {}))

    def cell(self, file: str, line: int, column: str = "") -> str:
        """Return a place as spreadsheets name it; nothing in a file of text."""
        sheet = self.sheets.get(file)
        return sheet.cell(line, column, self.matches) if sheet else ""

    def locate(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield problems with the cells that they are about."""
        for problem in problems:
            cell = self.cell(problem.file, problem.line, problem.column)
            yield replace(problem, cell=cell) if cell else problem
