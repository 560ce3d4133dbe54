"""Rows of a file laid over the entries they belong to: what each would be afterwards."""

from collections import defaultdict
from collections.abc import Iterable

from ...editing.revisions import Snapshot, snapshots
from ...models import ImportRow
from ...tables.cells import SEPARATOR
from ...tables.registry import BY_NAME, Table
from ...text import markdown
from .changes import EntryChange, PlannedRow, RowProblem

Action = ImportRow.Action
# What a new row cannot do without, and no row may lose, besides its key.
NEEDED = {
    *("title", "name", "starts_on", "reacted_on", "occurred_on", "format", "event_status"),
    *("meeting", "attribution", "capacity", "stance", "kind", "new_path"),
}
DEFAULTS = {"status": "draft", "state_media": "false", "checked": "false"}


def needed(table: Table) -> list[str]:
    """Return the columns of a table, besides its key, that can never be empty."""
    return [name for name in table.columns if name in NEEDED and name not in table.key]


def overlay(own: Table, rows: Iterable[PlannedRow], *, is_held: bool = False) -> list[EntryChange]:
    """Return the entries that rows belong to, before and after them; rows learn what they do.

    Those that are there can be held, until the transaction ends, from whoever would write them too.
    """
    by_entry: dict[str, list[PlannedRow]] = defaultdict(list)
    for row in rows:
        by_entry[row.cells[row.table.owner or own.key[0]]].append(row)
    changes = []
    # In one order in every import, so that no two wait for each other.
    for change in current(own, sorted(by_entry), is_held=is_held):
        change.rows = by_entry[change.slug]
        lay(change)
        changes.append(change)
    return changes


def current(own: Table, slugs: list[str], *, is_held: bool) -> list[EntryChange]:
    """Return entries as they are now, nothing changed; those that are not there too."""
    lookup = own.key_lookups[0]
    columns = ("pk", lookup, "revision") if own.name != "redirects" else ("pk", lookup)
    found = own.model._default_manager.filter(**{f"{lookup}__among": slugs})
    if is_held:
        # By what finds them: one that somebody adds meanwhile is not found, and clashes with ours.
        found = found.order_by(lookup).select_for_update(of=("self",))
    known = {row[1]: row for row in found.values_list(*columns)}
    states = snapshots(own.model, [row[0] for row in known.values()])
    changes = []
    for slug in slugs:
        pk, revision = None, 0
        if slug in known:
            pk, revision = known[slug][0], (known[slug] + (0,))[2]
        state = states.get(pk, {}) if pk else {}
        changes.append(EntryChange(own, slug, pk, revision, state, state, []))
    return changes


def lay(change: EntryChange) -> None:
    """Lay the rows of an entry over it, complete its sources, and say what each row does."""
    after: Snapshot = {name: list(rows) for name, rows in change.before.items()}
    laid = [(row, lay_row(row, after)) for row in change.rows]
    complete(change.own, after)
    change.after = after if after != change.before else change.before
    for row, (old, place) in laid:
        new = after[row.table.name][place]
        if new.get("sources", "") != row.cells.get("sources", (old or {}).get("sources", "")):
            row.completed = new["sources"]
        if row.faults:
            row.action = Action.WRONG
        elif old is None:
            row.action = Action.NEW
        else:
            row.old = {name: old[name] for name in new if old[name] != new[name]}
            row.action = Action.CHANGED if row.old else Action.UNCHANGED


def lay_row(row: PlannedRow, after: Snapshot) -> tuple[dict[str, str] | None, int]:
    """Lay one row over an entry; return what was there before, and its place in its table."""
    table = row.table
    rows = after.setdefault(table.name, [])
    for place, old in enumerate(rows):
        if all(old[name] == part for name, part in zip(table.key, row.key, strict=True)):
            rows[place] = old | row.cells
            row.faults += emptied(row, old, rows[place])
            return old, place
    new = {name: row.cells.get(name, "") for name in table.columns}
    for name, default in DEFAULTS.items():
        if name in new and not new[name]:
            new[name] = default
    rows.append(new)
    row.faults += missing(row)
    return None, len(rows) - 1


def emptied(row: PlannedRow, old: dict[str, str], new: dict[str, str]) -> list[RowProblem]:
    """Return the columns that a row would empty and may not; what could not be read is told."""
    told = {fault.column for fault in row.faults}
    never = [name for name in (*needed(row.table), "status") if name in new and name not in told]
    return [
        RowProblem(
            name, "", "This column cannot be emptied. Write its value, or leave the column out."
        )
        for name in never
        if old[name] and not new[name]
    ]


def missing(row: PlannedRow) -> list[RowProblem]:
    """Return what a new row lacks."""
    told = {fault.column for fault in row.faults}
    return [
        RowProblem(
            name, "", f"A new row needs {'an' if name[0] in 'aeiou' else 'a'} {name}. Write it."
        )
        for name in needed(row.table)
        if not row.cells.get(name) and name not in told
    ]


def complete(own: Table, after: Snapshot) -> None:
    """Add to an entry's sources what its texts, its parts' and its quotation cite; none is lost."""
    rows = after.get(own.name)
    if not rows or "sources" not in own.many_to_many:
        return
    listed = set(filter(None, rows[0]["sources"].split(SEPARATOR)))
    wanted = set(cited(own, after))
    if source := rows[0].get("quotation_source"):
        wanted.add(source)
    if wanted - listed:
        rows[0] = rows[0] | {"sources": SEPARATOR.join(sorted(wanted | listed))}


def cited(own: Table, state: Snapshot) -> Iterable[str]:
    """Yield the sources that the texts of an entry and its parts cite."""
    for name, rows in state.items():
        for column in BY_NAME[name].prose:
            for row in rows:
                if row[column]:
                    yield from markdown.cited(row[column])
