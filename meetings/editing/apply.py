"""Applying changes: writing the rows of many entries, then their revisions, then the search index.

Called inside a transaction, after ``checks`` found no problems. What only the act's note can
answer is asked here, of every road.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models

from ..models import RecordState, Revision, VersionedModel
from ..search import index
from ..tables.registry import Table
from .addresses import free_addresses, keep_old_addresses, lead_on, take_addresses_back
from .changes import Attribution, EntryChange
from .publication_checks import require_reason
from .revisions import record_revisions
from .slug_lookup import SlugLookup
from .writing import RowIds, write_changes


def apply_changes(
    own: Table,
    changes: Sequence[EntryChange],
    attribution: Attribution,
    lookup: SlugLookup | None = None,
) -> None:
    """Write the changes of entries of one table, with their parts, revisions and index.

    An entry that has no rows after its change is deleted. ``lookup`` may hold ids that were looked
    up before. Raises Refused if the note has to give a reason that it does not give.
    """
    active = [change for change in changes if change.is_changed]
    require_reason(active, attribution)
    write_entries(own, [c for c in active if c.after], attribution, lookup or SlugLookup())
    delete_entries(own, [c for c in active if not c.after], attribution)


def write_entries(
    own: Table, changes: list[EntryChange], attribution: Attribution, lookup: SlugLookup
) -> None:
    """Add or change entries of one table."""
    if not changes:
        return
    ids = RowIds(own, changes, lookup)
    for table in (own, *own.parts):
        write_changes(table, changes, ids)
    if not issubclass(own.model, VersionedModel):
        # Redirects have no revisions, whose writing marks the state of the record.
        RecordState.objects.mark_changed()
        return
    # By the periods before this act, which has shown nothing at an old address.
    keep_old_addresses(changes)
    take_addresses_back([change for change in changes if change.old_pk and not change.before])
    record_revisions(own, changes, attribution)
    for are_new in (False, True):
        pks = [change.pk for change in changes if change.pk and change.is_new is are_new]
        if pks:
            index.index(own.model, pks, are_new=are_new)


def delete_entries(own: Table, changes: list[EntryChange], attribution: Attribution) -> None:
    """Delete entries of one table; their last revision keeps what they were."""
    if not changes:
        return
    model: Any = own.model
    ids = [change.pk for change in changes if change.pk]
    deletion = Attribution(
        Revision.Act.DELETE,
        attribution.user,
        attribution.note,
        attribution.kind,
        attribution.plan,
    )
    if issubclass(model, VersionedModel):
        record_revisions(own, changes, deletion)
        index.remove(model, ids)
        free_addresses([change for change in changes if not change.merged_into])
        lead_on([change for change in changes if change.merged_into])
    for table in own.parts:
        table.model._default_manager.filter(**{f"{table.owner}__in_array": ids}).delete()
    models.QuerySet(model).filter(pk__in=ids).delete()
