"""Data of a plan: the rows of a file, and the changes of entries that they make."""

from dataclasses import dataclass, field
from typing import Any

from ...editing.changes import CellProblem, EntryChange
from ...models import ImportRow
from ...tables.registry import Table

BATCH_ENTRIES = 1_000


def entry_slug(table: Table, cells: dict[str, str]) -> str:
    """Return the slug of the entry that a row is, or belongs to."""
    return cells.get(table.owner or table.key[0], "")


@dataclass
class PlannedRow:
    """One row as in a file, and its effect; ``stored`` is its row in the database.

    ``old`` are the cells that it changes. ``completed`` is its list of sources with those that its
    texts cite, if the file lists fewer.
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


@dataclass
class PlannedChange(EntryChange):
    """The change that the rows of a file make to one entry."""

    rows: list[PlannedRow] = field(default_factory=list)

    def place_problems(self) -> None:
        """Add what speaks against the change to the rows that cause it, or else to the first."""
        by_key = {(row.table.name, row.key): row for row in self.rows}
        for problem in self.problems:
            row = by_key.get((problem.table, problem.key), self.rows[0])
            row.problems.append(problem)
            row.action = ImportRow.Action.WRONG
