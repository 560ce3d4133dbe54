"""Filling rows of a file into the snapshots of their entries, to see what each would become."""

from collections import defaultdict
from collections.abc import Iterable

from ...editing.snapshots import Snapshot, in_key_order, snapshots
from ...models import ImportRow
from ...tables.cells import SEPARATOR
from ...tables.registry import TABLES_BY_NAME, Table
from ...text import markdown
from .changes import EntryChange, PlannedRow, RowProblem

Action = ImportRow.Action
# Columns that can never be empty in the tables that have them, besides the key.
REQUIRED_COLUMNS = {
    "title",
    "name",
    "starts_on",
    "reacted_on",
    "occurred_on",
    "format",
    "event_status",
    "meeting",
    "attribution",
    "capacity",
    "stance",
    "kind",
    "new_path",
}
DEFAULTS = {"status": "draft", "state_media": "false", "checked": "false"}


def required_columns(table: Table) -> list[str]:
    """Return the columns of a table, besides its key, that can never be empty."""
    return [name for name in table.columns if name in REQUIRED_COLUMNS and name not in table.key]


def entry_changes(
    own: Table, rows: Iterable[PlannedRow], *, is_locked: bool = False
) -> list[EntryChange]:
    """Return the changes of the entries that rows belong to, and set the action of each row.

    With ``is_locked`` the stored entries are locked until the transaction ends.
    """
    by_entry: dict[str, list[PlannedRow]] = defaultdict(list)
    for row in rows:
        by_entry[row.cells[row.table.owner or own.key[0]]].append(row)
    changes = []
    # In the same order in every import, so that no two can deadlock.
    for change in current_entries(own, sorted(by_entry), is_locked=is_locked):
        change.rows = by_entry[change.slug]
        fill_in_entry(change)
        changes.append(change)
    return changes


def current_entries(own: Table, slugs: list[str], *, is_locked: bool) -> list[EntryChange]:
    """Return the entries as they are now, without changes; those that do not exist, too."""
    lookup = own.key_lookups[0]
    columns = ("pk", lookup, "revision") if own.name != "redirects" else ("pk", lookup)
    found = own.model._default_manager.filter(**{f"{lookup}__in_array": slugs})
    if is_locked:
        # Locked by slug: an entry that somebody adds meanwhile conflicts with ours instead.
        found = found.order_by(lookup).select_for_update(of=("self",))
    known = {slug: (pk, *revision) for pk, slug, *revision in found.values_list(*columns)}
    states = snapshots(own.model, [pk for pk, *_ in known.values()])
    changes = []
    for slug in slugs:
        pk, *revisions = known.get(slug, (None,))
        revision = revisions[0] if revisions else 0
        state = states.get(pk, {}) if pk else {}
        changes.append(EntryChange(own, slug, pk, revision, state, state, []))
    return changes


def fill_in_entry(change: EntryChange) -> None:
    """Fill the rows of an entry in, complete its sources, and set the action of each row."""
    after: Snapshot = {name: list(rows) for name, rows in change.before.items()}
    filled = [(row, fill_in_row(row, after)) for row in change.rows]
    complete_sources(change.own, after)
    for row, (old, index) in filled:
        new = after[row.table.name][index]
        if new.get("sources", "") != row.cells.get("sources", (old or {}).get("sources", "")):
            row.completed = new["sources"]
        if row.problems:
            row.action = Action.WRONG
        elif old is None:
            row.action = Action.NEW
        else:
            row.old = {name: old[name] for name in new if old[name] != new[name]}
            row.action = Action.CHANGED if row.old else Action.UNCHANGED
    change.after = in_key_order(after) if after != change.before else change.before


def fill_in_row(row: PlannedRow, after: Snapshot) -> tuple[dict[str, str] | None, int]:
    """Fill one row in; return the row that was there before, and the index in its table."""
    table = row.table
    rows = after.setdefault(table.name, [])
    for index, old in enumerate(rows):
        if all(old[name] == part for name, part in zip(table.key, row.key, strict=True)):
            rows[index] = old | row.cells
            row.problems += emptied_problems(row, old, rows[index])
            return old, index
    new = {name: row.cells.get(name, "") for name in table.columns}
    for name, default in DEFAULTS.items():
        if name in new and not new[name]:
            new[name] = default
    rows.append(new)
    row.problems += missing_problems(row)
    return None, len(rows) - 1


def emptied_problems(row: PlannedRow, old: dict[str, str], new: dict[str, str]) -> list[RowProblem]:
    """Return the problems of columns that a row would empty, without those already reported."""
    reported = {problem.column for problem in row.problems}
    columns = [*required_columns(row.table), "status"]
    problem = "This column cannot be emptied. Write its value, or leave the column out."
    return [
        RowProblem(name, "", problem)
        for name in columns
        if name in new and name not in reported and old[name] and not new[name]
    ]


def missing_problems(row: PlannedRow) -> list[RowProblem]:
    """Return the problems of required columns that a new row lacks."""
    reported = {problem.column for problem in row.problems}
    lacking = [
        name
        for name in required_columns(row.table)
        if not row.cells.get(name) and name not in reported
    ]
    articles = {name: "an" if name[0] in "aeiou" else "a" for name in lacking}
    return [
        RowProblem(name, "", f"A new row needs {articles[name]} {name}. Write it.")
        for name in lacking
    ]


def complete_sources(own: Table, after: Snapshot) -> None:
    """Add the sources that an entry, its parts and its quotation cite to its list; remove none."""
    rows = after.get(own.name)
    if not rows or "sources" not in own.many_to_many:
        return
    listed = set(filter(None, rows[0]["sources"].split(SEPARATOR)))
    wanted = set(cited_sources(own, after))
    if source := rows[0].get("quotation_source"):
        wanted.add(source)
    if wanted - listed:
        rows[0] = rows[0] | {"sources": SEPARATOR.join(sorted(wanted | listed))}


def cited_sources(own: Table, state: Snapshot) -> Iterable[str]:
    """Yield the sources that the texts of an entry and its parts cite."""
    for name, rows in state.items():
        for column in TABLES_BY_NAME[name].prose_columns:
            for row in rows:
                if row[column]:
                    yield from markdown.cited_slugs(row[column])
