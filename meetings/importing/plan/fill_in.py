"""Filling rows of a file into the snapshots of their entries, to see what each would become."""

from collections import defaultdict
from collections.abc import Iterable

from ...editing.changes import CellProblem
from ...editing.checks import check_changes
from ...editing.citations import complete_sources
from ...editing.slug_lookup import SlugLookup
from ...editing.snapshots import (
    Renamed,
    Snapshot,
    in_key_order,
    renamed_row,
    snapshots,
    with_slug,
)
from ...models import ImportRow, Publishable
from ...tables.registry import NEW_SLUG, REMOVE, Table
from ...tables.xlsx import LEFT_OUT
from .changes import PlannedChange, PlannedRow

Action = ImportRow.Action
DEFAULTS = {"status": "draft"}
NOTHING_TO_TAKE_OUT = "There is no such row to take out. Leave it out of the file."
NOTHING_TO_RENAME = "There is no such row to rename. Write the slug that it has in “slug”."
OWNER_TAKEN_OUT = "This file takes its entry out, with all its parts. Leave this row out."
NOTHING_KEPT = "The text of this cell was left out of the workbook, and the row is new. Write it."


def checked_changes(
    own: Table,
    rows: Iterable[PlannedRow],
    lookup: SlugLookup,
    user,
    *,
    is_locked: bool = False,
) -> list[PlannedChange]:
    """Return the changes of the entries that rows belong to; set action and problems of each row.

    With ``is_locked`` the stored entries are locked until the transaction ends.
    """
    rows = list(rows)
    if lookup.merged:
        name_merged(rows, lookup.merged)
    changes = entry_changes(own, rows, is_locked=is_locked)
    check_changes(changes, lookup, user, is_file=True)
    for change in changes:
        change.place_problems()
    return changes


def name_merged(rows: list[PlannedRow], merged: Renamed) -> None:
    """Let rows of a file name what was merged by the slug of the row into which it was."""
    given = {(row.table.name, row.key) for row in rows}
    for row in rows:
        cells = renamed_row(row.table, row.cells, merged)
        key = tuple(cells.get(name, "") for name in row.table.key)
        if key != row.key and (row.table.name, key) in given:
            problem = f"This is “{'|'.join(key)}” now, which has a row of its own. Leave one out."
            row.problems.append(CellProblem("", "", problem))
        else:
            row.key = key
            given.add((row.table.name, key))
        row.cells = cells


def entry_changes(
    own: Table, rows: Iterable[PlannedRow], *, is_locked: bool
) -> list[PlannedChange]:
    """Return the changes of the entries that rows belong to, and set the action of each row."""
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


def current_entries(own: Table, slugs: list[str], *, is_locked: bool) -> list[PlannedChange]:
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
        changes.append(PlannedChange(own, slug, pk, revision, state, state))
    return changes


def fill_in_entry(change: PlannedChange) -> None:
    """Fill the rows of an entry in, complete its sources, and set the action of each row."""
    after: Snapshot = {name: list(rows) for name, rows in change.before.items()}
    for row in change.rows:
        if row.is_removed:
            take_out_row(row, after)
    filled = [(row, fill_in_row(row, after)) for row in change.rows if not row.is_removed]
    if any(row.is_removed and row.table is change.own for row in change.rows):
        for row, _ in filled:
            row.problems.append(CellProblem("", "", OWNER_TAKEN_OUT))
            row.action = Action.WRONG
        change.after = {}
        return
    after = complete_sources(change.own, after)
    change.is_exported_draft = any(is_exported_draft(row) for row in change.rows)
    change.unreadable = {
        (row.table.name, row.key): {problem.column for problem in row.problems}
        for row in change.rows
        if row.problems
    }
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
    for row in change.rows:
        if row.new_slug and not row.is_removed:
            rename(change, row)


def take_out_row(row: PlannedRow, after: Snapshot) -> None:
    """Take one row out; it is wrong if it is not there."""
    for index, old in enumerate(after.get(row.table.name, ())):
        if all(old[name] == part for name, part in zip(row.table.key, row.key, strict=True)):
            del after[row.table.name][index]
            row.cells, row.old = old, old
            row.action = Action.WRONG if row.problems else Action.GONE
            return
    row.problems.append(CellProblem(REMOVE, "true", NOTHING_TO_TAKE_OUT))
    row.action = Action.WRONG


def rename(change: PlannedChange, row: PlannedRow) -> None:
    """Give an entry the slug that its row in the file asks for."""
    if not change.before.get(change.own.name):
        row.problems.append(CellProblem(NEW_SLUG, row.new_slug, NOTHING_TO_RENAME))
        row.action = Action.WRONG
    elif row.new_slug != change.slug:
        row.old = row.old | {NEW_SLUG: change.slug}
        row.action = Action.WRONG if row.problems else Action.CHANGED
        change.after = in_key_order(with_slug(change.own, change.after, row.new_slug))
        change.slug = row.new_slug


def is_exported_draft(row: PlannedRow) -> bool:
    """Return whether a row names each column of an entry, as exports do, and says it is a draft."""
    is_draft = row.cells.get("status") in {Publishable.Status.DRAFT, Publishable.Status.REVIEW}
    return is_draft and not row.table.owner and set(row.cells) >= set(row.table.columns)


def fill_in_row(row: PlannedRow, after: Snapshot) -> tuple[dict[str, str] | None, int]:
    """Fill one row in; return the row that was there before, and the index in its table."""
    table = row.table
    rows = after.setdefault(table.name, [])
    for index, old in enumerate(rows):
        if all(old[name] == part for name, part in zip(table.key, row.key, strict=True)):
            kept = {name: old[name] for name, cell in row.cells.items() if cell == LEFT_OUT}
            rows[index] = old | row.cells | kept
            return old, index
    for name, cell in row.cells.items():
        if cell == LEFT_OUT:
            row.problems.append(CellProblem(name, cell, NOTHING_KEPT))
    new = {name: row.cells.get(name, "") for name in table.columns}
    for name, default in DEFAULTS.items():
        if name in new and not new[name]:
            new[name] = default
    rows.append(new)
    return None, len(rows) - 1
