"""Snapshots of entries with their parts, their comparison, and the revisions that keep them.

Acts of people are in ``acts``; ``rebuild`` makes objects of snapshots.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Window
from django.utils import timezone

from ..models import Publishable, Revision, VersionedModel
from ..search import index
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME, VERSIONED_TABLES
from ..tables.rows import entry_rows, id_batches
from . import citations

Snapshot = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Change:
    """One cell that differs between two snapshots; None where a snapshot lacks the row."""

    table: str
    key: tuple[str, ...]
    column: str
    old: str | None
    new: str | None


def snapshots(model: type[models.Model], ids: Iterable[int]) -> dict[int, Snapshot]:
    """Return the snapshots of entries or references by id: their rows by table, as in a file."""
    ids = list(ids)
    own = TABLES_BY_MODEL[model]
    found: dict[int, Snapshot] = defaultdict(dict)
    for table in (own, *own.parts):
        for entry, cells in entry_rows(table, ids):
            row = dict(zip(table.columns, cells, strict=True))
            found[entry].setdefault(table.name, []).append(row)
    return found


def snapshot(entry: VersionedModel) -> Snapshot:
    """Return the snapshot of one entry or reference as the database holds it now."""
    return snapshots(type(entry), [entry.pk])[entry.pk]


def compare(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Yield the cells that differ between two snapshots, in the order of the tables."""
    for name, table in TABLES_BY_NAME.items():
        before = {tuple(row[k] for k in table.key): row for row in old.get(name, [])}
        after = {tuple(row[k] for k in table.key): row for row in new.get(name, [])}
        if not table.owner and len(before) == len(after) == 1:
            # The entry's own row stays the same row when its address changes.
            before = dict(zip(after, before.values(), strict=True))
        for key in dict.fromkeys((*before, *after)):
            for column in table.columns:
                cells = [rows[key][column] if key in rows else None for rows in (before, after)]
                if cells[0] != cells[1] and any(cells):
                    yield Change(name, key, column, *cells)


def record_revision(
    entry: VersionedModel, *, state: Snapshot, act: str, user=None, note="", kind=""
) -> Revision:
    """Write the entry's next revision, its number on the row, and the search index."""
    last = Revision.objects.of(entry).aggregate(last=Max("number"))["last"] or 0
    revision = Revision.objects.create(
        **revision_fields(entry, state),
        number=last + 1,
        made_by=user,
        act=act,
        note=note,
        kind=kind,
    )
    type(entry)._default_manager.filter(pk=entry.pk).update(revision=revision.number)
    entry.revision = revision.number
    index.index(type(entry), [entry.pk])
    return revision


def revision_fields(entry: VersionedModel, state: Snapshot) -> dict:
    """Return the fields of a revision that follow from the entry and its snapshot."""
    own = state[TABLES_BY_MODEL[type(entry)].name][0]
    return {
        "table": entry._meta.model_name,
        "object_id": entry.pk,
        "slug": own["slug"],
        "made_at": timezone.now(),
        "is_published": own.get("status") == Publishable.Status.PUBLISHED,
        "snapshot": state,
    }


def record_untracked_changes(entry: VersionedModel) -> Snapshot:
    """Return the entry's snapshot, and make a revision of it if the last one differs.

    That is so after ``loaddata``, or where rows were written by other means than acts.
    """
    state = snapshot(entry)
    last = Revision.objects.latest_of(entry)
    if last is None or last.snapshot != state:
        record_revision(entry, state=state, act=Revision.Act.LOAD)
    elif entry.revision != last.number:
        type(entry)._default_manager.filter(pk=entry.pk).update(revision=last.number)
        entry.revision = last.number
    return state


@transaction.atomic
def record_loaded() -> int:
    """Complete the lists of sources and write the revisions after ``loaddata``.

    Every entry and reference that differs from its last revision gets a new one. Returns the
    number of revisions written. Raises ValidationError with a message for every marker that names
    no source; then nothing is written.
    """
    written, problems = 0, []
    for table in VERSIONED_TABLES:
        for batch in id_batches(
            table.model._default_manager.order_by("pk").values_list("pk", flat=True)
        ):
            try:
                written += record_missing_revisions(table.model, batch)
            except ValidationError as error:
                problems += error.messages
    if problems:
        raise ValidationError(problems)
    return written


def record_missing_revisions(model: type[VersionedModel], ids: list[int]) -> int:
    """Write the revisions that are missing for a batch of rows; return their number."""
    citations.complete_source_lists(model, ids, names_entries=True)
    entries = model._default_manager.only("revision").in_bulk(ids)
    states = snapshots(model, ids)
    latest = {
        revision.object_id: revision
        for revision in Revision.objects.filter(table=model._meta.model_name, object_id__in=ids)
        .annotate(top=Window(Max("number"), partition_by="object_id"))
        .filter(number=F("top"))
        .order_by()
    }
    new, numbered = [], defaultdict(list)
    for pk, entry in entries.items():
        last = latest.get(pk)
        number = last.number if last else 0
        if last is None or last.snapshot != states[pk]:
            number += 1
            new.append(
                Revision(**revision_fields(entry, states[pk]), number=number, act=Revision.Act.LOAD)
            )
        if entry.revision != number:
            numbered[number].append(pk)
    Revision.objects.bulk_create(new)
    index.index(model, [revision.object_id for revision in new])
    for number, changed in numbered.items():
        model._default_manager.filter(pk__in=changed).update(revision=number)
    return len(new)
