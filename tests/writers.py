"""The states that tests pass to acts on one entry: what it would be after some writes."""

from django.db import transaction

from meetings.editing.snapshots import snapshot
from meetings.tables.registry import TABLES_BY_MODEL


def written(entry, write):
    """Return the snapshot of an entry after ``write``, of which nothing is kept."""
    pk = entry.pk
    with transaction.atomic():
        write()
        state = snapshot(entry)
        transaction.set_rollback(True)
    if pk is None:
        entry.pk, entry._state.adding = None, True
    return state


def changing(row, **values):
    """Return the snapshot of an entry, or of a part's, with these values of the row."""

    def write():
        for name, value in values.items():
            setattr(row, name, value)
        row.save()

    owner = TABLES_BY_MODEL[type(row)].owner
    return written(getattr(row, owner) if owner else row, write)
