"""The revisions that keep the snapshots of entries and references.

Acts of people are in ``acts``; ``rebuild`` makes objects of snapshots.
"""

from collections import defaultdict
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Window
from django.utils import timezone

from ..models import Reference, Revision, VersionedModel
from ..search import index
from ..tables.registry import TABLES_BY_MODEL, VERSIONED_TABLES
from ..tables.rows import id_batches
from . import citations, publication, reference_marks
from .snapshots import MadeRevision, Snapshot, changed_ids, snapshot, snapshots


def record_revision(
    entry: VersionedModel, *, state: Snapshot, act: str, user=None, note="", kind=""
) -> Revision:
    """Write the entry's next revision, its number on the row, and the search index."""
    last = Revision.objects.of(entry).aggregate(last=Max("number"))["last"] or 0
    revision = Revision.objects.create(
        **revision_fields(entry, state, timezone.now()),
        number=last + 1,
        made_by=user,
        act=act,
        note=note,
        kind=kind,
    )
    type(entry)._default_manager.filter(pk=entry.pk).update(revision=revision.number)
    entry.revision = revision.number
    publication.follow(type(entry), [made_revision(revision)])
    index.index(type(entry), [entry.pk])
    return revision


def made_revision(revision: Revision) -> MadeRevision:
    """Return what a publication follows from in a stored revision."""
    return MadeRevision(
        revision.object_id, revision.number, revision.made_at, revision.act, revision.snapshot
    )


def revision_fields(entry: VersionedModel, state: Snapshot, made_at: datetime) -> dict:
    """Return the fields of a revision that follow from the entry and its snapshot."""
    own = state[TABLES_BY_MODEL[type(entry)].name][0]
    return {
        "table": entry._meta.model_name,
        "object_id": entry.pk,
        "slug": own["slug"],
        "made_at": made_at,
        "snapshot": state,
    }


def record_untracked_changes(entry: VersionedModel) -> Snapshot:
    """Return the entry's snapshot, and make a revision of it if the last one differs.

    That is so after ``loaddata``, or where rows were written by other means than acts.
    """
    state = snapshot(entry)
    last = Revision.objects.latest_of(entry)
    if last and entry.revision == 0 and have_lost_marks(type(entry), pk=entry.pk):
        reference_marks.mark_again()
    if last is None or changed_ids({entry.pk: last.snapshot}, {entry.pk: state}):
        record_revision(entry, state=state, act=Revision.Act.LOAD)
    elif entry.revision != last.number:
        type(entry)._default_manager.filter(pk=entry.pk).update(revision=last.number)
        entry.revision = last.number
    return state


def have_lost_marks(model: type[VersionedModel], **row) -> bool:
    """Return whether references with revisions were loaded again, which clears their marks."""
    if not issubclass(model, Reference):
        return False
    past = Revision.objects.filter(table=model._meta.model_name).order_by().values("object_id")
    return model._default_manager.filter(revision=0, pk__in=past, **row).exists()


@transaction.atomic
def record_loaded() -> int:
    """Complete the lists of sources and write the revisions after ``loaddata``.

    Every entry and reference that differs from its last revision gets a new one. Returns the
    number of revisions written. Raises ValidationError with a message for every marker that names
    no source; then nothing is written.
    """
    written, problems = 0, []
    marks_are_lost = any(have_lost_marks(table.model) for table in VERSIONED_TABLES)
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
    if marks_are_lost:
        reference_marks.mark_again()
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
    changed = changed_ids({pk: last.snapshot for pk, last in latest.items()}, states)
    now = timezone.now()
    new, numbered = [], defaultdict(list)
    for pk, entry in entries.items():
        last = latest.get(pk)
        number = last.number if last else 0
        if pk in changed:
            number += 1
            new.append(
                Revision(
                    **revision_fields(entry, states[pk], now), number=number, act=Revision.Act.LOAD
                )
            )
        if entry.revision != number:
            numbered[number].append(pk)
    Revision.objects.bulk_create(new)
    publication.follow(model, [made_revision(revision) for revision in new])
    index.index(model, [revision.object_id for revision in new])
    for number, pks in numbered.items():
        model._default_manager.filter(pk__in=pks).update(revision=number)
    return len(new)
