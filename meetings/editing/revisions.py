"""The revisions that keep the snapshots of entries and references.

Acts of people are in ``acts``; ``rebuild`` makes objects of snapshots.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Window
from django.utils import timezone

from ..models import RecordState, Revision, VersionedModel
from ..search import index
from ..tables import bulk_insert
from ..tables.registry import TABLES_BY_MODEL, VERSIONED_TABLES, Table
from ..tables.rows import id_batches
from . import publication
from .addresses import purged_problems
from .changes import Attribution, EntryChange
from .citations import complete_sources, marker_problems
from .slug_lookup import SlugLookup
from .snapshots import (
    FIRST_REVISION,
    MadeRevision,
    Snapshot,
    changed_ids,
    snapshot,
    snapshots,
)
from .writing import RowIds, write_changes

LOADED = Attribution(Revision.Act.LOAD)


@dataclass(frozen=True)
class NewRevision:
    """A revision to be written: of which row, its number, what it holds, and by whom it is."""

    pk: int
    number: int
    state: Snapshot
    attribution: Attribution


def record_revisions(own: Table, changes: list[EntryChange], attribution: Attribution) -> None:
    """Write one revision for each entry, and its number on the row.

    Untracked changes get a revision of their own first. That of a deleted entry keeps what it was.
    """
    last = latest_revisions(own, [change.pk for change in changes if not change.is_new])
    untracked = changed_ids(
        {pk: state for pk, (_, state) in last.items()},
        {change.pk: change.before for change in changes if change.pk and change.before},
    )
    new, numbers = [], defaultdict(list)
    for change in changes:
        pk = change.pk or 0
        number, _ = last.get(pk, (0, {}))
        if change.pk in untracked:
            number += 1
            new.append(NewRevision(pk, number, change.before, LOADED))
        number += 1
        new.append(NewRevision(pk, number, change.after or change.before, attribution))
        change.revision = number
        if change.before or number != FIRST_REVISION:
            numbers[number].append(pk)
    write_revisions(own, new)
    for number, pks in numbers.items():
        own.model._default_manager.filter(pk__in_array=pks).update(revision=number)


def latest_revisions(own: Table, ids: list) -> dict[int, tuple[int, Snapshot]]:
    """Return the number and the snapshot of the newest revision of entries, by id."""
    if not ids:
        return {}
    found = Revision.objects.filter(
        table=own.model._meta.model_name, object_id__in_array=ids
    ).annotate(top=Window(Max("number"), partition_by="object_id"))
    rows = found.filter(number=F("top")).order_by().values_list("object_id", "number", "snapshot")
    return {pk: (number, state) for pk, number, state in rows}


# In the order of ``write_revisions``.
REVISION_COLUMNS = (
    "table",
    "object_id",
    "slug",
    "number",
    "made_at",
    "made_by_id",
    "written_by_id",
    "act",
    "note",
    "kind",
    "from_import_id",
    "was_wrong",
    "snapshot",
)


def write_revisions(own: Table, revisions: list[NewRevision]) -> None:
    """Insert revisions of entries of one table, made now, and the periods that follow from them.

    Every road of writing ends here, so that here the state of the record is marked as changed.
    """
    if not revisions:
        return
    now, name = timezone.now(), str(own.model._meta.model_name)
    rows = []
    for revision in revisions:
        cells, by = revision.state[own.name][0], revision.attribution
        rows.append(
            [
                name,
                revision.pk,
                cells["slug"],
                revision.number,
                now,
                by.user and by.user.pk,
                by.writer and by.writer.pk,
                by.act,
                by.note,
                by.kind,
                by.plan and by.plan.pk,
                by.was_wrong,
                {table: found for table, found in revision.state.items() if found},
            ]
        )
    bulk_insert.insert(Revision, REVISION_COLUMNS, rows)
    takes_out = publication.follow(
        own.model,
        [
            MadeRevision(each.pk, each.number, now, each.attribution.act, each.state)
            for each in revisions
        ],
    )
    RecordState.objects.mark_changed(takes_out=takes_out)


def record_untracked_changes(entry: VersionedModel) -> Snapshot:
    """Return the entry's snapshot, and make a revision of it if the last one differs.

    That is so after ``loaddata``, or where rows were written by other means than acts.
    """
    own, state = TABLES_BY_MODEL[type(entry)], snapshot(entry)
    number, stored = latest_revisions(own, [entry.pk]).get(entry.pk, (0, {}))
    if changed_ids({entry.pk: stored}, {entry.pk: state}):
        number += 1
        write_revisions(own, [NewRevision(entry.pk, number, state, LOADED)])
        index.index(type(entry), [entry.pk])
    if entry.revision != number:
        type(entry)._default_manager.filter(pk=entry.pk).update(revision=number)
        entry.revision = number
    return state


@transaction.atomic
def record_loaded() -> int:
    """Complete the lists of sources and write the revisions after ``loaddata``.

    Every entry and reference that differs from its last revision gets a new one. Returns the
    number of revisions written. Raises ValidationError with a message for every marker that names
    no source, and every key that is reserved; then nothing is written.
    """
    written, problems, lookup = 0, [], SlugLookup()
    for table in VERSIONED_TABLES:
        for batch in id_batches(
            table.model._default_manager.order_by("pk").values_list("pk", flat=True)
        ):
            changes = completed_changes(table, batch)
            if found := [*marker_problems(changes, lookup), *purged_problems(changes)]:
                problems += found
            else:
                written += record_missing_revisions(table, changes, lookup)
    if problems:
        raise ValidationError(problems)
    return written


def completed_changes(own: Table, ids: list[int]) -> list[EntryChange]:
    """Return the changes that complete the lists of sources of stored rows."""
    rows = own.model._default_manager.filter(pk__in_array=ids)
    numbers = dict(rows.values_list("pk", "revision"))
    changes = []
    for pk, state in snapshots(own.model, ids).items():
        slug = state[own.name][0]["slug"]
        after = complete_sources(own, state)
        changes.append(EntryChange(own, slug, pk, numbers[pk], state, after))
    return changes


def record_missing_revisions(own: Table, changes: list[EntryChange], lookup: SlugLookup) -> int:
    """Write the completed lists and the revisions that are missing; return their number."""
    model: Any = own.model
    completed = [change for change in changes if change.is_changed]
    if completed:
        write_changes(own, completed, RowIds(own, completed, lookup))
    states = {change.pk: change.after for change in changes if change.pk}
    last = latest_revisions(own, list(states))
    changed = changed_ids({pk: state for pk, (_, state) in last.items()}, states)
    new, numbered = [], defaultdict(list)
    for change in changes:
        pk = change.pk or 0
        number, _ = last.get(pk, (0, {}))
        if pk in changed:
            number += 1
            new.append(NewRevision(pk, number, change.after, LOADED))
        if change.revision != number:
            numbered[number].append(pk)
    write_revisions(own, new)
    index.index(model, [revision.pk for revision in new])
    for number, pks in numbered.items():
        model._default_manager.filter(pk__in_array=pks).update(revision=number)
    return len(new)
