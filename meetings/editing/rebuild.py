"""An entry rebuilt from a snapshot: model objects that a page shows as it shows rows."""

from collections import defaultdict
from itertools import count

from django.db import models
from django.db.models import prefetch_related_objects

from ..models import Publishable, Revised
from ..tables.cells import SEPARATOR
from ..tables.registry import BY_MODEL, Table
from ..tables.resources import RESOURCES
from .revisions import Snapshot

# The order in which a page shows the parts; the rows' own ordering, said in Python.
ORDER = {
    "participations": lambda row: (row.order is None, row.order or 0, row.actor.slug),
    "outcomes": lambda row: row.order,
    "discussions": lambda row: (row.issue.title, row.issue.slug),
    "accounts": lambda row: (row.issue_id, row.government.code),
    "readouts": lambda row: row.government.code,
    "positions": lambda row: row.government.code,
}


def rebuild(live: Revised, state: Snapshot, user=None) -> Revised:
    """Return the entry as ``state`` has it, with its parts fetched; nothing is saved.

    ``live`` lends its id, so that what others say of the entry is found as ever. What the entry
    joins is read from the database, as far as ``user`` may: a row that is not there, or not
    public, is left out.
    """
    own = BY_MODEL[type(live)]
    others = named_rows(own, state, user)
    entry = build(own, state[own.name][0], others, pk=live.pk)
    entry.revision = live.revision
    for table in own.parts:
        ids = count(-1, -1)
        rows = [build(table, cells, others, pk=next(ids)) for cells in state.get(table.name, [])]
        rows = [row for row in rows if row is not None]
        for row in rows:
            setattr(row, table.owner, entry)
        hold(entry, table.name, table.model, sorted(rows, key=ORDER[table.name]))
    prefetch_related_objects([entry], *type(live).objects.prefetches(user))
    return entry


def named_rows(own: Table, state: Snapshot, user) -> dict[type[models.Model], dict]:
    """Return the rows that the snapshot's cells name, by model and slug, one query a model."""
    slugs: dict[type[models.Model], set[str]] = defaultdict(set)
    for table in (own, *own.parts):
        for row in state.get(table.name, []):
            for column, model in (table.foreign_keys | table.many_to_many).items():
                if column != table.owner:
                    slugs[model].update(filter(None, row[column].split(SEPARATOR)))
    return {
        model: {
            row.slug: row
            for row in readable(model, user)
            .filter(slug__in=names)
            .select_related(*BY_MODEL[model].foreign_keys)
        }
        for model, names in slugs.items()
    }


def readable(model: type[models.Model], user):
    """Return the rows of a model that a page may name: of entries those that ``user`` may read."""
    if issubclass(model, Publishable):
        return model.objects.visible_to(user)
    return model._default_manager.all()


def build(table: Table, cells: dict[str, str], others, pk: int):
    """Return the object of one row, or None where a part joins what is not there or not public."""
    row = table.model(pk=pk)
    fields = RESOURCES[table.name].fields
    for column, model in table.foreign_keys.items():
        if column == table.owner:
            continue
        other = others.get(model, {}).get(cells[column])
        if other is None and table.owner:
            return None
        setattr(row, column, other)
    for column, model in table.many_to_many.items():
        known = others.get(model, {})
        named = [known[slug] for slug in cells[column].split(SEPARATOR) if slug in known]
        hold(row, column, model, in_order(model, named))
    for column in table.columns:
        if column not in table.foreign_keys and column not in table.many_to_many:
            setattr(row, column, fields[column].widget.value(cells[column]))
    return row


def in_order(model: type[models.Model], rows: list) -> list:
    """Return the rows in the order of their model."""
    names = [name for name in model._meta.ordering or () if isinstance(name, str)]

    def place(row):
        values = [getattr(row, name) for name in names]
        return [(value is None, value if value is not None else "") for value in values]

    return sorted(rows, key=place)


def hold(instance: models.Model, name: str, model: type[models.Model], rows: list) -> None:
    """Give an instance the rows of a relation, as if they had been fetched ahead."""
    queryset = model._default_manager.none()
    queryset._result_cache = rows
    queryset._prefetch_done = True  # type: ignore[attr-defined]  # Private: not in the stubs.
    instance.__dict__.setdefault("_prefetched_objects_cache", {})[name] = queryset
