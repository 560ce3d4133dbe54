"""What was changed since a plan was made, so that it would do something else than was planned."""

from collections.abc import Iterator

from ...models import ImportRow
from .changes import EntryChange, keyed

Action = ImportRow.Action


def conflicts_of(change: EntryChange) -> Iterator[str]:
    """Yield where an entry is not what it was in the plan: row, field and both values."""
    for row in change.rows:
        was_new = row.stored.action == Action.NEW
        now = keyed(row.table, change.before).get(row.key)
        place = f"{row.table.name}, {row.stored.key}"
        if was_new and now is not None:
            yield f"{place}: was new, and is there now."
        elif not was_new and now is None:
            yield f"{place}: was there, and is no longer."
        elif now is not None:
            for column, cell in row.cells.items():
                then = row.stored.old.get(column, cell)
                # A list of sources is completed beyond what the file says.
                same = now[column] == then or (column == "sources" and within(then, now[column]))
                if not same:
                    yield f"{place}, {column}: was “{then[:80]}”, is now “{now[column][:80]}”."


def within(some: str, more: str) -> bool:
    """Return whether every slug of one cell is in another."""
    return set(filter(None, some.split("|"))) <= set(more.split("|"))
