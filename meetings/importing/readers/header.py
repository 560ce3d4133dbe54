"""One table in a file: its header matched with the columns, its rows checked for their shape."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...models.fields import normalize_text
from ...tables.cells import MAX_CELL_CHARACTERS
from ...tables.csv import unescape_formula
from ...tables.registry import Table
from ..problems import Problem, closest_match
from .limits import Tally
from .rows import Record, Unreadable

# A file with many more columns than any table is not looked at column by column.
WIDEST = 200


@dataclass
class Sheet:
    """One table in a file. ``rows`` yields the line where a record starts, its number, its cells.

    ``columns`` are those of the table that the file has, in the file's order, as are the cells of
    a row. What is wrong with a row's shape goes to the problems, and the row is not yielded.
    """

    table: Table
    file: str
    columns: list[str] = field(default_factory=list)
    rows: Iterator[tuple[int, int, list[str]]] = field(default_factory=lambda: iter(()))


@dataclass
class Header:
    """A file's first row: where each column of the table stands, and how wide the file is."""

    width: int
    places: dict[str, int]
    nameless: list[int]

    def name_of(self, place: int | None) -> str:
        """Return the name of the column at a place; of one without a name nothing."""
        return next((name for name, found in self.places.items() if found == place), "")


def read_sheet(
    sheet: Sheet, records: Iterator[Record], problems: list[Problem], tally: Tally, *, is_raw: bool
) -> None:
    """Read a sheet's header, and have its rows read as they are asked for."""
    try:
        first = next(records, None)
    except Unreadable as error:
        problems.append(end_of(sheet, error, None))
        return
    header = None
    if first is None:
        text = "The file is empty. Its first line must name the columns."
        problems.append(Problem(sheet.file, 1, 0, "", "", text))
    elif first.faults:
        problems += [Problem(sheet.file, 1, 0, "", value, text) for _, value, text in first.faults]
    else:
        header = read_header(sheet.table, sheet.file, first, problems)
        names = (normalize_text(cell).casefold() for cell in first.cells)
        sheet.columns = [name for name in dict.fromkeys(names) if name in sheet.table.columns]
    if header is not None:
        sheet.rows = shaped(sheet, header, records, problems, tally, is_raw=is_raw)


def end_of(sheet: Sheet, error: Unreadable, header: Header | None, row: int = 0) -> Problem:
    """Return the problem of the place from which one cannot read on."""
    name = header.name_of(error.place) if header else ""
    place = f"column “{name}”" if name else f"cell {(error.place or 0) + 1}"
    return Problem(sheet.file, error.line, row, name, "", error.problem.replace("{place}", place))


def read_header(table: Table, file: str, first: Record, problems: list[Problem]) -> Header | None:
    """Return what a header names, or None where the file cannot be read by it."""
    names = [normalize_text(cell).casefold() for cell in first.cells]
    faults = [("", "", hint, "")] if (hint := no_header(table, names)) else []
    faults = faults or list(wrong_names(table, names))
    if first.line != 1:
        faults = [("", "", "The first line is blank. It must name the columns.", "")]
    problems += [Problem(file, 1, 0, *fault) for fault in faults]
    if faults:
        return None
    places = {name: place for place, name in enumerate(names) if name}
    return Header(len(names), places, [place for place, name in enumerate(names) if not name])


def wrong_names(table: Table, names: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is wrong with the names of columns: column, value, problem, suggestion."""
    for name in dict.fromkeys(name for name in names if name):
        if name not in table.columns:
            hint = closest_match(name, [column for column in table.columns if column not in names])
            yield name, name, f"There is no column “{name[:60]}” in {table.name}.", hint
        elif (times := names.count(name)) > 1:
            yield name, name, f"The column “{name}” stands {times} times. Keep one.", ""
    for name in table.key:
        if name not in names:
            text = f"The column “{name}” is missing. Add it, or start from the template."
            yield name, "", text, ""


def no_header(table: Table, names: list[str]) -> str:
    """Return what to do about a first line that does not name columns at all."""
    if names and names[0].startswith("sep="):
        return "Take out the first line, “sep=…”. The first line names the columns."
    if not any(names):
        return "The first line is blank. It must name the columns."
    for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        parts = {part.strip(" '\"") for name in names for part in name.split(sign) if sign in name}
        if len(parts & set(table.columns)) > 1 or (len(names) == 1 and sign in names[0]):
            return f"The cells are separated by {word}. Save the file with commas (CSV UTF-8)."
    if sum(map(bool, names)) > WIDEST:
        return f"The first line has {len(names):,} cells; {table.name} has {len(table.columns)}."
    return ""


def filled(records: Iterator[Record], width: int) -> Iterator[Record]:
    """Yield the records that are more than a line of empty cells."""
    for record in records:
        if record.faults or len(record.cells) > width or any(map(str.strip, record.cells)):
            yield record


def shaped(
    sheet: Sheet,
    header: Header,
    records: Iterator[Record],
    problems: list[Problem],
    tally: Tally,
    *,
    is_raw: bool,
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the rows that have the header's shape, their cells in order of the sheet's columns."""
    places = list(header.places.values())
    number = 0
    try:
        for record in tally.counted(filled(records, header.width)):
            number += 1
            line, cells, faults = record
            if found := faults or wrong_shape(header, cells):
                problems += [
                    Problem(sheet.file, line, number, header.name_of(place), value, text)
                    for place, value, text in found
                ]
                continue
            texts = [cells[place] for place in places]
            yield line, number, texts if is_raw else [unescape_formula(text) for text in texts]
    except Unreadable as error:
        problems.append(end_of(sheet, error, header, number + 1))


def wrong_shape(header: Header, cells: list[str]) -> list[tuple[int | None, str, str]]:
    """Return what is wrong with a row's shape: the place of a cell, its value, the problem."""
    if len(cells) != header.width:
        word = "only" if len(cells) < header.width else "as many as"
        text = f"This row has {word} {len(cells):,} cells; the header has {header.width:,}."
        return [(None, "", text)]
    faults: list[tuple[int | None, str, str]] = [
        (place, cells[place], "This cell stands in a column without a name. Name it, or empty it.")
        for place in header.nameless
        if cells[place].strip()
    ]
    if sum(map(len, cells)) > MAX_CELL_CHARACTERS:
        text = f"Shorten the text to at most {MAX_CELL_CHARACTERS:,} characters."
        long = (place for place, cell in enumerate(cells) if len(cell) > MAX_CELL_CHARACTERS)
        faults += [(place, cells[place][:80], text) for place in long]
    return faults
