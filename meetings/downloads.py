"""What machines read: the public rows of the tables, as cells of a file and as values of JSON.

Nothing hidden appears, neither a row nor its slug in another row's cell.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import Any

from django.db.models import Prefetch

from .resources import SEPARATOR, row_of
from .revisions import batches
from .tables import Table

# What a spreadsheet would take for a formula, and the apostrophe that keeps it from doing so.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "'")
READERS: dict[str, Callable[[str], Any]] = {
    "BooleanField": "true".__eq__,
    "PositiveIntegerField": int,
    "DecimalField": float,
}


def row_batches(table: Table, ids: Iterable[int]) -> Iterator[list[Any]]:
    """Yield the public rows of a table in the order of their ids, some hundred at a time."""
    rows = with_public_slugs(table, public(table))
    for batch in batches(ids):
        found = rows.in_bulk(batch)
        yield [found[pk] for pk in batch if pk in found]


def entry_batches(table: Table, ids: Iterable[int]) -> Iterator[list[dict[str, Any]]]:
    """Yield the same rows as values, each with its public parts by table."""
    for rows in row_batches(table, ids):
        parts = {part.name: parts_of(part, rows) for part in table.parts}
        yield [
            values_of(table, row) | {name: found[row.pk] for name, found in parts.items()}
            for row in rows
        ]


def parts_of(part: Table, owners: list[Any]) -> dict[int, list[dict[str, Any]]]:
    """Return the public parts of some rows, of one kind, by the owner's id."""
    by_id = {owner.pk: owner for owner in owners}
    rows = public(part).filter(**{f"{part.owner}__in": list(by_id)}).order_by(*part.key_lookups)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in with_public_slugs(part, rows):
        owner = by_id[getattr(row, f"{part.owner}_id")]
        setattr(row, part.owner, owner)
        found[owner.pk].append(values_of(part, row))
    return found


def public(table: Table) -> Any:
    """Return the rows of a table that the public may read now."""
    model: Any = table.model
    return model.objects.published()


def with_public_slugs(table: Table, rows: Any) -> Any:
    """Fetch the slugs that the rows name; of a row that is not public there is none."""
    named: dict[str, Any] = {**table.foreign_keys, **table.many_to_many}
    return rows.prefetch_related(
        *(
            Prefetch(column, model.objects.published().only("slug").order_by())
            for column, model in named.items()
            if column != table.owner
        )
    )


def values_of(table: Table, row: Any) -> dict[str, Any]:
    """Return a row's cells as values by column."""
    cells = row_of(table, row)
    return {name: value_of(row._meta.get_field(name), cell) for name, cell in cells.items()}


def value_of(field: Any, cell: str) -> Any:
    """Return a cell as a number, a boolean, a list of slugs or text; None for an empty one."""
    if field.many_to_many:
        return cell.split(SEPARATOR) if cell else []
    return READERS.get(field.get_internal_type(), str)(cell) if cell else None


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV (RFC 4180) that a spreadsheet opens without running anything."""
    text = StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """Return a cell with an apostrophe before what would be read as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
