"""The names in a file's header: which columns they are, and what is wrong with them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from ...models.fields import normalize_text
from ...tables.cells import CellKind
from ...tables.registry import ADDED_COLUMNS, FILE_COLUMNS, NEW_SLUG, TABLES, Table
from ...tables.resources import column_widget
from ..problems import closest_match

# A wider header gets one problem, rather than one for each column.
MOST_HEADER_CELLS = 200
# Columns of another table that a header has more, before it is taken for that table's.
LIKENESS = 2
# What pandas calls the column of its index, once it read it from a file.
INDEX_NAME = "unnamed:"
# A byte order mark of UTF-8, read as Latin letters.
BROKEN_MARK = "ï»¿"
OTHER_ENCODING = (
    "This was read in another encoding than UTF-8, which breaks letters. Open the CSV as UTF-8, or"
    " take the XLSX."
)
DELETE_INDEX = "Delete this column: it numbers the rows (in pandas: to_csv(index=False))."
BLANK_LINE = "The first line is blank. It must name the columns."
BYTE_ORDER_MARK = "\ufeff"
LEFT_OUT = ""


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
# Column, value, problem, suggestion.
ColumnProblem = tuple[str, str, str, str]


def header_name(cell: str) -> str:
    """Return a header's cell as names are compared: trimmed, in small letters."""
    return normalize_text(cell).strip(BYTE_ORDER_MARK).casefold()


@dataclass
class HeaderNames:
    """The cells of a header, and what they name.

    ``matches`` are what somebody said by hand: the column of a given name, or ``LEFT_OUT``.
    ``names`` are those after it, and ``ignored`` the indexes of what is left out by hand, or added
    by lists.
    """

    table: Table
    given: list[str]
    matches: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        self.names = [self.matches.get(name, name) for name in self.given]
        self.ignored = {
            index
            for index, (given, name) in enumerate(zip(self.given, self.names, strict=True))
            if (given and name == LEFT_OUT) or is_added_by_lists(self.table, name)
        }

    @property
    def known(self) -> list[str]:
        """The columns that it names, in the file's order."""
        return [name for name in dict.fromkeys(self.names) if name in self.table.file_columns]

    @property
    def kinds(self) -> list[CellKind | None]:
        """The kind of each column; None for one that the table lacks, or that is ignored."""
        return [
            None if index in self.ignored else column_kind(self.table, name)
            for index, name in enumerate(self.names)
        ]

    @property
    def is_other_text(self) -> bool:
        """Return whether it is a line of words, none of which is a column."""
        return not self.known and not missing_header(self.table, self.names)

    def problems(self) -> list[ColumnProblem]:
        """Return what is wrong with it."""
        hint = missing_header(self.table, self.names) or looks_like(self.table, self.names)
        return [("", "", hint, "")] if hint else list(column_problems(self.table, self.names))


def column_kind(table: Table, name: str) -> CellKind | None:
    """Return the kind of a column; None for one that the table lacks."""
    if name == NEW_SLUG:
        return CellKind.TEXT
    return column_widget(table, name).kind if name in table.columns else None


def header_digest(table: Table, given: list[str]) -> str:
    """Return what tells one header of a table from others."""
    names = given[:MOST_HEADER_CELLS]
    return sha256("\x1f".join([table.name, *names]).encode()).hexdigest()[:32]


def is_added_by_lists(table: Table, name: str) -> bool:
    """Return whether a column is one that a list adds to those of its table."""
    return name in ADDED_COLUMNS and name not in table.columns


def column_problems(table: Table, names: list[str]) -> Iterator[ColumnProblem]:
    """Yield unknown, doubled and missing columns: column, value, problem, suggestion."""
    for name in dict.fromkeys(name for name in names if name):
        if new := RENAMED_COLUMNS.get((table.name, name)):
            yield name, name, f"The column “{name}” is no more. {new.problem}", new.name
        elif name.startswith(BROKEN_MARK):
            yield name, name, OTHER_ENCODING, name.removeprefix(BROKEN_MARK)
        elif name.startswith(INDEX_NAME):
            yield name, name, DELETE_INDEX, ""
        elif name in FILE_COLUMNS and name not in table.file_columns:
            yield name, name, f"Rows of {table.name} have no “{name}”: they have no address.", ""
        elif name not in (*table.file_columns, *ADDED_COLUMNS):
            hint = nearest_column(name, [each for each in table.columns if each not in names])
            yield name, name, f"There is no column “{name[:60]}” in {table.name}.", hint
        elif (times := names.count(name)) > 1:
            yield name, name, f"The column “{name}” stands {times} times. Keep one.", ""
    for name in table.key:
        if name not in names:
            text = f"The column “{name}” is missing. Add it, or start from the template."
            yield name, "", text, ""


def nearest_column(name: str, columns: list[str]) -> str:
    """Return the column that a name most likely means, or nothing."""
    spelled = "_".join(name.replace("-", " ").split())
    return spelled if spelled in columns else closest_match(name, columns)


def missing_header(table: Table, names: list[str]) -> str:
    """Return what to do about a first line that is no header at all, or nothing."""
    if names and names[0].startswith("sep="):
        return "Take out the first line, “sep=…”. The first line names the columns."
    if not any(names):
        return BLANK_LINE
    if "|" in names[0] and len({*names[0].split("|")} & {*table.columns}) > 1:
        return (
            "The cells are separated by bars. Save the file with commas, semicolons or tabs, or as"
            " XLSX."
        )
    if sum(map(bool, names)) > MOST_HEADER_CELLS:
        return f"The first line has {len(names):,} cells; {table.name} has {len(table.columns)}."
    return ""


def looks_like(table: Table, names: list[str]) -> str:
    """Return which other table's columns these are much rather than this one's, or nothing."""
    given = {name for name in names if name}
    if given <= {*table.file_columns, *ADDED_COLUMNS}:
        return ""
    known = Counter({other.name: len(given & {*other.columns}) for other in TABLES})
    best = max(known.values())
    is_whole = best == len(given) and best > 1
    if not is_whole and best < known[table.name] + LIKENESS:
        return ""
    likely = [name for name, number in known.items() if number == best]
    return (
        f"This looks like {' or '.join(likely)}, not like {table.name}. Choose that table, or name"
        " the file or sheet after it."
    )
