"""Rows of the tables as cells, many at a time; ``resources.row_cells`` gives those of one object.

Cells come from the columns themselves, without an object for each row, and the slugs of a cell
with several from one query a column. Whatever the collation of the database, keys are in the
order of their code points.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db.models import Func, IntegerField, Model

from .cells import SEPARATOR, CountryWidget, TextWidget
from .registry import Table
from .resources import column_widget

# How many rows the database sends at a time, and for how many the lists of slugs are fetched.
FETCH_ROWS = 2_000
BATCH_ROWS = 500
Cells = list[str]
# The values of a row's key, as the database holds them.
RowKey = tuple[Any, ...]
# The rows of a model that a column of several slugs may name, or None for all; others are left out.
AllowedRows = Callable[[type[Model], str], Any]


class CodePoints(Func):
    """A text that is sorted by code points, as SQLite does by default."""

    template = "%(expressions)s"
    arity = 1

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


def id_batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield the ids in lists of at most ``BATCH_ROWS``."""
    ids = list(ids)
    for start in range(0, len(ids), BATCH_ROWS):
        yield ids[start : start + BATCH_ROWS]


def allow_all(model: type[Model], column: str) -> None:
    """Let a column name every row of a model."""


def in_key_order(table: Table, rows: Any) -> Any:
    """Return a queryset in the order of the table's key."""
    return rows.order_by(*key_order(table))


def key_order(table: Table, prefix: str = "") -> list[Any]:
    """Return the expressions by which rows are in the order of the table's key."""
    return [
        prefix + lookup
        if isinstance(table.field(name), IntegerField)
        else CodePoints(prefix + lookup)
        for name, lookup in zip(table.key, table.key_lookups, strict=True)
    ]


def table_rows(table: Table, rows: Any, allowed: AllowedRows = allow_all) -> Iterator[Cells]:
    """Yield the cells of a queryset's rows in the order of the key, each row as it is fetched.

    However many there are, few are held: the slugs of cells with several are read in parallel,
    in the same order.
    """
    slug_lists = [
        (table.columns.index(column), SlugListReader(slug_pairs(table, column, allowed)))
        for column in table.many_to_many
    ]
    found = in_key_order(table, rows).values_list(*single_lookups(table))
    render = row_renderer(table)
    # No column of a key has several slugs.
    key_indexes = [single_columns(table).index(name) for name in table.key]
    for values in found.iterator(chunk_size=FETCH_ROWS):
        cells = render(values)
        key = tuple(values[index] for index in key_indexes)
        for index, reader in slug_lists:
            cells.insert(index, reader.cell_for(key))
        yield cells


def numbered_batches(
    table: Table, rows: Any, allowed: AllowedRows = allow_all
) -> Iterator[list[tuple[int, Cells]]]:
    """Yield a queryset's rows in its own order, each with its id, in batches of BATCH_ROWS."""
    found = rows.prefetch_related(None).values_list("pk", *single_lookups(table))
    found = found.iterator(chunk_size=FETCH_ROWS)
    while batch := list(islice(found, BATCH_ROWS)):
        cells = with_slug_lists(table, allowed, batch)
        yield [(row[0], filled) for row, filled in zip(batch, cells, strict=True)]


def entry_rows(
    table: Table, ids: Iterable[int], rows: Any = None, allowed: AllowedRows = allow_all
) -> Iterator[tuple[int, Cells]]:
    """Yield a table's rows of some entries, each with the entry's id, in the order of the key.

    The rows are the entries or references themselves, or their parts.
    """
    rows = table.model._default_manager.all() if rows is None else rows
    rows = rows.filter(**{f"{table.owner or 'pk'}__in_array": list(ids)}).order_by()
    entry = f"{table.owner}_id" if table.owner else "pk"
    # Sorted here: asked for an order, SQLite walks through the whole table in it.
    key = itemgetter(*(1 + single_columns(table).index(name) for name in table.key))
    found = sorted(rows.values_list("pk", *single_lookups(table), entry), key=key)
    cells = with_slug_lists(table, allowed, [row[:-1] for row in found])
    yield from zip([row[-1] for row in found], cells, strict=True)


def with_slug_lists(table: Table, allowed: AllowedRows, rows: list[tuple]) -> Iterator[Cells]:
    """Yield all cells of rows that are given as id and values of the columns of one value."""
    ids = [row[0] for row in rows]
    slug_lists = [
        (table.columns.index(column), slugs_by_id(table, column, allowed, ids))
        for column in table.many_to_many
    ]
    render = row_renderer(table)
    for pk, *values in rows:
        cells = render(values)
        for index, slugs in slug_lists:
            cells.insert(index, SEPARATOR.join(sorted(slugs.get(pk, ()))))
        yield cells


def single_lookups(table: Table) -> list[str]:
    """Return the lookups of the columns of one value; a foreign key is read as a slug."""
    return [
        f"{name}__slug" if name in table.foreign_keys else name for name in single_columns(table)
    ]


def single_columns(table: Table) -> list[str]:
    """Return the columns of one value, which are all but those of several slugs."""
    return [name for name in table.columns if name not in table.many_to_many]


def row_renderer(table: Table) -> Callable[[Iterable[Any]], Cells]:
    """Return a function from the values of the columns of one value to their cells.

    Text is its own cell.
    """
    columns = single_columns(table)
    widgets = [column_widget(table, name) for name in columns]
    renderers = [
        (index, slug_or_empty if name in table.foreign_keys else widget.render)
        for index, (name, widget) in enumerate(zip(columns, widgets, strict=True))
        if not isinstance(widget, TextWidget | CountryWidget)
    ]

    def render(values: Iterable[Any]) -> Cells:
        cells = list(values)
        for index, render_cell in renderers:
            cells[index] = render_cell(cells[index])
        return cells

    return render


def slug_or_empty(slug: str | None) -> str:
    return slug or ""


def slug_pairs(table: Table, column: str, allowed: AllowedRows) -> Iterator[tuple[RowKey, str]]:
    """Yield each row's key with each slug in its column of several, in the order of the key."""
    rows, own_key, other_key = through_rows(table, column, allowed)
    found = rows.order_by(*key_order(table, f"{own_key}__"))
    key = [f"{own_key}__{lookup}" for lookup in table.key_lookups]
    slugs = found.values_list(*key, f"{other_key}__slug")
    for *values, slug in slugs.iterator(chunk_size=FETCH_ROWS):
        yield tuple(values), slug


def slugs_by_id(
    table: Table, column: str, allowed: AllowedRows, ids: list[int]
) -> dict[int, list[str]]:
    """Return the slugs in a column of several, by the id of the row."""
    rows, own_key, other_key = through_rows(table, column, allowed)
    found: dict[int, list[str]] = defaultdict(list)
    links = rows.filter(**{f"{own_key}__in_array": ids}).order_by()
    for pk, slug in links.values_list(f"{own_key}_id", f"{other_key}__slug"):
        found[pk].append(slug)
    return found


def through_rows(table: Table, column: str, allowed: AllowedRows) -> tuple[Any, str, str]:
    """Return the through rows of a column of several slugs, and their keys to both sides."""
    relation: Any = table.relation(column)
    rows = relation.remote_field.through._default_manager.all()
    other_key = relation.m2m_reverse_field_name()
    others = allowed(table.many_to_many[column], column)
    if others is not None:
        rows = rows.filter(**{f"{other_key}__in": others.order_by().values("pk")})
    return rows, relation.m2m_field_name(), other_key


class SlugListReader:
    """A column of several slugs, read in step with its rows; both are in order of the key."""

    key: RowKey | None
    pairs: Iterable[tuple[RowKey, str]]

    def __init__(self, pairs: Iterable[tuple[RowKey, str]]):
        self.groups = groupby(pairs, itemgetter(0))
        self.advance()

    def advance(self) -> None:
        self.key, self.pairs = next(self.groups, (None, ()))

    def cell_for(self, key: RowKey) -> str:
        """Return the cell of the row with a key; rows are asked for in order of their keys."""
        while self.key is not None and self.key < key:
            self.advance()
        if self.key != key:
            return ""
        cell = SEPARATOR.join(sorted(other for _, other in self.pairs))
        self.advance()
        return cell
