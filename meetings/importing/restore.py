"""Restoring an entry or reference as it was at an earlier revision, by a plan.

Its address, status and publication time stay as they are: those have acts of their own. Parts that
the revision lacks are deleted, and those that it has are added again.
"""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..editing import acts, checks, revisions
from ..editing.conflicts import refuse_on_conflict
from ..editing.errors import Refused
from ..editing.snapshots import (
    Snapshot,
    compare,
    in_key_order,
    rows_by_key,
    with_present_slugs,
)
from ..models import Import, ImportRow, Revision, VersionedModel
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME, Table
from .imports import PLAN_LIFETIME, refuse_unless_ready
from .plan import apply, rules
from .plan.changes import EntryChange, PlannedRow, RowProblem
from .plan.fill_in import complete_sources
from .plan.slug_lookup import SlugLookup
from .plan.undo_changes import with_slug

Action = ImportRow.Action
State = Import.State
# Columns that a restore leaves as they are.
CURRENT_COLUMNS = ("status", "publish_at")


@transaction.atomic
def plan_restore(*, entry: VersionedModel, number: int, user=None) -> Import:
    """Make the plan that restores an entry to a revision; raise Refused if nothing differs."""
    current = acts.lock(entry)
    checks.require_permission(user, "change", current)
    past = Revision.objects.of(current).filter(number=number).first()
    if past is None:
        raise Refused([f"There is no revision {number} of it."])
    before = revisions.record_untracked_changes(current)
    (then,) = with_present_slugs([past.snapshot])
    after = restored_snapshot(TABLES_BY_MODEL[type(current)], then, before)
    change = entry_change(current, before, after)
    if not change.is_changed:
        raise Refused([f"It is as it was at revision {number}. There is nothing to restore."])
    find_problems(change, user)
    return store_plan(change, past, user)


def restored_snapshot(own: Table, past: Snapshot, now: Snapshot) -> Snapshot:
    """Return the snapshot of a restored entry: ``past``, with the columns that stay as they are."""
    cells = now[own.name][0]
    after = with_slug(own, past, cells["slug"])
    current = {name: cells[name] for name in CURRENT_COLUMNS if name in cells}
    after = after | {own.name: [after[own.name][0] | current]}
    complete_sources(own, after)
    return after


def entry_change(entry: VersionedModel, before: Snapshot, after: Snapshot) -> EntryChange:
    """Return the change of an entry, with rows for its own and for each part that differs."""
    own = TABLES_BY_MODEL[type(entry)]
    change = EntryChange(own, entry.slug, entry.pk, entry.revision, before, after, [])
    change.rows = [row for table in (own, *own.parts) for row in changed_rows(table, change)]
    return change


def changed_rows(table: Table, change: EntryChange) -> Iterator[PlannedRow]:
    """Yield the rows of one table that differ, with their actions; the entry's own always."""
    before, after = rows_by_key(table, change.before), rows_by_key(table, change.after)
    for key in before | after:
        was, cells = before.get(key), after.get(key)
        if was is None or cells is None:
            action = Action.GONE if cells is None else Action.NEW
            yield PlannedRow(table, key, cells or was or {}, action=action)
        elif was != cells:
            old = {name: was[name] for name in cells if was[name] != cells[name]}
            yield PlannedRow(table, key, cells, action=Action.CHANGED, old=old)
        elif table is change.own:
            yield PlannedRow(table, key, cells, action=Action.UNCHANGED)


def find_problems(change: EntryChange, user) -> list[RowProblem]:
    """Return the problems of a change by the rules of plans."""
    rows = change.rows
    change.rows = [row for row in rows if row.action != Action.GONE]
    rules.check_changes([change], SlugLookup(), user)
    change.rows = rows
    return [problem for row in rows for problem in row.problems]


def store_plan(change: EntryChange, past: Revision, user) -> Import:
    """Store a change as a plan with its rows."""
    actions = [row.action for row in change.rows]
    wrong = actions.count(Action.WRONG)
    planned = Import.objects.create(
        made_by=user,
        act=Import.Act.RESTORE,
        restores=past,
        state=State.WRONG if wrong else State.READY,
        name=f"{change.slug}, revision {past.number}",
        table=change.own.name,
        expires_at=timezone.now() + PLAN_LIFETIME,
        new=actions.count(Action.NEW),
        changed=actions.count(Action.CHANGED) + actions.count(Action.GONE),
        wrong=wrong,
        problem_count=sum(len(row.problems) for row in change.rows),
    )
    rows = enumerate(change.rows, start=1)
    ImportRow.objects.bulk_create(plan_row(planned, change, row, number) for number, row in rows)
    return planned


def plan_row(planned: Import, change: EntryChange, row: PlannedRow, number: int) -> ImportRow:
    """Return one row of a plan, unsaved."""
    return ImportRow(
        plan=planned,
        number=number,
        table=row.table.name,
        file=row.table.name,
        key="|".join(row.key)[:320],
        entry=change.slug,
        action=row.action,
        revision=change.revision,
        cells=row.cells,
        old=row.old,
        problems=[problem.as_list() for problem in row.problems],
    )


@transaction.atomic
def apply_restore(*, planned: Import, user=None, note: str, kind: str = "") -> Import:
    """Apply the plan and nothing else; raise Refused, with nothing written, if it cannot be."""
    current = Import.objects.select_for_update().get(pk=planned.pk)
    entry = lock_entry(current, user, note)
    rows = list(current.rows.order_by("number"))
    before = require_unchanged(entry, rows[0].revision or 0)
    change = entry_change(entry, before, snapshot_of_rows(rows, before))
    if problems := find_problems(change, user):
        raise Refused([found.problem for found in problems])
    attribution = apply.Attribution(Revision.Act.RESTORE, user, note, kind, current)
    with refuse_on_conflict("Try again."):
        apply.apply_changes(change.own, [change], attribution)
    current.rows.all().delete()
    current.state, current.finished_at = State.DONE, timezone.now()
    current.note, current.kind = note, kind
    current.save()
    return current


def lock_entry(current: Import, user, note: str) -> VersionedModel:
    """Return the entry of a plan, locked; raise Refused unless it can be restored now."""
    if user is not None and not note.strip():
        raise Refused(["Write a change note: one line, public, on what changed and why."])
    if current.restores is None:
        raise Refused(["This is not a plan to restore an entry."])
    refuse_unless_ready(current, user)
    model: Any = TABLES_BY_NAME[current.table].model
    entry = acts.lock(model(pk=current.restores.object_id))
    checks.require_permission(user, "change", entry)
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
