"""One table in a file: matching its header with the columns, and checking the shape of its rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from openpyxl.utils.cell import get_column_letter

from ...tables.cells import MAX_CELL_CHARACTERS
from ...tables.csv import unescape_formula
from ...tables.registry import Table
from ..problems import Problem
from .columns import BLANK_LINE, DELETE_INDEX, HeaderNames, header_digest, header_name
from .csv_files import Dialect
from .errors import RecordError
from .limits import RowCounter
from .rows import Record

# Lines after the first in which a header is looked for, where the first is none.
LINES_BEFORE_HEADER = 5
ABOVE_HEADER = (
    "This line names no column; line {line} does. Delete what stands above it: the first line names"
    " the columns."
)


@dataclass
class Sheet:
    """One table in a file. ``rows`` yields the line where a record starts, its number, its cells.

    ``columns`` are the table's columns that the file has, in the file's order, like the cells, and
    ``header`` the names that stand in it. ``worksheet`` is the sheet's name in its workbook, and
    ``unread`` are the other sheets with rows. Rows of a wrong shape are reported as problems and
    not yielded; ``row_count`` and ``hidden_count`` count those read, and those of them that are
    hidden.
    """

    table: Table
    file: str
    columns: list[str] = field(default_factory=list)
    rows: Iterator[tuple[int, int, list[str]]] = field(default_factory=lambda: iter(()))
    header: list[str] = field(default_factory=list)
    worksheet: str = ""
    unread: list[str] = field(default_factory=list)
    dialect: Dialect = field(default_factory=Dialect)
    row_count: int = 0
    hidden_count: int = 0
    is_edited: bool = False


@dataclass
class Header:
    """A file's first row: its width, the index of each column, and the indexes without a name.

    ``ignored`` are the indexes of what lists add to their rows, or of what somebody left out.
    """

    width: int
    indexes: dict[str, int]
    unnamed: list[int]
    ignored: set[int]

    def name_of(self, index: int | None) -> str:
        """Return the name of the column at an index; nothing where it has none."""
        return next((name for name, found in self.indexes.items() if found == index), "")


def read_sheet(
    sheet: Sheet,
    records: Iterator[Record],
    problems: list[Problem],
    counter: RowCounter,
    *,
    is_raw: bool,
    matches: dict[str, dict[str, str]],
) -> None:
    """Read a sheet's header, and set its rows to an iterator that reads them.

    ``matches`` are the columns that were matched by hand, by the digest of the header.
    """
    try:
        first = next(records, None)
    except RecordError as error:
        problems.append(reading_ended(sheet, error, None))
        return
    header = None
    if first is None:
        text = "The file is empty. Its first line must name the columns."
        problems.append(Problem(sheet.file, 1, 0, "", "", text))
    elif first.problems:
        problems += [
            Problem(sheet.file, 1, 0, "", value, text) for _, value, text in first.problems
        ]
    else:
        header = read_header(sheet, first, records, problems, matches)
    if header is not None:
        sheet.rows = shaped_rows(sheet, header, records, problems, counter, is_raw=is_raw)


def reading_ended(sheet: Sheet, error: RecordError, header: Header | None, row: int = 0) -> Problem:
    """Return the problem of the record after which nothing more can be read."""
    name = header.name_of(error.index) if header else ""
    cell = f"column “{name}”" if name else f"cell {(error.index or 0) + 1}"
    return Problem(sheet.file, error.line, row, name, "", error.problem.replace("{cell}", cell))


def read_header(
    sheet: Sheet,
    first: Record,
    records: Iterator[Record],
    problems: list[Problem],
    matches: dict[str, dict[str, str]],
) -> Header | None:
    """Return the header of a first record; None, and problems, if the file cannot be read by it."""
    sheet.header = [header_name(cell) for cell in first.cells]
    found = header_names(sheet.table, sheet.header, matches)
    sheet.columns = found.known
    cell_problems = found.problems()
    if found.is_other_text and (line := header_below(sheet.table, records)):
        cell_problems = [("", first.cells[0], ABOVE_HEADER.format(line=line), "")]
    elif first.line != 1:
        cell_problems = [("", "", BLANK_LINE, "")]
    problems += [Problem(sheet.file, 1, 0, *problem) for problem in cell_problems]
    if cell_problems:
        return None
    named = {name: index for index, name in enumerate(found.names) if name}
    indexes = {name: index for name, index in named.items() if index not in found.ignored}
    unnamed = [
        index for index, name in enumerate(found.names) if not name and index not in found.ignored
    ]
    return Header(len(found.names), indexes, unnamed, found.ignored)


def header_names(table: Table, given: list[str], matches: dict[str, dict[str, str]]) -> HeaderNames:
    """Return what the cells of a header name, with what was matched by hand of this header."""
    return HeaderNames(table, given, matches.get(header_digest(table, given), {}))


def header_below(table: Table, records: Iterator[Record]) -> int:
    """Return the line of a header that stands below the first lines, or 0."""
    try:
        for record in islice(records, LINES_BEFORE_HEADER):
            known = {header_name(cell) for cell in record.cells} & {*table.columns}
            if len(known) > 1:
                return record.line
    except RecordError:
        # What cannot be read is said once the first line is a header.
        return 0
    return 0


def filled_records(records: Iterator[Record], width: int) -> Iterator[Record]:
    """Yield the records, without lines and cells that are empty beyond the header."""
    for record in records:
        if len(record.cells) > width and not any(map(str.strip, record.cells[width:])):
            record = record._replace(cells=record.cells[:width])
        if record.problems or any(map(str.strip, record.cells)):
            yield record


def shaped_rows(
    sheet: Sheet,
    header: Header,
    records: Iterator[Record],
    problems: list[Problem],
    counter: RowCounter,
    *,
    is_raw: bool,
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield line, number and cells of the rows that have the header's shape."""
    indexes = list(header.indexes.values())
    number = 0
    try:
        for record in counter.counted(filled_records(records, header.width)):
            number += 1
            sheet.row_count, sheet.hidden_count = number, sheet.hidden_count + record.is_hidden
            line, cells, all_problems, _ = record
            cell_problems = [each for each in all_problems if each.position not in header.ignored]
            if found := cell_problems or shape_problems(sheet, header, record):
                problems += [
                    Problem(sheet.file, line, number, header.name_of(index), value, text)
                    for index, value, text in found
                ]
                continue
            texts = [cells[index] for index in indexes]
            yield line, number, texts if is_raw else [unescape_formula(text) for text in texts]
    except RecordError as error:
        problems.append(reading_ended(sheet, error, header, number + 1))


def shape_problems(
    sheet: Sheet, header: Header, record: Record
) -> list[tuple[int | None, str, str]]:
    """Return the problems of a row's shape: index of the cell, its value, the problem."""
    cells = record.cells
    if len(cells) > header.width and sheet.worksheet:
        cell = f"{get_column_letter(len(cells))}{record.line}"
        text = f"The cell {cell} is filled, beyond the header, which has {header.width:,} cells."
        return [(None, cells[-1], f"{text} Empty it, or name its column.")]
    if len(cells) != header.width:
        word = "only" if len(cells) < header.width else "as many as"
        text = f"This row has {word} {len(cells):,} cells; the header has {header.width:,}."
        return [(None, "", text)]
    cell_problems: list[tuple[int | None, str, str]] = [
        (index, cells[index], unnamed_problem(index, cells[index]))
        for index in header.unnamed
        if cells[index].strip()
    ]
    if sum(map(len, cells)) > MAX_CELL_CHARACTERS:
        text = f"Shorten the text to at most {MAX_CELL_CHARACTERS:,} characters."
        long = (index for index, cell in enumerate(cells) if len(cell) > MAX_CELL_CHARACTERS)
        cell_problems += [(index, cells[index][:80], text) for index in long]
    return cell_problems


def unnamed_problem(index: int, cell: str) -> str:
    """Return what to do about a filled cell in a column without a name."""
    if index == 0 and cell.strip().isdecimal():
        return DELETE_INDEX
    return "This cell stands in a column without a name. Name it, or empty it."
