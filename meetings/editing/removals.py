"""Taking parts out of their entries: the state that an entry has without some of its rows."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from ..models import VersionedModel
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME, Table
from .changes import EntryChange, place_of
from .snapshots import Key, Snapshot, rows_by_key, snapshot


def keys_of(parts: models.QuerySet) -> dict[int, set[Key]]:
    """Return the keys of parts of one table, by the id of the entry that each belongs to."""
    table = TABLES_BY_MODEL[parts.model]
    found: dict[int, set[Key]] = {}
    rows: Any = parts.order_by("pk").values_list(f"{table.owner}_id", *table.key_lookups)
    for owner, *key in rows:
        found.setdefault(owner, set()).add(tuple(str(value) for value in key))
    return found


def without_parts(entry: VersionedModel, table: Table, keys: Iterable[Key]) -> Snapshot:
    """Return an entry's snapshot without some rows of a table.

    The accounts of a discussion go with it: no page would show them.
    """
    state, gone = snapshot(entry), set(keys)
    after = without_rows(state, table, gone)
    if table.name == "discussions":
        accounts = TABLES_BY_NAME["accounts"]
        of_these = {key for key in rows_by_key(accounts, state) if key[:2] in gone}
        after = without_rows(after, accounts, of_these)
    return after


def without_rows(state: Snapshot, table: Table, keys: set[Key]) -> Snapshot:
    """Return a snapshot without the rows of a table that have some keys."""
    rows = [row for key, row in rows_by_key(table, state).items() if key not in keys]
    return {name: found for name, found in (state | {table.name: rows}).items() if found}


def removed_rows(entry: VersionedModel, after: Snapshot) -> list[str]:
    """Return the names of the rows that an entry has now and not in another state."""
    own = TABLES_BY_MODEL[type(entry)]
    change = EntryChange(own, entry.slug, entry.pk, entry.revision, snapshot(entry), after)
    return [
        place_of(row.table, row.key, "")
        for rows in change.row_changes.values()
        for row in rows
        if row.new is None
    ]
