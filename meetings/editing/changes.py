"""Changes of entries and references: how each is and is to be, and what speaks against it.

A form, a file, an undo and a restore make the two snapshots; ``checks`` adds the problems, and
``apply`` writes what differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..models import Import
from ..tables.registry import TABLES_BY_NAME, Table
from .snapshots import Key, Row, Snapshot, rows_by_key, with_slug

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


@dataclass
class CellProblem:
    """What is wrong with, or doubtful about, a cell of an entry or of one of its parts.

    With no column it is about a whole row, and with no table about the whole entry.
    ``is_certain`` is whether nothing but the suggestion can be meant.
    """

    column: str
    value: str
    problem: str
    suggestion: str = ""
    table: str = ""
    key: Key = ()
    is_certain: bool = False

    def as_list(self) -> list[str]:
        return [self.column, self.value[:1_000], self.problem, self.suggestion]

    @classmethod
    def from_list(cls, cells: list[str]) -> "CellProblem":
        """Return a problem from what ``as_list`` gave."""
        column, value, problem, suggestion = cells
        return cls(column, value, problem, suggestion)

    @property
    def sentence(self) -> str:
        """The problem with its place, for people at the desk: "Outcome (10), text: …"."""
        place = place_of(TABLES_BY_NAME[self.table], self.key, self.column) if self.table else ""
        return f"{place}: {self.words}" if place else self.words

    @property
    def words(self) -> str:
        """The problem where its place is seen, as at the field of a form."""
        hint = f" Did you mean “{self.suggestion}”?" if self.suggestion else ""
        return f"{self.problem}{hint}"


def place_of(table: Table, key: Key, column: str) -> str:
    """Return the name of a row or a cell of an entry: "Discussion (syria), summary", "Body"."""
    row = ""
    if table.owner:
        values = [value for name, value in zip(table.key, key, strict=True) if name != table.owner]
        row = f"{str(table.model._meta.verbose_name).capitalize()} ({', '.join(values)})"
    if not column:
        return row
    label = str(table.field(column).verbose_name)
    return f"{row}, {label}" if row else label.capitalize()


@dataclass(frozen=True)
class RowChange:
    """One row that a change adds, changes or takes out; ``old`` or ``new`` is None without one."""

    table: Table
    key: Key
    old: Row | None
    new: Row | None

    @property
    def changed_columns(self) -> list[str]:
        """The columns whose cells differ; of a new row all."""
        if self.old is None or self.new is None:
            return list(self.table.columns)
        return [name for name, cell in self.new.items() if cell != self.old[name]]


@dataclass
class EntryChange:
    """One entry or reference with its parts, before and after; ``pk`` is None if it is not stored.

    ``slug`` is the one after. ``old_pk`` is the id of a deleted entry, under which its revisions
    are kept. ``unreadable`` names the columns that could not be read, by table and key of the row:
    what else is wrong with such a row is not asked. ``denied`` names the right that a user lacks.
    ``is_exported_draft``: a file has each of the entry's columns, and says that it is a draft.
    ``merged_into`` is the slug of the row into which one that is deleted is merged, and
    ``merged_pk`` the id of the one that is merged into this.
    """

    own: Table
    slug: str
    pk: int | None
    revision: int
    before: Snapshot
    after: Snapshot
    old_pk: int | None = None
    problems: list[CellProblem] = field(default_factory=list)
    unreadable: dict[tuple[str, Key], set[str]] = field(default_factory=dict)
    denied: str = ""
    is_exported_draft: bool = False
    merged_into: str = ""
    merged_pk: int | None = None

    @property
    def cells(self) -> Row:
        """The entry's own cells after the change; empty if it has no row and gets none."""
        rows = self.after.get(self.own.name)
        return rows[0] if rows else {}

    @property
    def cells_before(self) -> Row:
        """The entry's own cells before the change; empty for a new entry."""
        rows = self.before.get(self.own.name)
        return rows[0] if rows else {}

    @property
    def status(self) -> str:
        """The status after the change; empty for a reference."""
        return self.cells.get("status", "")

    @property
    def former_status(self) -> str:
        return self.cells_before.get("status", "")

    @property
    def former_slug(self) -> str:
        """The slug before the change; empty for a new entry."""
        return self.cells_before.get(self.own.key[0], "")

    @property
    def is_new(self) -> bool:
        """Whether the entry never existed, so that it has no revisions."""
        return not self.before and self.old_pk is None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    @property
    def is_renamed(self) -> bool:
        return bool(self.cells and self.cells_before) and self.former_slug != self.slug

    @property
    def is_sound(self) -> bool:
        """Whether nothing speaks against the change so far."""
        return not self.problems and not self.unreadable

    @cached_property
    def row_changes(self) -> dict[str, list[RowChange]]:
        """The rows that differ, by table. The entry's own row stays the same when it is renamed."""
        before = with_slug(self.own, self.before, self.slug) if self.is_renamed else self.before
        found = {}
        for table in (self.own, *self.own.parts):
            if before.get(table.name) == self.after.get(table.name) and not self.is_renamed:
                continue
            old, new = rows_by_key(table, before), rows_by_key(table, self.after)
            if table is self.own and self.is_renamed:
                old = {(self.slug,): self.cells_before}
            changes = [
                RowChange(table, key, old.get(key), row)
                for key, row in new.items()
                if old.get(key) != row
            ]
            changes += [RowChange(table, key, old[key], None) for key in old if key not in new]
            if changes:
                found[table.name] = changes
        return found

    def refuse(
        self, problem: str, row: RowChange | None = None, column="", value="", suggestion=""
    ) -> None:
        """Add a problem of a cell, of a row, or of the entry as a whole."""
        table, key = (row.table.name, row.key) if row else ("", ())
        self.problems.append(CellProblem(column, value, problem, suggestion, table, key))

    def refuse_cell(self, column: str, problem: str, suggestion: str = "") -> None:
        """Add a problem of one of the entry's own cells."""
        value = self.cells.get(column, "")
        key = tuple(self.cells.get(name, "") for name in self.own.key)
        self.problems.append(CellProblem(column, value, problem, suggestion, self.own.name, key))


@dataclass(frozen=True)
class Attribution:
    """The act, user, note, kind of change, plan and writer, as the revisions record them.

    ``writer`` wrote what ``user`` published, where these are two. ``was_wrong`` is what a
    correction corrects.
    """

    act: str
    user: Any = None
    note: str = ""
    kind: str = ""
    plan: Import | None = None
    writer: Any = None
    was_wrong: str = ""


def with_cells(own: Table, state: Snapshot, **cells: str) -> Snapshot:
    """Return a snapshot in which the entry's own row has other cells."""
    return state | {own.name: [state[own.name][0] | cells]}


def sound(changes: Sequence[EntryChange]) -> list[EntryChange]:
    """Return the changes that nothing speaks against so far."""
    return [change for change in changes if change.is_sound]
