"""What a plan is made of: rows of a file, and the entries that they would change."""

from dataclasses import dataclass, field
from typing import Any

from ...editing.revisions import Snapshot
from ...tables.registry import BY_NAME, TABLES, Table

Row = dict[str, str]
# The tables whose rows are entries or references (or redirects), each after those it names. An
# issue names no meeting, while what was discussed at a meeting names its issue.
OWN = (
    *("places", "actors", "sources", "issues", "meetings"),
    *("reactions", "themes", "milestones", "pages", "redirects"),
)
# So many entries are looked at together.
ENTRIES = 1_000
GROUPS = tuple(BY_NAME[name] for name in OWN)


def group_of(table: Table) -> Table:
    """Return the table of the entries that a table's rows are, or are parts of."""
    return BY_NAME_OF_PART.get(table.name, table)


BY_NAME_OF_PART = {part.name: own for own in TABLES for part in own.parts}


def entry_slug(table: Table, cells: dict[str, str]) -> str:
    """Return the slug of the entry that a row is, or belongs to."""
    return cells.get(table.owner or table.key[0], "")


def keyed(table: Table, state: Snapshot) -> dict[tuple[str, ...], Row]:
    """Return the rows of one table in a snapshot by their key."""
    return {tuple(row[name] for name in table.key): row for row in state.get(table.name, [])}


@dataclass
class RowProblem:
    """What is wrong with one row of a plan; without a column, with the row as a whole."""

    column: str
    value: str
    problem: str
    suggestion: str = ""

    def as_list(self) -> list[str]:
        return [self.column, self.value[:1_000], self.problem, self.suggestion]


@dataclass
class PlannedRow:
    """One row as a file gives it, and what it would do; ``stored`` is its row in the database.

    ``completed`` is the list of sources that it is to have where its texts cite more than it lists.
    """

    table: Table
    key: tuple[str, ...]
    cells: dict[str, str]
    stored: Any = None
    action: str = ""
    old: dict[str, str] = field(default_factory=dict)
    completed: str = ""
    faults: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)


@dataclass
class EntryChange:
    """One entry or reference with its parts, before and after; new where ``pk`` is None.

    ``old_pk`` is the id that it had before it was deleted, under which its revisions are kept.
    """

    own: Table
    slug: str
    pk: int | None
    revision: int
    before: Snapshot
    after: Snapshot
    rows: list[PlannedRow]
    old_pk: int | None = None

    @property
    def cells(self) -> dict[str, str]:
        """The entry's own cells as they are to be; none where its row is not given either."""
        rows = self.after.get(self.own.name, [])
        return rows[0] if rows else {}

    @property
    def is_new(self) -> bool:
        """Whether there was never such an entry, so that nothing is known of it yet."""
        return not self.before and self.old_pk is None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after
