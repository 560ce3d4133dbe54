"""Applying a plan: writing the rows of many entries, then their revisions, then the search index.

Does for many entries what ``meetings.editing.acts`` does for one; called inside a transaction,
after ``rules`` found no problems.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Window
from django.utils import timezone

from ...editing import publication
from ...editing.snapshots import MadeRevision, Snapshot, changed_ids
from ...models import Import, Revision, VersionedModel
from ...search import index
from ...tables import bulk_insert
from ...tables.registry import Table
from .changes import EntryChange
from .slug_lookup import SlugLookup
from .writing import FIRST_REVISION, RowIds, write_changes


@dataclass(frozen=True)
class Attribution:
    """The act, user, note, kind of change and plan, as the revisions record them."""

    act: str
    user: Any = None
    note: str = ""
    kind: str = ""
    plan: Import | None = None


def apply_changes(
    own: Table,
    changes: list[EntryChange],
    attribution: Attribution,
    lookup: SlugLookup | None = None,
) -> None:
    """Write the changes of entries of one table, with their parts, revisions and index.

    ``lookup`` may hold ids that were looked up before.
    """
    changes = [change for change in changes if change.is_changed]
    if not changes:
        return
    found = RowIds(own, changes, lookup or SlugLookup())
    for table in (own, *own.parts):
        write_changes(table, changes, found)
    if issubclass(own.model, VersionedModel):
        record_revisions(own, changes, attribution)
        for are_new in (False, True):
            ids = [change.pk for change in changes if change.pk and change.is_new is are_new]
            if ids:
                index.index(own.model, ids, are_new=are_new)


def record_revisions(own: Table, changes: list[EntryChange], attribution: Attribution) -> None:
    """Write one revision for each entry, and its number on the row.

    Untracked changes get a revision of their own first, as in every act.
    """
    last = latest_revisions(own, changes)
    untracked = changed_ids(
        {pk: state for pk, (_, state) in last.items()},
        {change.pk: change.before for change in changes if change.pk and change.before},
    )
    now = timezone.now()
    revisions, numbers = [], defaultdict(list)
    for change in changes:
        number, _ = last.get(change.pk or 0, (0, {}))
        if change.pk in untracked:
            number += 1
            act = Revision.Act.LOAD
            revisions.append(
                revision_values(own, change, change.before, number, now, Attribution(act))
            )
        number += 1
        revisions.append(revision_values(own, change, change.after, number, now, attribution))
        if change.before or number != FIRST_REVISION:
            numbers[number].append(change.pk)
    made = [MadeRevision(*map(row.__getitem__, MADE_COLUMNS)) for row in revisions]
    bulk_insert.insert(Revision, REVISION_COLUMNS, revisions)
    publication.follow(own.model, made)
    for number, pks in numbers.items():
        own.model._default_manager.filter(pk__in_array=pks).update(revision=number)


def latest_revisions(own: Table, changes: list[EntryChange]) -> dict[int, tuple[int, Snapshot]]:
    """Return the number and the snapshot of the newest revision of entries, by id."""
    known = [change.pk for change in changes if not change.is_new]
    if not known:
        return {}
    found = Revision.objects.filter(
        table=own.model._meta.model_name, object_id__in_array=known
    ).annotate(top=Window(Max("number"), partition_by="object_id"))
    rows = found.filter(number=F("top")).order_by().values_list("object_id", "number", "snapshot")
    return {pk: (number, snapshot) for pk, number, snapshot in rows}


# In the order of ``revision_values``.
REVISION_COLUMNS = (
    "table",
    "object_id",
    "slug",
    "number",
    "made_at",
    "made_by_id",
    "act",
    "note",
    "kind",
    "from_import_id",
    "snapshot",
)
# Those of a ``MadeRevision``.
MADE_COLUMNS = tuple(
    map(REVISION_COLUMNS.index, ("object_id", "number", "made_at", "act", "snapshot"))
)


def revision_values(
    own: Table,
    change: EntryChange,
    state: Snapshot,
    number: int,
    now: datetime,
    attribution: Attribution,
) -> list[Any]:
    """Return the values of one revision, in the order of ``REVISION_COLUMNS``."""
    cells = state[own.name][0]
    return [
        str(own.model._meta.model_name),
        change.pk or 0,
        cells["slug"],
        number,
        now,
        attribution.user and attribution.user.pk,
        attribution.act,
        attribution.note,
        attribution.kind,
        attribution.plan and attribution.plan.pk,
        {name: rows for name, rows in state.items() if rows},
    ]
