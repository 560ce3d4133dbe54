"""What two people changed apart, joined cell by cell against the revision that a form showed.

Only a cell that both changed is asked about. Lists of slugs are joined as sets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256

from ..models import Revision, VersionedModel
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_MODEL, Table
from .errors import Conflict, Stale
from .snapshots import Change, Key, Row, Snapshot, compare, with_present_slugs, with_slug

YOURS, THEIRS = "yours", "theirs"
# Answers to conflicts, by ``Conflict.name``, as ``answer`` makes them.
Choices = dict[str, str]
DIGEST_CHARACTERS = 12


@dataclass(frozen=True)
class Edit:
    """What was typed in the form of an entry.

    ``moved`` maps the keys that parts had in the form, without the entry's, to those typed, by
    table.
    """

    snapshot: Snapshot
    moved: dict[str, dict[Key, Key]] = field(default_factory=dict)
    choices: Choices = field(default_factory=dict)


def answer(conflict: Conflict, side: str) -> str:
    """Return the value that answers a conflict, for as long as theirs stays what was shown."""
    digest = sha256(repr((conflict.base, conflict.theirs)).encode()).hexdigest()
    return f"{side}:{digest[:DIGEST_CHARACTERS]}"


def chosen_side(conflict: Conflict, choices: Choices) -> str:
    """Return the side that was chosen of a conflict, or nothing."""
    chosen = choices.get(conflict.name)
    return next((side for side in (YOURS, THEIRS) if chosen == answer(conflict, side)), "")


def is_stale(current: VersionedModel, seen: int | None) -> bool:
    """Return whether the row was changed since revision ``seen``; None is never stale."""
    return not (seen is None or seen == current.revision or (seen, current.revision) == (0, 1))


def refuse_if_stale(current: VersionedModel, seen: int | None) -> None:
    """Raise Stale if the row was changed since revision ``seen``."""
    if is_stale(current, seen):
        raise stale(current, base_of(current, seen))


def stale(current: VersionedModel, base: Snapshot, conflicts: tuple[Conflict, ...] = ()) -> Stale:
    """Return the refusal of a form that shows ``base``, with what was changed since."""
    latest = Revision.objects.latest_of(current)
    changes: list[Change] = []
    if base and latest:
        (now,) = with_present_slugs([latest.snapshot])
        changes = list(compare(base, now))
    who, when = author_and_time(latest)
    problem = (
        f"This entry was changed by {who} at {when}. Your text is kept below."
        " Compare, then save again."
    )
    return Stale([problem], latest, changes, list(conflicts))


def base_of(current: VersionedModel, seen: int | None) -> Snapshot:
    """Return what a form opened at a revision showed, with the slugs of today; or nothing."""
    # A form opened before the row had a revision shows what its first one holds.
    base = Revision.objects.of(current).filter(number=1 if seen == 0 else seen).first()
    return with_present_slugs([base.snapshot])[0] if base else {}


def author_and_time(revision: Revision | None) -> tuple[str, str]:
    """Return who made a revision and when, as messages say it."""
    if revision is None:
        return "an import", ""
    user, at = revision.made_by, revision.made_at
    who = (user.get_full_name() or user.get_username()) if user else "an import"
    return who, f"{at:%H:%M} UTC on {at.day} {at:%B %Y}"


def join_with_present(
    current: VersionedModel, present: Snapshot, after: Snapshot | Edit | None, seen: int | None
) -> Snapshot | Edit | None:
    """Return ``after`` joined with what others saved since revision ``seen``.

    Raises Stale if a cell that both changed is not chosen, or if nothing was typed.
    """
    if not is_stale(current, seen):
        return after
    base = base_of(current, seen)
    if after is None:
        raise stale(current, base)
    edit = after if isinstance(after, Edit) else Edit(after)
    join = Join(TABLES_BY_MODEL[type(current)], base, edit, present)
    joined = join.snapshot()
    if join.undecided:
        raise stale(current, base, tuple(join.conflicts))
    return replace(edit, snapshot=joined)


class Join:
    """The join of what was typed with the present state, against what both began from."""

    def __init__(self, own: Table, base: Snapshot, edit: Edit, present: Snapshot):
        self.own, self.edit = own, edit
        self.base, self.present = base, present
        # What both changed, and of that what nobody chose: a page asks about all of it again.
        self.conflicts: list[Conflict] = []
        self.undecided: list[Conflict] = []

    def snapshot(self) -> Snapshot:
        """Return the joined snapshot; what both changed is added to ``conflicts``."""
        found = {table.name: list(self.rows(table)) for table in (self.own, *self.own.parts)}
        slug = found[self.own.name][0]["slug"]
        mine = self.edit.snapshot[self.own.name][0]["slug"]
        # Parts are joined under the typed slug; the entry's own may be that of the other side.
        return with_slug(
            self.own,
            {name: rows for name, rows in found.items() if rows}
            | {self.own.name: [found[self.own.name][0] | {"slug": mine}]},
            slug,
        )

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield the joined rows of one table."""
        moved = self.edit.moved.get(table.name, {})
        mine = part_rows(table, self.edit.snapshot)
        base, theirs = (
            move_rows(table, part_rows(table, state), moved) for state in (self.base, self.present)
        )
        for key in dict.fromkeys((*theirs, *mine)):
            was, typed, now = base.get(key), mine.get(key), theirs.get(key)
            row = self.joined_row(table, key, was, typed, now, is_moved=key in moved.values())
            if row is not None:
                owner = {table.owner: self.owner_slug} if table.owner else {}
                yield row | owner

    @property
    def owner_slug(self) -> str:
        return self.edit.snapshot[self.own.name][0]["slug"]

    def joined_row(
        self,
        table: Table,
        key: Key,
        was: Row | None,
        typed: Row | None,
        now: Row | None,
        *,
        is_moved: bool,
    ) -> Row | None:
        """Return one joined row, or None if it is taken out."""
        if same(table, typed, now) or same(table, was, now):
            return typed
        if same(table, was, typed) and not is_moved:
            return now
        if typed is None or now is None:
            texts = (row_text(table, row) for row in (was, now, typed))
            side = self.choose(Conflict(table.name, key, "", *texts))
            # Undecided, nothing is taken out.
            return {YOURS: typed, THEIRS: now}.get(side, typed or now)
        cells = {}
        for column in table.columns:
            before = was[column] if was else None
            cells[column] = self.joined_cell(table, key, column, before, now[column], typed[column])
        return cells

    def joined_cell(
        self, table: Table, key: Key, column: str, was: str | None, now: str, typed: str
    ) -> str:
        """Return one joined cell; a typed one as long as nobody decided."""
        if typed == now or was == now or column == table.owner:
            return typed
        if was == typed:
            return now
        if column in table.many_to_many:
            return joined_list(was or "", now, typed)
        side = self.choose(Conflict(table.name, key, column, was, now, typed))
        return now if side == THEIRS else typed

    def choose(self, conflict: Conflict) -> str:
        """Return the side that was chosen, or nothing; add the conflict."""
        side = chosen_side(conflict, self.edit.choices)
        self.conflicts.append(conflict)
        if not side:
            self.undecided.append(conflict)
        return side


def part_rows(table: Table, state: Snapshot) -> dict[Key, Row]:
    """Return the rows of a table by their key within the entry; the entry's own has none."""
    names = [name for name in table.key if name != table.owner] if table.owner else []
    return {tuple(row[name] for name in names): row for row in state.get(table.name, [])}


def move_rows(table: Table, rows: dict[Key, Row], moved: dict[Key, Key]) -> dict[Key, Row]:
    """Return rows under the keys that they are moved to, unless another row stands there."""
    names = [name for name in table.key if name != table.owner]
    staying = rows.keys() - moved.keys()
    found = {}
    for key, row in rows.items():
        new = moved.get(key, key)
        if new != key and new in staying:
            new = key
        found[new] = row | dict(zip(names, new, strict=True)) if new != key else row
    return found


def same(table: Table, one: Row | None, other: Row | None) -> bool:
    """Return whether two rows are the same but for the slug of their entry."""
    if one is None or other is None or not table.owner:
        return one == other
    return one | {table.owner: ""} == other | {table.owner: ""}


def row_text(table: Table, row: Row | None) -> str | None:
    """Return the cells of a row in one text, without its key; None for no row."""
    if row is None:
        return None
    return "; ".join(row[name] for name in table.columns if name not in table.key and row[name])


def joined_list(was: str, now: str, typed: str) -> str:
    """Return a cell of slugs with what either side added, without what either took off."""
    base, theirs, mine = (set(filter(None, cell.split(SEPARATOR))) for cell in (was, now, typed))
    return SEPARATOR.join(sorted(((theirs | mine) - (base - theirs)) - (base - mine)))
