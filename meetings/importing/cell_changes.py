"""What a plan would do to the record, cell by cell: in words for a terminal, and as CSV."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..models import Import, ImportRow
from ..tables.csv import csv_pieces
from ..tables.registry import NEW_SLUG, TABLES_BY_NAME

Action = ImportRow.Action
COLUMNS = ("table", "key", "column", "old", "new")
# Of a long text, so much is shown around the place where it first differs.
MOST_SHOWN_CHARACTERS = 80
CONTEXT_CHARACTERS = 24


@dataclass(frozen=True)
class CellChange:
    """One cell that a plan gives another value; ``key`` is that of its row, joined by “|”."""

    table: str
    key: str
    column: str
    old: str
    new: str

    def __str__(self):
        place = f"{self.table} {self.key}, {self.column}"
        if not self.new:
            return f"{place}: cleared; it was “{excerpt(self.old, 0)}”"
        start = first_difference(self.old, self.new)
        return f"{place}: “{excerpt(self.old, start)}” → “{excerpt(self.new, start)}”"


def first_difference(old: str, new: str) -> int:
    """Return the place at which an excerpt begins that shows where two texts first differ."""
    if max(len(old), len(new)) <= MOST_SHOWN_CHARACTERS:
        return 0
    pairs = enumerate(zip(old, new, strict=False))
    shared = next((place for place, (a, b) in pairs if a != b), min(len(old), len(new)))
    return max(0, shared - CONTEXT_CHARACTERS)


def excerpt(text: str, start: int) -> str:
    """Return a part of a text on one line, with an ellipsis where it is cut."""
    part = text[start : start + MOST_SHOWN_CHARACTERS].replace("\n", "⏎")
    cut = "…" if start + MOST_SHOWN_CHARACTERS < len(text) else ""
    return f"{'…' if start else ''}{part}{cut}"


def changes_of(plan: Import) -> Iterator[CellChange]:
    """Yield what a plan would do, by row in the order of the files; of a new row each cell."""
    rows = plan.rows.filter(action__in=[Action.NEW, Action.CHANGED, Action.GONE])
    for row in rows.order_by("number").iterator():
        yield from changes_of_row(row)


def changed_cells(plan: Import) -> Iterator[CellChange]:
    """Yield the cells that a plan would change or clear in rows that are there."""
    rows = plan.rows.filter(action__in=[Action.CHANGED, Action.GONE])
    for row in rows.order_by("number").iterator():
        yield from changes_of_row(row)


def changes_of_row(row: ImportRow) -> Iterator[CellChange]:
    """Yield the cells that one row of a plan changes, in the order of the columns."""
    new = row.cells | ({"sources": row.completed} if row.completed else {})
    old = row.old
    if row.action == Action.NEW:
        old = {name: "" for name, cell in new.items() if cell}
    elif row.action == Action.GONE:
        old, new = {name: cell for name, cell in (row.old or new).items() if cell}, {}
    for column in (*TABLES_BY_NAME[row.table].columns, NEW_SLUG):
        if column in old:
            yield CellChange(row.table, row.key, column, old[column], new.get(column, ""))


def as_csv(changes: Iterable[CellChange]) -> Iterator[str]:
    """Yield a CSV file of changes for spreadsheets, header first."""
    lines = ([getattr(change, name) for name in COLUMNS] for change in changes)
    return csv_pieces(COLUMNS, ([line] for line in lines))
