"""What machines read: the public rows of the tables, as cells of a file and as values of JSON.

Nothing hidden appears, neither a row nor its slug in another row's cell.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from ..editing import redirects
from ..models import Redirect
from ..tables.cells import SEPARATOR
from ..tables.registry import Table
from ..tables.rows import BATCH_ROWS, Cells, entry_rows, numbered_batches, table_rows

# References are public because a public row names them in one of these columns.
PUBLIC_BY_NAMING = {"place", "actor", "actors", "sources"}
READERS: dict[str, Callable[[str], Any]] = {
    "BooleanField": "true".__eq__,
    "PositiveIntegerField": int,
    "DecimalField": float,
}


def table_batches(table: Table) -> Iterator[list[Cells]]:
    """Yield all public rows of a table in order of the key, some hundred at a time.

    However many there are, no more than one batch is held.
    """
    rows = table_rows(table, public(table), nameable)
    while batch := list(islice(rows, BATCH_ROWS)):
        if table.model is Redirect:
            batch = leading_on(batch)
        without_hidden(table, batch)
        yield batch


def leading_on(rows: list[Cells]) -> list[Cells]:
    """Return the redirects, of old to new path, to what the public may know of."""
    paths = redirects.visible_paths(new_path for _, new_path in rows)
    return [row for row in rows if row[1] in paths]


def row_batches(table: Table, rows: Any) -> Iterator[list[Cells]]:
    """Yield public rows, a queryset, in its order, some hundred at a time."""
    for batch in numbered_batches(table, rows, nameable):
        found = [cells for _, cells in batch]
        without_hidden(table, found)
        yield found


def entry_batches(table: Table, rows: Any) -> Iterator[list[dict[str, Any]]]:
    """Yield the same rows as values, each with its public parts by table."""
    for batch in numbered_batches(table, rows, nameable):
        without_hidden(table, [cells for _, cells in batch])
        parts = {part.name: parts_of(part, [pk for pk, _ in batch]) for part in table.parts}
        yield [
            values_of(table, cells) | {name: found[pk] for name, found in parts.items()}
            for pk, cells in batch
        ]


def parts_of(part: Table, owners: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the public parts of some entries, of one kind, by the entry's id."""
    rows = list(entry_rows(part, owners, public(part), nameable))
    without_hidden(part, [cells for _, cells in rows])
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for owner, cells in rows:
        found[owner].append(values_of(part, cells))
    return found


def public(table: Table) -> Any:
    """Return the rows of a table that the public may read now; of redirects, see ``leading_on``."""
    model: Any = table.model
    return model.objects.all() if model is Redirect else model.objects.published()


def nameable(model: Any, column: str) -> Any:
    """Return the rows that a column of a public row may name; None where that is all of them."""
    return None if column in PUBLIC_BY_NAMING else model.objects.published()


def without_hidden(table: Table, rows: Collection[Cells]) -> None:
    """Empty the cells of rows that name one row which is not public; those of several do not.

    What an entry lists is public with it, and the list holds what is quoted.
    """
    for column, model in table.foreign_keys.items():
        place = table.columns.index(column)
        naming = [row for row in rows if row[place] and column not in PUBLIC_BY_NAMING]
        if column == "quotation_source":
            listed = table.columns.index("sources")
            naming = [row for row in naming if row[place] not in row[listed].split(SEPARATOR)]
        if not naming:
            continue
        asked = nameable(model, column).filter(slug__in={row[place] for row in naming})
        known = set(asked.order_by().values_list("slug", flat=True))
        for row in naming:
            if row[place] not in known:
                row[place] = ""


def values_of(table: Table, cells: Cells) -> dict[str, Any]:
    """Return a row's cells as values by column."""
    return {
        name: value_of(table.field(name), cell)
        for name, cell in zip(table.columns, cells, strict=True)
    }


def value_of(field: Any, cell: str) -> Any:
    """Return a cell as a number, a boolean, a list of slugs or text; None for an empty one."""
    if field.many_to_many:
        return cell.split(SEPARATOR) if cell else []
    return READERS.get(field.get_internal_type(), str)(cell) if cell else None
