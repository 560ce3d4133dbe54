"""Data of a plan: the rows of a file, and the changes of entries that they make."""

from dataclasses import dataclass, field
from typing import Any

from ...editing.changes import CellProblem, EntryChange
from ...editing.deletion_checks import WAS_PUBLIC
from ...models import ImportRow
from ...tables.registry import NEW_SLUG, REMOVE, Table

BATCH_ENTRIES = 1_000
WITHDRAW_IN_FILE = " In a file, write withdrawn in “status”."


def entry_slug(table: Table, cells: dict[str, str]) -> str:
    """Return the slug of the entry that a row is, or belongs to."""
    return cells.get(table.owner or table.key[0], "")


@dataclass
class PlannedRow:
    """One row as in a file, and its effect; ``stored`` is its row in the database.

    ``old`` are the cells that it changes. ``completed`` is its list of sources with those that its
    texts cite, if the file lists fewer. ``new_slug`` is the slug that its entry is to have, and
    ``is_removed`` whether the file takes the row out.
    """

    table: Table
    key: tuple[str, ...]
    cells: dict[str, str]
    stored: Any = None
    action: str = ""
    old: dict[str, str] = field(default_factory=dict)
    completed: str = ""
    problems: list[CellProblem] = field(default_factory=list)
    warnings: list[CellProblem] = field(default_factory=list)
    new_slug: str = ""
    is_removed: bool = False


@dataclass
class PlannedChange(EntryChange):
    """The change that the rows of a file make to one entry."""

    rows: list[PlannedRow] = field(default_factory=list)

    def place_problems(self) -> None:
        """Add what speaks against the change to the rows that cause it, or else to the first."""
        by_key = {(row.table.name, self.key_after(row)): row for row in self.rows}
        first = next((row for row in self.rows if row.table is self.own), self.rows[0])
        for problem in self.problems:
            row = by_key.get((problem.table, problem.key), first)
            if self.is_renamed and row is first and problem.column == "slug":
                problem.column = NEW_SLUG
            if row.is_removed:
                problem.column = REMOVE
                problem.problem += WITHDRAW_IN_FILE if problem.problem == WAS_PUBLIC else ""
            row.problems.append(problem)
            row.action = ImportRow.Action.WRONG

    def key_after(self, row: PlannedRow) -> tuple[str, ...]:
        """Return a row's key after the change, which names the entry by its slug of then."""
        owner = row.table.owner or self.own.key[0]
        pairs = zip(row.table.key, row.key, strict=True)
        return tuple(self.slug if name == owner else part for name, part in pairs)
