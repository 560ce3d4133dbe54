"""Conflicts of a plan with changes made since, which would give it another effect."""

from collections.abc import Iterator

from ...editing.snapshots import rows_by_key
from ...models import ImportRow
from .changes import PlannedChange

Action = ImportRow.Action


def conflicts_of(change: PlannedChange) -> Iterator[str]:
    """Yield a message for each cell that changed since the plan was made, with both values."""
    for row in change.rows:
        was_new = row.stored.action == Action.NEW
        now = rows_by_key(row.table, change.before).get(row.key)
        where = f"{row.table.name}, {row.stored.key}"
        if was_new and now is not None:
            yield f"{where}: was new, and is there now."
        elif not was_new and now is None:
            yield f"{where}: was there, and is no longer."
        elif now is not None:
            for column, cell in row.cells.items():
                then = row.stored.old.get(column, cell)
                # A list of sources may have been completed beyond what the file lists.
                is_longer = column == "sources" and is_sublist(then, now[column])
                if now[column] != then and not is_longer:
                    yield f"{where}, {column}: was “{then[:80]}”, is now “{now[column][:80]}”."


def is_sublist(some: str, more: str) -> bool:
    """Return whether every slug of one cell is in another."""
    return set(filter(None, some.split("|"))) <= set(more.split("|"))
