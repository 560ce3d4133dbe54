"""One table in a file: matching its header with the columns, and checking the shape of its rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...models.fields import normalize_text
from ...tables.cells import MAX_CELL_CHARACTERS
from ...tables.csv import unescape_formula
from ...tables.registry import ADDED_COLUMNS, Table
from ..problems import Problem, closest_match
from .errors import RecordError
from .limits import RowCounter
from .rows import Record

# A wider header gets one problem, rather than one for each column.
MOST_HEADER_CELLS = 200


@dataclass(frozen=True)
class NewColumn:
    """The column that took the place of another, and what to write in it."""

    name: str
    problem: str


RENAMED_COLUMNS = {
    ("sources", "checked"): NewColumn(
        "read", "Use “read”: not_opened for false, excerpt for true, or part or whole."
    ),
    ("sources", "state_media"): NewColumn(
        "ownership", "Use “ownership”: state for true, or public_service, private or party."
    ),
}


@dataclass
class Sheet:
    """One table in a file. ``rows`` yields the line where a record starts, its number, its cells.

    ``columns`` are the table's columns that the file has, in the file's order, like the cells.
    Rows of a wrong shape are reported as problems and not yielded.
    """

    table: Table
    file: str
    columns: list[str] = field(default_factory=list)
    rows: Iterator[tuple[int, int, list[str]]] = field(default_factory=lambda: iter(()))


@dataclass
class Header:
    """A file's first row: its width, the index of each column, and the indexes without a name.

    ``added`` are the indexes of what lists add to their rows, which is not read.
    """

    width: int
    indexes: dict[str, int]
    unnamed: list[int]
    added: set[int]

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
) -> None:
    """Read a sheet's header, and set its rows to an iterator that reads them."""
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
        header = read_header(sheet.table, sheet.file, first, problems)
        names = (normalize_text(cell).casefold() for cell in first.cells)
        sheet.columns = [name for name in dict.fromkeys(names) if name in sheet.table.columns]
    if header is not None:
        sheet.rows = shaped_rows(sheet, header, records, problems, counter, is_raw=is_raw)


def reading_ended(sheet: Sheet, error: RecordError, header: Header | None, row: int = 0) -> Problem:
    """Return the problem of the record after which nothing more can be read."""
    name = header.name_of(error.index) if header else ""
    cell = f"column “{name}”" if name else f"cell {(error.index or 0) + 1}"
    return Problem(sheet.file, error.line, row, name, "", error.problem.replace("{cell}", cell))


def read_header(table: Table, file: str, first: Record, problems: list[Problem]) -> Header | None:
    """Return the header of a first record; None, and problems, if the file cannot be read by it."""
    names = [normalize_text(cell).casefold() for cell in first.cells]
    cell_problems = [("", "", hint, "")] if (hint := missing_header(table, names)) else []
    cell_problems = cell_problems or list(column_problems(table, names))
    if first.line != 1:
        cell_problems = [("", "", "The first line is blank. It must name the columns.", "")]
    problems += [Problem(file, 1, 0, *problem) for problem in cell_problems]
    if cell_problems:
        return None
    added = {index for index, name in enumerate(names) if is_added_by_lists(table, name)}
    indexes = {name: index for index, name in enumerate(names) if name and index not in added}
    unnamed = [index for index, name in enumerate(names) if not name]
    return Header(len(names), indexes, unnamed, added)


def is_added_by_lists(table: Table, name: str) -> bool:
    """Return whether a column is one that a list adds to those of its table."""
    return name in ADDED_COLUMNS and name not in table.columns


def column_problems(table: Table, names: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield unknown, doubled and missing columns: column, value, problem, suggestion."""
    for name in dict.fromkeys(name for name in names if name):
        if new := RENAMED_COLUMNS.get((table.name, name)):
            yield name, name, f"The column “{name}” is no more. {new.problem}", new.name
        elif name not in (*table.columns, *ADDED_COLUMNS):
            hint = closest_match(name, [column for column in table.columns if column not in names])
            yield name, name, f"There is no column “{name[:60]}” in {table.name}.", hint
        elif (times := names.count(name)) > 1:
            yield name, name, f"The column “{name}” stands {times} times. Keep one.", ""
    for name in table.key:
        if name not in names:
            text = f"The column “{name}” is missing. Add it, or start from the template."
            yield name, "", text, ""


def missing_header(table: Table, names: list[str]) -> str:
    """Return what to do about a first line that is no header at all, or nothing."""
    if names and names[0].startswith("sep="):
        return "Take out the first line, “sep=…”. The first line names the columns."
    if not any(names):
        return "The first line is blank. It must name the columns."
    for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        parts = {part.strip(" '\"") for name in names for part in name.split(sign) if sign in name}
        if len(parts & set(table.columns)) > 1 or (len(names) == 1 and sign in names[0]):
            return f"The cells are separated by {word}. Save the file with commas (CSV UTF-8)."
    if sum(map(bool, names)) > MOST_HEADER_CELLS:
        return f"The first line has {len(names):,} cells; {table.name} has {len(table.columns)}."
    return ""


def filled_records(records: Iterator[Record], width: int) -> Iterator[Record]:
    """Yield the records, without lines of empty cells."""
    for record in records:
        if record.problems or len(record.cells) > width or any(map(str.strip, record.cells)):
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
            line, cells, all_problems = record
            cell_problems = [each for each in all_problems if each.position not in header.added]
            if found := cell_problems or shape_problems(header, cells):
                problems += [
                    Problem(sheet.file, line, number, header.name_of(index), value, text)
                    for index, value, text in found
                ]
                continue
            texts = [cells[index] for index in indexes]
            yield line, number, texts if is_raw else [unescape_formula(text) for text in texts]
    except RecordError as error:
        problems.append(reading_ended(sheet, error, header, number + 1))


def shape_problems(header: Header, cells: list[str]) -> list[tuple[int | None, str, str]]:
    """Return the problems of a row's shape: index of the cell, its value, the problem."""
    if len(cells) != header.width:
        word = "only" if len(cells) < header.width else "as many as"
        text = f"This row has {word} {len(cells):,} cells; the header has {header.width:,}."
        return [(None, "", text)]
    cell_problems: list[tuple[int | None, str, str]] = [
        (index, cells[index], "This cell stands in a column without a name. Name it, or empty it.")
        for index in header.unnamed
        if cells[index].strip()
    ]
    if sum(map(len, cells)) > MAX_CELL_CHARACTERS:
        text = f"Shorten the text to at most {MAX_CELL_CHARACTERS:,} characters."
        long = (index for index, cell in enumerate(cells) if len(cell) > MAX_CELL_CHARACTERS)
        cell_problems += [(index, cells[index][:80], text) for index in long]
    return cell_problems
