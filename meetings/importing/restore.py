"""Restoring an entry or reference as it was at an earlier revision, by a plan.

Its address, status and publication time stay as they are: those have acts of their own. Parts that
the revision lacks are deleted, and those that it has are added again.
"""

from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..editing import acts, revisions
from ..editing.changes import Attribution, EntryChange, RowChange
from ..editing.checks import NEEDS_NOTE, check_changes
from ..editing.citations import complete_sources
from ..editing.errors import Refused
from ..editing.permissions import require_permission
from ..editing.slug_lookup import SlugLookup
from ..editing.snapshots import (
    Snapshot,
    compare,
    in_key_order,
    rows_by_key,
    with_present_columns,
    with_present_slugs,
)
from ..models import Import, ImportRow, Revision, VersionedModel
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME
from .imports import PLAN_LIFETIME, refuse_unless_ready

Action = ImportRow.Action
State = Import.State


@transaction.atomic
def plan_restore(*, entry: VersionedModel, number: int, user=None) -> Import:
    """Make the plan that restores an entry to a revision; raise Refused if nothing differs."""
    current = acts.lock(entry)
    require_permission(user, "change", current)
    past = Revision.objects.of(current).filter(number=number).first()
    if past is None:
        raise Refused([f"There is no revision {number} of it."])
    before = revisions.record_untracked_changes(current)
    own = TABLES_BY_MODEL[type(current)]
    (then,) = with_present_slugs([past.snapshot])
    after = complete_sources(own, with_present_columns(own, then, before))
    change = entry_change(current, before, after)
    if not change.is_changed:
        raise Refused([f"It is as it was at revision {number}. There is nothing to restore."])
    check_changes([change], SlugLookup(), user)
    return store_plan(change, past, user)


def entry_change(entry: VersionedModel, before: Snapshot, after: Snapshot) -> EntryChange:
    """Return the change of a stored entry."""
    own = TABLES_BY_MODEL[type(entry)]
    return EntryChange(own, entry.slug, entry.pk, entry.revision, before, after)


def store_plan(change: EntryChange, past: Revision, user) -> Import:
    """Store a change as a plan."""
    planned = Import.objects.create(
        made_by=user,
        act=Import.Act.RESTORE,
        restores=past,
        state=State.WRONG if change.problems else State.READY,
        name=f"{change.slug}, revision {past.number}",
        table=change.own.name,
        expires_at=timezone.now() + PLAN_LIFETIME,
        problem_count=len(change.problems),
    )
    rows = plan_rows(change, planned)
    actions = Counter(line.action for line in rows)
    planned.new, planned.wrong = actions[Action.NEW], actions[Action.WRONG]
    planned.changed = actions[Action.CHANGED] + actions[Action.GONE]
    planned.save()
    ImportRow.objects.bulk_create(rows)
    return planned


def plan_rows(change: EntryChange, planned: Import | None = None) -> list[ImportRow]:
    """Return the rows of a plan, unsaved: each that differs, and always the entry's own."""
    found = [row for rows in change.row_changes.values() for row in rows]
    if change.own.name not in change.row_changes:
        found.insert(0, RowChange(change.own, (change.slug,), change.cells, change.cells))
    rows = [plan_row(planned, change, row, number) for number, row in enumerate(found, start=1)]
    places = {(row.table.name, row.key): line for row, line in zip(found, rows, strict=True)}
    for problem in change.problems:
        line = places.get((problem.table, problem.key), rows[0])
        line.problems.append(problem.as_list())
        line.action = Action.WRONG
    return rows


def plan_row(planned: Import | None, change: EntryChange, row: RowChange, number: int) -> ImportRow:
    """Return one row of a plan, unsaved."""
    action, old = Action.CHANGED, {}
    if row.old is None or row.new is None:
        action = Action.NEW if row.old is None else Action.GONE
    elif row.old == row.new:
        action = Action.UNCHANGED
    else:
        old = {name: row.old[name] for name in row.changed_columns}
    return ImportRow(
        plan=planned,
        number=number,
        table=row.table.name,
        file=row.table.name,
        key="|".join(row.key)[:320],
        entry=change.slug,
        action=action,
        revision=change.revision,
        cells=row.new or row.old,
        old=old,
        problems=[],
    )


@transaction.atomic
def apply_restore(*, planned: Import, user=None, note: str, kind: str = "") -> Import:
    """Apply the plan and nothing else; raise Refused, with nothing written, if it cannot be."""
    current = Import.objects.select_for_update().get(pk=planned.pk)
    entry = lock_entry(current, user, note)
    rows = list(current.rows.order_by("number"))
    before = require_unchanged(entry, rows[0].revision or 0)
    change = entry_change(entry, before, snapshot_of_rows(rows, before))
    acts.apply_checked(change, Attribution(Revision.Act.RESTORE, user, note, kind, current))
    current.rows.all().delete()
    current.state, current.finished_at = State.DONE, timezone.now()
    current.note, current.kind = note, kind
    current.save()
    return current


def lock_entry(current: Import, user, note: str) -> VersionedModel:
    """Return the entry of a plan, locked; raise Refused unless it can be restored now."""
    if user is not None and not note.strip():
        raise Refused([NEEDS_NOTE])
    if current.restores is None:
        raise Refused(["This is not a plan to restore an entry."])
    refuse_unless_ready(current, user)
    model: Any = TABLES_BY_NAME[current.table].model
    entry = acts.lock(model(pk=current.restores.object_id))
    require_permission(user, "change", entry)
    return entry


def require_unchanged(entry: VersionedModel, number: int) -> Snapshot:
    """Return an entry's snapshot; raise Refused, naming each cell that differs from a revision."""
    now = revisions.record_untracked_changes(entry)
    base = Revision.objects.of(entry).get(number=number)
    (then,) = with_present_slugs([base.snapshot])
    changes = [
        f"{change.table}, {'|'.join(change.key)}, {change.column}:"
        f" was “{(change.old or '')[:80]}”, is now “{(change.new or '')[:80]}”."
        for change in compare(then, now)
    ]
    if changes:
        raise Refused(["It was changed since. Choose the revision again.", *changes])
    return now


def snapshot_of_rows(rows: list[ImportRow], before: Snapshot) -> Snapshot:
    """Return the snapshot of an entry after the rows of a plan."""
    states = {name: rows_by_key(TABLES_BY_NAME[name], before) for name in before}
    for row in rows:
        found = states.setdefault(row.table, {})
        key = tuple(row.cells[name] for name in TABLES_BY_NAME[row.table].key)
        if row.action == Action.GONE:
            del found[key]
        else:
            found[key] = row.cells
    return in_key_order({name: list(found.values()) for name, found in states.items()})
