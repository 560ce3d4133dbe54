"""Entries rebuilt from snapshots as unsaved model objects, written nowhere.

For pages that show what is not in the rows: a revision, or what is prepared and not public yet.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects

from ..models import Publishable, Reference, Revision, VersionedModel
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_MODEL, Table
from ..tables.resources import RESOURCES
from .snapshots import FIRST_REVISION, Snapshot, named_slugs, with_present_slugs

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


class PresentRows:
    """The rows that snapshots name, as they are now, as far as ``user`` may read them."""

    def __init__(self, user=None):
        self.user = user

    def by_slug(self, model: type[models.Model], slugs: Iterable[str]) -> dict[str, Any]:
        """Return the rows of a model by slug; those missing or hidden are left out."""
        if not slugs:
            return {}
        rows: Any = model._default_manager.all()
        if issubclass(model, Publishable):
            rows = rows.visible_to(self.user)
        followed = TABLES_BY_MODEL[model].foreign_keys
        return {row.slug: row for row in rows.filter(slug__in=slugs).select_related(*followed)}


class PastRows(PresentRows):
    """The rows that snapshots name: people, places and sources as they stood at a time.

    They have the addresses of today. One that came here later is as it first was.
    """

    def __init__(self, at: datetime, user=None):
        super().__init__(user)
        self.at = at

    def by_slug(self, model, slugs):
        rows = super().by_slug(model, slugs)
        if not issubclass(model, Reference) or not rows:
            return rows
        own = TABLES_BY_MODEL[model]
        states = self.states(model, [row.pk for row in rows.values()])
        return {
            slug: self.past_row(own, row, states[row.pk]) if row.pk in states else row
            for slug, row in rows.items()
        }

    def states(self, model: type[models.Model], ids: list[int]) -> dict[int, Snapshot]:
        """Return the snapshots that rows had at the time, or else their first ones, by id."""
        made = Revision.objects.filter(table=model._meta.model_name, object_id__in_array=ids)
        past = made.filter(made_at__lte=self.at).newest()
        found = dict(past.values_list("object_id", "snapshot"))
        if later := set(ids) - found.keys():
            first = made.filter(object_id__in_array=later, number=FIRST_REVISION)
            found |= dict(first.values_list("object_id", "snapshot"))
        return found

    def past_row(self, own: Table, row: Any, state: Snapshot):
        past = build_row(own, state[own.name][0] | {"slug": row.slug}, {}, pk=row.pk)
        past.revision, past.first_public_at = row.revision, row.first_public_at
        return past


def rebuild(
    live: VersionedModel, state: Snapshot, user=None, rows: PresentRows | None = None
) -> VersionedModel:
    """Return the entry as in the snapshot ``state``, unsaved, with its parts prefetched.

    It has the id of ``live``, so that relations from other rows are found. The rows that it refers
    to are found by ``rows``; those that are missing or hidden from ``user`` are left out.
    """
    rows = rows or PresentRows(user)
    own = TABLES_BY_MODEL[type(live)]
    others = rows_named_by(state, rows)
    if any(slugs - others[model].keys() for model, slugs in named_slugs([state]).items()):
        (state,) = with_present_slugs([state])
        others = rows_named_by(state, rows)
    entry = build_row(own, state[own.name][0], others, pk=live.pk)
    entry.revision = live.revision
    for table in own.parts:
        ids = count(-1, -1)
        found = [
            build_row(table, cells, others, pk=next(ids)) for cells in state.get(table.name, [])
        ]
        parts = [row for row in found if row is not None]
        for row in parts:
            setattr(row, table.owner, entry)
        set_prefetched(entry, table.name, table.model, sorted(parts, key=PART_ORDER[table.name]))
    prefetch_related_objects([entry], *type(live).objects.prefetches(user))
    return entry


def rows_named_by(state: Snapshot, rows: PresentRows) -> dict[type[models.Model], dict]:
    """Return the rows that a snapshot refers to, by model and slug, a few queries a model."""
    return {model: rows.by_slug(model, slugs) for model, slugs in named_slugs([state]).items()}


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
