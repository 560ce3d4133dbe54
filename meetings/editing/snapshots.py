"""Snapshots of entries and references with their parts, and how two of them differ.

A snapshot holds the rows that make up an entry, by table, with the cells of a file. Its rows stand
in the order of their keys, and two snapshots are compared by key.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import models

from ..models import Revision, VersionedModel
from ..tables.cells import MAX_INTEGER, SEPARATOR
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME, Table
from ..tables.rows import entry_rows

Row = dict[str, str]
Snapshot = dict[str, list[Row]]
Key = tuple[str, ...]
FIRST_REVISION = 1
# The columns of an entry that have acts of their own: no other state of it brings them along.
PRESENT_COLUMNS = ("status", "publish_at")


@dataclass(frozen=True)
class MadeRevision:
    """A revision of an entry or reference that was just made."""

    object_id: int
    number: int
    made_at: datetime
    act: str
    state: Snapshot


@dataclass(frozen=True)
class Change:
    """One cell that differs between two snapshots; None where a snapshot lacks the row."""

    table: str
    key: Key
    column: str
    old: str | None
    new: str | None


def snapshots(model: type[models.Model], ids: Iterable[int]) -> dict[int, Snapshot]:
    """Return the snapshots of entries or references by id: their rows by table, as in a file."""
    ids = list(ids)
    own = TABLES_BY_MODEL[model]
    found: dict[int, Snapshot] = defaultdict(dict)
    for table in (own, *own.parts):
        for entry, cells in entry_rows(table, ids):
            row = dict(zip(table.columns, cells, strict=True))
            found[entry].setdefault(table.name, []).append(row)
    return found


def snapshot(entry: VersionedModel) -> Snapshot:
    """Return the snapshot of one entry or reference as the database holds it now."""
    return snapshots(type(entry), [entry.pk])[entry.pk]


def compare(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Yield the cells that differ between two snapshots, in the order of the tables."""
    for name, table in TABLES_BY_NAME.items():
        before, after = rows_by_key(table, old), rows_by_key(table, new)
        if not table.owner and len(before) == len(after) == 1:
            # The entry's own row stays the same row when its address changes.
            before = dict(zip(after, before.values(), strict=True))
        for key in dict.fromkeys((*before, *after)):
            for column in table.columns:
                cells = [rows[key][column] if key in rows else None for rows in (before, after)]
                if cells[0] != cells[1] and any(cells):
                    yield Change(name, key, column, *cells)


def rows_by_key(table: Table, state: Snapshot) -> dict[Key, Row]:
    """Return the rows of one table in a snapshot by their key."""
    return {tuple(row[name] for name in table.key): row for row in state.get(table.name, [])}


def in_key_order(state: Snapshot) -> Snapshot:
    """Return a snapshot with its tables and rows in order; a table without rows is left out."""
    return {
        name: sorted(state[name], key=key_sorter(table)) if len(state[name]) > 1 else state[name]
        for name, table in TABLES_BY_NAME.items()
        if state.get(name)
    }


def key_sorter(table: Table):
    """Return the key function by which rows of cells sort as ``tables.rows`` reads them.

    Whole numbers sort by value; a cell that should be one and is not, as in a wrong file, last.
    """
    numbers = {name for name in table.key if isinstance(table.field(name), models.IntegerField)}

    def sort_key(row: Row) -> list[tuple[int, str]]:
        return [
            number_and_text(row[name]) if name in numbers else (0, row[name]) for name in table.key
        ]

    return sort_key


def number_and_text(cell: str) -> tuple[int, str]:
    return (int(cell), "") if cell.isdecimal() else (MAX_INTEGER, cell)


def with_present_slugs(states: Iterable[Snapshot]) -> list[Snapshot]:
    """Return snapshots in which rows that were renamed since have the slugs of today.

    A slug that no row has is looked up in the revisions, which know every slug that a row had: of
    several rows the one that had it last. One of a row that is gone stays as it was.
    """
    states = list(states)
    named = named_slugs(states)
    renamed = {model: present_slugs(model, slugs) for model, slugs in named.items()}
    if not any(renamed.values()):
        return states
    return [rename_slugs(state, renamed) for state in states]


def named_slugs(states: list[Snapshot]) -> dict[type[models.Model], set[str]]:
    """Return the slugs by which snapshots name rows with revisions, by model."""
    found: dict[type[models.Model], set[str]] = defaultdict(set)
    for state in states:
        for name, rows in state.items():
            for column, model in reference_columns(TABLES_BY_NAME[name]).items():
                for row in rows:
                    found[model].update(filter(None, row[column].split(SEPARATOR)))
    return found


@cache
def reference_columns(table: Table) -> dict[str, type[models.Model]]:
    """Return the columns of a table that name other rows, without its owner, with their models."""
    columns = table.foreign_keys | table.many_to_many
    return {name: model for name, model in columns.items() if name != table.owner}


def present_slugs(model: type[models.Model], slugs: set[str]) -> dict[str, str]:
    """Return the slugs of today of those rows of a model that had other slugs before."""
    rows = model._default_manager
    unknown = slugs - set(rows.filter(slug__in_array=slugs).values_list("slug", flat=True))
    if not unknown:
        return {}
    past = Revision.objects.filter(table=model._meta.model_name, slug__in_array=unknown)
    ids = dict(past.order_by("made_at", "pk").values_list("slug", "object_id"))
    present = dict(rows.filter(pk__in_array=ids.values()).values_list("pk", "slug"))
    return {slug: present[pk] for slug, pk in ids.items() if pk in present}


def rename_slugs(state: Snapshot, renamed: dict[type[models.Model], dict[str, str]]) -> Snapshot:
    """Return a snapshot with other slugs in the cells that name rows, in order again."""
    found: Snapshot = {}
    for name, rows in state.items():
        table = TABLES_BY_NAME[name]
        columns = reference_columns(table)
        found[name] = [
            row
            | {
                column: renamed_cell(row[column], renamed.get(model, {}))
                for column, model in columns.items()
            }
            for row in rows
        ]
    return in_key_order(found)


def renamed_cell(cell: str, slugs: dict[str, str]) -> str:
    """Return a cell of slugs with other slugs, in alphabetical order."""
    return SEPARATOR.join(sorted(slugs.get(slug, slug) for slug in cell.split(SEPARATOR)))


def changed_ids(stored: dict[int, Snapshot], present: dict[int, Snapshot]) -> set[int]:
    """Return the ids under which a snapshot of today differs from the stored one, or has none.

    Of many entries the slugs are looked up together; of those that are alike none is.
    """
    unlike = [pk for pk, state in present.items() if stored.get(pk) != state]
    read = with_present_slugs(stored.get(pk, {}) for pk in unlike)
    return {pk for pk, state in zip(unlike, read, strict=True) if state != present[pk]}


def with_slug(own: Table, state: Snapshot, slug: str) -> Snapshot:
    """Return a snapshot with another slug of its entry, which its parts name too."""
    if state[own.name][0][own.key[0]] == slug:
        return state
    moved = {own.name: [state[own.name][0] | {own.key[0]: slug}]}
    for table in own.parts:
        if table.name in state:
            moved[table.name] = [row | {table.owner: slug} for row in state[table.name]]
    return moved


def with_present_columns(own: Table, state: Snapshot, present: Snapshot) -> Snapshot:
    """Return another state of an entry at its present address, status and publication time."""
    cells = present[own.name][0]
    moved = with_slug(own, state, cells["slug"])
    kept = {name: cells[name] for name in PRESENT_COLUMNS if name in cells}
    return moved | {own.name: [moved[own.name][0] | kept]}
