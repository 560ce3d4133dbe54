"""Changes that undo an import: entries as they were before it, read from their revisions."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from ...editing.changes import EntryChange
from ...editing.snapshots import Snapshot, snapshots, with_present_slugs, with_slug
from ...models import Import, Revision
from ...tables.registry import Table
from ...tables.rows import BATCH_ROWS

CHANGED_SINCE = "It was changed since the import."


def undo_batches(
    imported: Import, entry_table: Table, *, added: bool
) -> Iterator[list[EntryChange]]:
    """Yield batches of changes that undo an import for entries of a table.

    ``added`` chooses the entries that it added, which become empty, rather than those that it
    changed. An entry that was changed since the import has a problem.
    """
    was_there = Revision.objects.filter(
        table=OuterRef("table"), object_id=OuterRef("object_id"), number=OuterRef("number") - 1
    ).exclude(act=Revision.Act.DELETE)
    made = Revision.objects.filter(from_import=imported, table=entry_table.model._meta.model_name)
    found = made.filter(~Exists(was_there) if added else Exists(was_there)).order_by("object_id")
    rows = found.values_list("object_id", "number").iterator()
    while numbers := dict(islice(rows, BATCH_ROWS)):
        yield batch_changes(imported, entry_table, numbers)


def batch_changes(
    imported: Import, entry_table: Table, numbers: dict[int, int]
) -> list[EntryChange]:
    """Return the changes of entries; ``numbers`` are the revisions to undo, by entry id.

    The entries are locked until the transaction ends.
    """
    rows = entry_table.model._default_manager.filter(pk__in=numbers).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    past = Revision.objects.filter(
        table=entry_table.model._meta.model_name,
        object_id__in=numbers,
        number__gte=min(numbers.values()) - 1,
    )
    known: dict[tuple[int, int], Snapshot] = {}
    last: dict[int, int] = {}
    slugs: dict[tuple[int, int], str] = {}
    for pk, number, act, slug, snapshot in past.values_list(
        "object_id", "number", "act", "slug", "snapshot"
    ).iterator():
        slugs[pk, number] = slug
        last[pk] = max(number, last.get(pk, 0))
        if number in {numbers[pk] - 1, numbers[pk]}:
            known[pk, number] = {} if act == Revision.Act.DELETE else snapshot
    read = with_present_slugs(known.values(), returning_slugs(imported))
    known = dict(zip(known, read, strict=True))
    states = snapshots(entry_table.model, list(numbers))
    changes = []
    for pk, number in numbers.items():
        then, made = known.get((pk, number - 1), {}), known[pk, number]
        was, made_slug = slugs.get((pk, number - 1), ""), slugs[pk, number]
        renamed_from = was if was != made_slug else ""
        change = reverting_change(entry_table, pk, states.get(pk, {}), then, made, renamed_from)
        change.revision = last[pk]
        changes.append(change)
    return changes


def returning_slugs(imported: Import) -> dict[type[models.Model], set[str]]:
    """Return the slugs of the rows that an import took out, and that come back, by model."""
    found: dict[type[models.Model], set[str]] = defaultdict(set)
    gone = imported.revisions.filter(act=Revision.Act.DELETE)
    for name, slug in gone.values_list("table", "slug"):
        found[apps.get_model("meetings", name)].add(slug)
    return found


def reverting_change(
    entry_table: Table,
    pk: int,
    now: Snapshot,
    then: Snapshot,
    made: Snapshot,
    renamed_from: str = "",
) -> EntryChange:
    """Return the change of an entry from ``now`` to ``then``; ``made`` is what the import made.

    ``renamed_from`` is the slug that it had before, if the import gave it another.
    """
    slug = renamed_from if then else ""
    slug = slug or (now or then or made)[entry_table.name][0]["slug"]
    after = with_slug(entry_table, then, slug) if then else {}
    change = EntryChange(entry_table, slug, pk if now else None, 0, now, after, old_pk=pk)
    # Changes since then do not matter if the entry is again what the import made of it.
    if now != made:
        change.refuse(CHANGED_SINCE)
    return change
