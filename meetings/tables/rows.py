"""The rows of the tables as cells, many at a time: what ``resources.row_of`` gives of one object.

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

from .cells import CountryWidget, TextWidget
from .registry import Table
from .resources import SEPARATOR, widget_of

# Rows fetched at a time, and those that are completed together.
CHUNK = 2_000
BATCH = 500
Cells = list[str]
# Which rows of a model a column of several slugs may name, or None for all; others are left out.
Nameable = Callable[[type[Model], str], Any]


class CodePoints(Func):
    """A text as it is sorted by code points, as SQLite does unless told otherwise."""

    template = "%(expressions)s"
    arity = 1

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


def anything(model: type[Model], column: str) -> None:
    """Let a column name any row."""


def in_key_order(table: Table, rows: Any) -> Any:
    """Return a queryset in the order of the table's key."""
    fields = zip(table.key, table.key_lookups, strict=True)
    return rows.order_by(
        *(
            lookup if isinstance(table.field(name), IntegerField) else CodePoints(lookup)
            for name, lookup in fields
        )
    )


def table_rows(table: Table, rows: Any, nameable: Nameable = anything) -> Iterator[Cells]:
    """Yield the cells of a queryset's rows in the order of the key, each row as it is fetched.

    However many there are, few are held: the slugs of cells with several are read alongside,
    in the same order.
    """
    lists = [
        (table.columns.index(column), Alongside(pairs(table, column, nameable)))
        for column in table.many_to_many
    ]
    found = in_key_order(table, rows).values_list(*single(table))
    render = renderer(table)
    for values in found.iterator(chunk_size=CHUNK):
        cells = render(values)
        for place, column in lists:
            cells.insert(place, column.of(cells[0]))
        yield cells


def rows_in_turn(
    table: Table, rows: Any, nameable: Nameable = anything
) -> Iterator[list[tuple[int, Cells]]]:
    """Yield a queryset's rows in its own order, each with its id, some hundred at a time."""
    found = rows.prefetch_related(None).values_list("pk", *single(table))
    found = found.iterator(chunk_size=CHUNK)
    while batch := list(islice(found, BATCH)):
        cells = complete(table, nameable, batch)
        yield [(row[0], filled) for row, filled in zip(batch, cells, strict=True)]


def entry_rows(
    table: Table, ids: Iterable[int], rows: Any = None, nameable: Nameable = anything
) -> Iterator[tuple[int, Cells]]:
    """Yield a table's rows of some entries, each with the entry's id, in the order of the key.

    The rows are the entries or references themselves, or their parts.
    """
    rows = table.model._default_manager.all() if rows is None else rows
    rows = rows.filter(**{f"{table.owner or 'pk'}__among": list(ids)}).order_by()
    entry = f"{table.owner}_id" if table.owner else "pk"
    # Sorted here: asked for an order, SQLite walks through the whole table in it.
    key = itemgetter(*(1 + single_columns(table).index(name) for name in table.key))
    found = sorted(rows.values_list("pk", *single(table), entry), key=key)
    cells = complete(table, nameable, [row[:-1] for row in found])
    yield from zip([row[-1] for row in found], cells, strict=True)


def complete(table: Table, nameable: Nameable, rows: list[tuple]) -> Iterator[Cells]:
    """Yield the cells of some rows, given by their ids and the values of their single columns."""
    ids = [row[0] for row in rows]
    lists = [
        (table.columns.index(column), slugs_of(table, column, nameable, ids))
        for column in table.many_to_many
    ]
    render = renderer(table)
    for pk, *values in rows:
        cells = render(values)
        for place, column in lists:
            cells.insert(place, SEPARATOR.join(sorted(column.get(pk, ()))))
        yield cells


def single(table: Table) -> list[str]:
    """Return the lookups of the columns, but those of several slugs; a key is read as a slug."""
    return [f"{c}__slug" if c in table.foreign_keys else c for c in single_columns(table)]


def single_columns(table: Table) -> list[str]:
    return [name for name in table.columns if name not in table.many_to_many]


def renderer(table: Table) -> Callable[[Iterable[Any]], Cells]:
    """Return what makes the values of these columns cells. Text is a cell as it is."""
    columns = single_columns(table)
    widgets = [widget_of(table, name) for name in columns]
    renders = [
        (place, slug_or_nothing if name in table.foreign_keys else widget.render)
        for place, (name, widget) in enumerate(zip(columns, widgets, strict=True))
        if not isinstance(widget, TextWidget | CountryWidget)
    ]

    def render(values: Iterable[Any]) -> Cells:
        cells = list(values)
        for place, write in renders:
            cells[place] = write(cells[place])
        return cells

    return render


def slug_or_nothing(slug: str | None) -> str:
    return slug or ""


def pairs(table: Table, column: str, nameable: Nameable) -> Iterator[tuple[str, str]]:
    """Yield who names whom in a column of several slugs, in the order of the key."""
    rows, here, there = links(table, column, nameable)
    found = rows.order_by(CodePoints(f"{here}__slug"))
    return found.values_list(f"{here}__slug", f"{there}__slug").iterator(chunk_size=CHUNK)


def slugs_of(table: Table, column: str, nameable: Nameable, ids: list[int]) -> dict[int, list[str]]:
    """Return the slugs that some rows name in a column of several, by the rows' ids."""
    rows, here, there = links(table, column, nameable)
    found: dict[int, list[str]] = defaultdict(list)
    named = rows.filter(**{f"{here}__among": ids}).order_by()
    for pk, slug in named.values_list(f"{here}_id", f"{there}__slug"):
        found[pk].append(slug)
    return found


def links(table: Table, column: str, nameable: Nameable) -> tuple[Any, str, str]:
    """Return the rows behind a column of several slugs, and their keys to here and to there."""
    relation: Any = table.relation(column)
    rows = relation.remote_field.through._default_manager.all()
    there = relation.m2m_reverse_field_name()
    allowed = nameable(table.many_to_many[column], column)
    if allowed is not None:
        rows = rows.filter(**{f"{there}__in": allowed.order_by().values("pk")})
    return rows, relation.m2m_field_name(), there


NO_MORE: tuple[None, tuple[()]] = (None, ())


class Alongside:
    """A column of several slugs, read beside the rows it belongs to; both in order of the slug."""

    slug: str | None
    named: Iterable[tuple[str, str]]

    def __init__(self, pairs: Iterable[tuple[str, str]]):
        self.groups = groupby(pairs, itemgetter(0))
        self.step()

    def step(self) -> None:
        self.slug, self.named = next(self.groups, NO_MORE)

    def of(self, slug: str) -> str:
        """Return the cell of the row with a slug, which comes after all asked for before."""
        while self.slug is not None and self.slug < slug:
            self.step()
        if self.slug != slug:
            return ""
        cell = SEPARATOR.join(sorted(named for _, named in self.named))
        self.step()
        return cell
