"""What entries were before an import, read from the revisions: how an undo finds its way back."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Exists, OuterRef

from ...editing.revisions import Snapshot, snapshots
from ...models import Import, Revision
from ...tables.registry import Table
from ...tables.rows import BATCH
from .changes import EntryChange, PlannedRow, RowProblem

CHANGED_SINCE = "It was changed since the import."


def entries(imported: Import, group: Table, *, added: bool) -> Iterator[list[EntryChange]]:
    """Yield, some hundred at a time, the entries of a table that an import changed, or added.

    Each is as it is now, and is to be what it was before; what was added is to be nothing. One
    that is not what the import made of it says so.
    """
    was_there = Revision.objects.filter(
        table=OuterRef("table"), object_id=OuterRef("object_id"), number=OuterRef("number") - 1
    ).exclude(act=Revision.Act.DELETE)
    made = Revision.objects.filter(from_import=imported, table=group.model._meta.model_name)
    found = made.filter(~Exists(was_there) if added else Exists(was_there)).order_by("object_id")
    rows = found.values_list("object_id", "number").iterator()
    while numbers := dict(islice(rows, BATCH)):
        yield batch(group, numbers)


def batch(group: Table, numbers: dict[int, int]) -> list[EntryChange]:
    """Return entries by their ids, each with the number of the revision that is taken back.

    Their rows are locked until the transaction ends.
    """
    rows = group.model._default_manager.filter(pk__in=numbers).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    past = Revision.objects.filter(
        table=group.model._meta.model_name,
        object_id__in=numbers,
        number__gte=min(numbers.values()) - 1,
    )
    known: dict[tuple[int, int], Snapshot] = {}
    last: dict[int, int] = {}
    for pk, number, act, snapshot in past.values_list(
        "object_id", "number", "act", "snapshot"
    ).iterator():
        last[pk] = max(number, last.get(pk, 0))
        if number in {numbers[pk] - 1, numbers[pk]}:
            known[pk, number] = {} if act == Revision.Act.DELETE else snapshot
    states = snapshots(group.model, list(numbers))
    changes = []
    for pk, number in numbers.items():
        then, made = known.get((pk, number - 1), {}), known[pk, number]
        change = change_back(group, pk, states.get(pk, {}), then, made)
        change.revision = last[pk]
        changes.append(change)
    return changes


def change_back(group: Table, pk: int, now: Snapshot, then: Snapshot, made: Snapshot):
    """Return the change of one entry from what it is now to what it was then."""
    slug = (now or then or made)[group.name][0]["slug"]
    row = PlannedRow(group, (slug,), {"slug": slug})
    # Whatever came since, the entry goes back if it is what the import made of it.
    if now != made:
        row.faults.append(RowProblem("", "", CHANGED_SINCE))
    after = at_address(group, then, slug) if then else {}
    return EntryChange(group, slug, pk if now else None, 0, now, after, [row], old_pk=pk)


def at_address(group: Table, state: Snapshot, slug: str) -> Snapshot:
    """Return a snapshot under the address that its entry has now: one is never given up."""
    old = state[group.name][0]["slug"]
    if old == slug:
        return state
    moved = {group.name: [state[group.name][0] | {"slug": slug}]}
    for table in group.parts:
        if table.name in state:
            moved[table.name] = [row | {table.owner: slug} for row in state[table.name]]
    return moved
