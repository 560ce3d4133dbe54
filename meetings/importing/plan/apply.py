"""Carrying a plan out: the rows of entries are written, then their revisions, then the index.

Called inside a transaction, on entries that were checked. What a person's act does for one entry
(``meetings.editing.acts``), this does for many: nothing is left out.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Window
from django.utils import timezone

from ...editing.revisions import Snapshot
from ...models import Import, Publishable, Revised, Revision
from ...search import index
from ...tables import bulk_insert
from ...tables.registry import Table
from .changes import EntryChange
from .slug_lookup import Names
from .writing import FIRST, Ids, write_table


@dataclass(frozen=True)
class Signed:
    """Who does it, by which act, and why: what the revisions say of it."""

    act: str
    user: Any = None
    note: str = ""
    kind: str = ""
    plan: Import | None = None


def carry_out(
    own: Table, changes: list[EntryChange], signed: Signed, names: Names | None = None
) -> None:
    """Write what entries of one table, with their parts, are to become.

    ``names`` are those of the rows that were looked up before.
    """
    changes = [change for change in changes if change.is_changed]
    if not changes:
        return
    found = Ids(own, changes, names or Names())
    for table in (own, *own.parts):
        write_table(table, changes, found)
    if issubclass(own.model, Revised):
        record(own, changes, signed)
        for are_new in (False, True):
            ids = [change.pk for change in changes if change.pk and change.is_new is are_new]
            if ids:
                index.index(own.model, ids, are_new=are_new)


def record(own: Table, changes: list[EntryChange], signed: Signed) -> None:
    """Write one revision for each entry, and its number on the row.

    What came in otherwise than by an act gets a revision of its own first, as in every act.
    """
    last = latest(own, changes)
    now = timezone.now()
    revisions, numbers = [], defaultdict(list)
    for change in changes:
        number, known = last.get(change.pk or 0, (0, {}))
        if change.before and known != change.before:
            number += 1
            act = Revision.Act.LOAD
            revisions.append(revision_of(own, change, change.before, number, now, Signed(act)))
        number += 1
        revisions.append(revision_of(own, change, change.after, number, now, signed))
        if change.before or number != FIRST:
            numbers[number].append(change.pk)
    bulk_insert.insert(Revision, REVISION, revisions)
    for number, pks in numbers.items():
        own.model._default_manager.filter(pk__in_array=pks).update(revision=number)


def latest(own: Table, changes: list[EntryChange]) -> dict[int, tuple[int, Snapshot]]:
    """Return the number and the snapshot of the newest revision of entries, by id."""
    known = [change.pk for change in changes if not change.is_new]
    if not known:
        return {}
    found = Revision.objects.filter(
        table=own.model._meta.model_name, object_id__in_array=known
    ).annotate(top=Window(Max("number"), partition_by="object_id"))
    rows = found.filter(number=F("top")).order_by().values_list("object_id", "number", "snapshot")
    return {pk: (number, snapshot) for pk, number, snapshot in rows}


# The columns of a revision, in the order in which ``revision_of`` gives them.
REVISION = (
    *("table", "object_id", "slug", "number", "made_at", "made_by_id", "act", "note", "kind"),
    *("from_import_id", "is_published", "snapshot"),
)


def revision_of(
    own: Table, change: EntryChange, state: Snapshot, number: int, now: datetime, signed: Signed
) -> list[Any]:
    """Return the values of one revision."""
    cells = state[own.name][0]
    return [
        str(own.model._meta.model_name),
        change.pk or 0,
        cells["slug"],
        number,
        now,
        signed.user and signed.user.pk,
        signed.act,
        signed.note,
        signed.kind,
        signed.plan and signed.plan.pk,
        cells.get("status") == Publishable.Status.PUBLISHED,
        {name: rows for name, rows in state.items() if rows},
    ]
