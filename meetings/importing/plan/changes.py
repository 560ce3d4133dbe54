"""Data of a plan: rows of a file, their problems, and the changes of entries that they make."""

from dataclasses import dataclass, field
from typing import Any

from ...editing.snapshots import Snapshot
from ...tables.registry import TABLES_BY_NAME, Table

Row = dict[str, str]
# Tables of entries, references and redirects, each after those that it refers to. Issues refer to
# no meeting; a meeting's discussions, which are its parts, refer to issues.
TABLES_IN_ORDER = tuple(
    TABLES_BY_NAME[name]
    for name in (
        "places",
        "actors",
        "sources",
        "issues",
        "meetings",
        "reactions",
        "themes",
        "milestones",
        "pages",
        "redirects",
    )
)
BATCH_ENTRIES = 1_000


def entry_slug(table: Table, cells: dict[str, str]) -> str:
    """Return the slug of the entry that a row is, or belongs to."""
    return cells.get(table.owner or table.key[0], "")


@dataclass
class RowProblem:
    """A problem, or a warning, of one row of a plan; with no column it is about the whole row."""

    column: str
    value: str
    problem: str
    suggestion: str = ""

    def as_list(self) -> list[str]:
        return [self.column, self.value[:1_000], self.problem, self.suggestion]


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
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)


@dataclass
class EntryChange:
    """One entry or reference with its parts, before and after a plan; ``pk`` is None if not stored.

    ``old_pk`` is the id of a deleted entry, under which its revisions are kept.
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
        """The entry's own cells after the change; empty if it has no row and gets none."""
        rows = self.after.get(self.own.name, [])
        return rows[0] if rows else {}

    @property
    def is_new(self) -> bool:
        """Whether the entry never existed, so that it has no revisions."""
        return not self.before and self.old_pk is None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after
