"""The public rows of the tables, as cells of a file and as values of JSON.

A row that is not public does not appear, nor does its slug in another row's cell.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.conf import settings

from ..editing import redirects
from ..editing.changed_since import last_changes
from ..models import Page, Redirect
from ..models.evidence import STATEMENT_COLUMNS, evidence_of_texts
from ..models.pages import HOME_SLUG
from ..tables.cells import SEPARATOR
from ..tables.registry import ADDED_COLUMNS, Table
from ..tables.rows import BATCH_ROWS, Cells, entry_rows, numbered_batches, table_rows

# References are public because a public row names them in one of these columns.
PUBLIC_WITH_REFERRER = {"place", "actor", "actors", "sources"}
# The numbers that stand beside a row in lists, by name in JSON and by attribute.
COUNTS: dict[str, dict[str, str]] = {
    "meetings": {
        "issues": "issue_count",
        "reactions": "reaction_count",
        "sources": "source_count",
    },
    "issues": {
        "meetings": "held_count",
        "not_held": "not_held_count",
        "calls": "call_count",
        "reactions": "reaction_count",
    },
    "actors": {
        "meetings": "meeting_count",
        "calls": "call_count",
        "delegations": "delegation_count",
        "planned": "planned_count",
        "reactions": "reaction_count",
    },
}
CELL_CONVERTERS: dict[str, Callable[[str], Any]] = {
    "PositiveIntegerField": int,
    "DecimalField": float,
}


def table_batches(table: Table) -> Iterator[list[Cells]]:
    """Yield all public rows of a table in order of the key, in batches of some hundred."""
    rows = table_rows(table, public_rows(table), referable_rows)
    while batch := list(islice(rows, BATCH_ROWS)):
        if table.model is Redirect:
            batch = visible_redirects(batch)
        blank_hidden_references(table, batch)
        yield batch


def visible_redirects(rows: list[Cells]) -> list[Cells]:
    """Return the redirects, as old and new path, that lead to a public page."""
    paths = redirects.visible_paths(new_path for _, new_path in rows)
    return [row for row in rows if row[1] in paths]


def cell_batches(table: Table, rows: Any) -> Iterator[list[Cells]]:
    """Yield the cells of a queryset of public rows, in its order, in batches of some hundred.

    Each row ends with the cells of ``ADDED_COLUMNS``.
    """
    for batch in numbered_batches(table, rows, referable_rows):
        found = [cells for _, cells in batch]
        blank_hidden_references(table, found)
        added = added_values(table, dict(batch))
        yield [[*cells, *map(str, added[pk].values())] for pk, cells in batch]


def entry_batches(table: Table, rows: Any) -> Iterator[list[dict[str, Any]]]:
    """Yield the values of a queryset of public rows by column, each with its public parts.

    Accounts, outcomes and reactions have their evidence, too, and all have their address, revision
    and last change.
    """
    for batch in numbered_batches(table, rows, referable_rows):
        blank_hidden_references(table, [cells for _, cells in batch])
        ids = [pk for pk, _ in batch]
        parts = {part.name: public_parts(part, ids) for part in table.parts}
        counts = counts_by_id(table, ids)
        added = added_values(table, dict(batch))
        entries = [
            row_values(table, cells)
            | {name: found[pk] for name, found in parts.items()}
            | ({"counts": counts[pk]} if counts else {})
            | {name: value or None for name, value in added[pk].items()}
            for pk, cells in batch
        ]
        add_evidence(table, entries)
        yield entries


def added_values(table: Table, rows: dict[int, Cells]) -> dict[int, dict[str, Any]]:
    """Return the values of ``ADDED_COLUMNS`` of public rows, given by id.

    The revision is the number of the newest one, which the row is as of; the time is in UTC, and an
    empty text where no act is recorded.
    """
    slug = table.columns.index("slug")
    changes = last_changes(table.model, list(rows))
    return {
        pk: dict(
            zip(
                ADDED_COLUMNS,
                (address_of(table, cells[slug]), changes[pk][0], in_utc(changes[pk][1])),
                strict=True,
            )
        )
        for pk, cells in rows.items()
    }


def address_of(table: Table, slug: str) -> str:
    """Return the whole address of a row's page."""
    if table.model is Page and slug == HOME_SLUG:
        return f"{settings.SITE_URL}/"
    return f"{settings.SITE_URL}{redirects.address_folder(table.model)}{slug}/"


def in_utc(moment: datetime | None) -> str:
    """Return a moment as the files write it, or nothing."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else ""


def counts_by_id(table: Table, ids: list[int]) -> dict[int, dict[str, int]]:
    """Return the counts that a list's page shows of each row, by the row's id and their names."""
    names = COUNTS.get(table.name, {})
    if not names:
        return {}
    model: Any = table.model
    rows = model.objects.filter(pk__in=ids)
    if table.name == "meetings":
        rows = rows.with_counts()
    else:
        model.objects.add_counts(rows)
    return {row.pk: {name: getattr(row, of) for name, of in names.items()} for row in rows}


def public_parts(part: Table, owners: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the public parts of one kind that entries have, by the entry's id."""
    rows = list(entry_rows(part, owners, public_rows(part), referable_rows))
    blank_hidden_references(part, [cells for _, cells in rows])
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for owner, cells in rows:
        found[owner].append(row_values(part, cells))
    add_evidence(part, [values for parts in found.values() for values in parts])
    return found


def add_evidence(table: Table, rows: list[dict[str, Any]]) -> None:
    """Add to values of accounts, outcomes or reactions what each rests on; None for no text."""
    column = STATEMENT_COLUMNS.get(table.model)
    if column and rows:
        texts = ((n, row[column] or "", row.get("quotation_source")) for n, row in enumerate(rows))
        found = evidence_of_texts(texts)
        for number, row in enumerate(rows):
            row["evidence"] = found.get(number)


def public_rows(table: Table) -> Any:
    """Return the public rows of a table; of redirects all rows, see ``visible_redirects``."""
    model: Any = table.model
    return model.objects.all() if model is Redirect else model.objects.published()


def referable_rows(model: Any, column: str) -> Any:
    """Return the rows that a column of a public row may show; None where that is all of them."""
    return None if column in PUBLIC_WITH_REFERRER else model.objects.published()


def blank_hidden_references(table: Table, rows: Collection[Cells]) -> None:
    """Empty the cells of foreign keys to rows that are not public.

    Lists of slugs are left: what a public entry lists is public with it. So is a quotation's
    source, if it is among the sources that the entry lists.
    """
    for column, model in table.foreign_keys.items():
        if column in PUBLIC_WITH_REFERRER:
            continue
        index = table.columns.index(column)
        referring = [row for row in rows if row[index]]
        # That of a part is among its entry's; the query below says the same.
        if column == "quotation_source" and "sources" in table.columns:
            listed = table.columns.index("sources")
            referring = [row for row in referring if row[index] not in row[listed].split(SEPARATOR)]
        if not referring:
            continue
        targets = referable_rows(model, column).filter(slug__in={row[index] for row in referring})
        slugs = set(targets.order_by().values_list("slug", flat=True))
        for row in referring:
            if row[index] not in slugs:
                row[index] = ""


def row_values(table: Table, cells: Cells) -> dict[str, Any]:
    """Return the values of a row by column."""
    return {
        name: cell_value(table.field(name), cell)
        for name, cell in zip(table.columns, cells, strict=True)
    }


def cell_value(field: Any, cell: str) -> Any:
    """Return a cell's value: a number, a boolean, a list of slugs or text; None if it is empty."""
    if field.many_to_many:
        return cell.split(SEPARATOR) if cell else []
    return CELL_CONVERTERS.get(field.get_internal_type(), str)(cell) if cell else None
