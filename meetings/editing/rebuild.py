"""Entries rebuilt from snapshots as unsaved model objects, for pages that show a revision."""

from itertools import count

from django.db import models
from django.db.models import prefetch_related_objects

from ..models import Publishable, VersionedModel
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_MODEL, Table
from ..tables.resources import RESOURCES
from .snapshots import Snapshot, named_slugs, with_present_slugs

# Sort keys of the parts: the ordering of their models, in Python.
PART_ORDER = {
    "participations": lambda row: (row.order is None, row.order or 0, row.actor.slug),
    "outcomes": lambda row: row.order,
    "discussions": lambda row: (row.issue.title, row.issue.slug),
    "accounts": lambda row: (row.issue_id, row.government.code),
    "readouts": lambda row: row.government.code,
    "positions": lambda row: row.government.code,
    "claims": lambda row: row.order,
}


def rebuild(live: VersionedModel, state: Snapshot, user=None) -> VersionedModel:
    """Return the entry as in the snapshot ``state``, unsaved, with its parts prefetched.

    It has the id of ``live``, so that relations from other rows are found. Rows that it refers to
    are read from the database; those that are missing or hidden from ``user`` are left out.
    """
    own = TABLES_BY_MODEL[type(live)]
    others = rows_named_by(state, user)
    if any(slugs - others[model].keys() for model, slugs in named_slugs([state]).items()):
        (state,) = with_present_slugs([state])
        others = rows_named_by(state, user)
    entry = build_row(own, state[own.name][0], others, pk=live.pk)
    entry.revision = live.revision
    for table in own.parts:
        ids = count(-1, -1)
        rows = [
            build_row(table, cells, others, pk=next(ids)) for cells in state.get(table.name, [])
        ]
        rows = [row for row in rows if row is not None]
        for row in rows:
            setattr(row, table.owner, entry)
        set_prefetched(entry, table.name, table.model, sorted(rows, key=PART_ORDER[table.name]))
    prefetch_related_objects([entry], *type(live).objects.prefetches(user))
    return entry


def rows_named_by(state: Snapshot, user) -> dict[type[models.Model], dict]:
    """Return the rows that a snapshot refers to, by model and slug, with one query a model."""
    return {
        model: {
            row.slug: row
            for row in visible_rows(model, user)
            .filter(slug__in=slugs)
            .select_related(*TABLES_BY_MODEL[model].foreign_keys)
        }
        for model, slugs in named_slugs([state]).items()
    }


def visible_rows(model: type[models.Model], user):
    """Return the rows of a model that ``user`` may read."""
    if issubclass(model, Publishable):
        return model.objects.visible_to(user)
    return model._default_manager.all()


def build_row(table: Table, cells: dict[str, str], others, pk: int):
    """Return the object of one row, or None for a part that refers to a row that is left out."""
    row = table.model(pk=pk)
    fields = RESOURCES[table.name].fields
    for column, model in table.foreign_keys.items():
        if column == table.owner:
            continue
        other = others.get(model, {}).get(cells[column])
        if other is None and column in table.key:
            return None
        setattr(row, column, other)
    for column, model in table.many_to_many.items():
        known = others.get(model, {})
        named = [known[slug] for slug in cells[column].split(SEPARATOR) if slug in known]
        set_prefetched(row, column, model, in_model_order(model, named))
    for column in table.columns:
        if column not in table.foreign_keys and column not in table.many_to_many:
            setattr(row, column, fields[column].widget.value(cells[column]))
    return row


def in_model_order(model: type[models.Model], rows: list) -> list:
    """Return rows sorted by the ordering of their model."""
    names = [name for name in model._meta.ordering or () if isinstance(name, str)]

    def sort_key(row):
        values = [getattr(row, name) for name in names]
        return [(value is None, value if value is not None else "") for value in values]

    return sorted(rows, key=sort_key)


def set_prefetched(
    instance: models.Model, name: str, model: type[models.Model], rows: list
) -> None:
    """Give an instance the rows of a relation, as ``prefetch_related`` does.

    With private names, since Django has no public way to prefetch rows that are not stored.
    """
    queryset = model._default_manager.none()
    queryset._result_cache = rows
    queryset._prefetch_done = True  # type: ignore[attr-defined]  # Private: not in the stubs.
    instance.__dict__.setdefault("_prefetched_objects_cache", {})[name] = queryset
