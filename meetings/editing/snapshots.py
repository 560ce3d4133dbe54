"""Snapshots of entries and references with their parts, and how two of them differ.

A snapshot holds the rows that make up an entry, by table, with the cells of a file. Its rows stand
in the order of their keys, and two snapshots are compared by key.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.apps import apps
from django.db import models

from ..models import Import, Redirect, Revision, Source, VersionedModel
from ..tables.cells import MAX_INTEGER, SEPARATOR
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME, Table
from ..tables.rows import entry_rows
from ..text import markdown
from .redirects import address_folder

Row = dict[str, str]
Snapshot = dict[str, list[Row]]
Key = tuple[str, ...]
# The slugs of today of rows that had others, by model.
Renamed = dict[type[models.Model], dict[str, str]]
FIRST_REVISION = 1
# The columns of an entry that have acts of their own: no other state of it brings them along.
PRESENT_COLUMNS = ("status", "publish_at")
# Tables whose notes cite sources that no list of the same entry names.
NOTED_TABLES = ("sources", "claims")


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


def with_present_slugs(
    states: Iterable[Snapshot], returning: dict[type[models.Model], set[str]] | None = None
) -> list[Snapshot]:
    """Return snapshots in which rows that were renamed or merged since have the slugs of today.

    A slug that no row has is looked up in the revisions, which know every slug that a row had: of
    several rows the one that had it last. One of a row that is gone stays as it was, and so do
    those ``returning``, whose rows are about to come back.
    """
    states, returning = list(states), returning or {}
    named = named_slugs(states)
    named[Source] = named[Source] | slugs_in_notes(states)
    renamed = {
        model: present_slugs(model, slugs - returning.get(model, set()))
        for model, slugs in named.items()
    }
    if not any(renamed.values()):
        return states
    return [rename_slugs(state, renamed) for state in states]


def named_slugs(states: list[Snapshot]) -> defaultdict[type[models.Model], set[str]]:
    """Return the slugs by which snapshots name rows with revisions, by model."""
    found: defaultdict[type[models.Model], set[str]] = defaultdict(set)
    for state in states:
        for name, rows in state.items():
            for column, model in reference_columns(TABLES_BY_NAME[name]).items():
                for row in rows:
                    found[model].update(filter(None, row[column].split(SEPARATOR)))
    return found


def slugs_in_notes(states: list[Snapshot]) -> set[str]:
    """Return the slugs of sources that the notes of sources and of their claims cite."""
    notes = (
        row["note"] for state in states for name in NOTED_TABLES for row in state.get(name, ())
    )
    return {slug for note in notes for slug in markdown.cited_slugs(note)}


@cache
def reference_columns(table: Table) -> dict[str, type[models.Model]]:
    """Return the columns of a table that name other rows, without its owner, with their models."""
    columns = table.foreign_keys | table.many_to_many
    return {name: model for name, model in columns.items() if name != table.owner}


def present_slugs(model: type[models.Model], slugs: set[str]) -> dict[str, str]:
    """Return the slugs of today of those rows of a model that had other slugs before."""
    if not slugs:
        return {}
    rows = model._default_manager
    unknown = slugs - set(rows.filter(slug__in_array=slugs).values_list("slug", flat=True))
    if not unknown:
        return {}
    ids = last_holders(model, unknown)
    present = dict(rows.filter(pk__in_array=ids.values()).values_list("pk", "slug"))
    left = {pk for pk in ids.values() if pk not in present}
    present |= merged_slugs(model, left) if left else {}
    return {slug: present[pk] for slug, pk in ids.items() if pk in present}


def last_holders(model: type[models.Model], slugs: Iterable[str]) -> dict[str, int]:
    """Return the ids of the rows of a model that had slugs last, by slug, as revisions know it."""
    past = Revision.objects.filter(table=model._meta.model_name, slug__in_array=set(slugs))
    return dict(past.order_by("made_at", "pk").values_list("slug", "object_id"))


def merged_slugs(model: type[models.Model], ids: set[int]) -> dict[int, str]:
    """Return by id the slug of the row into which each of some rows that are gone was merged.

    The address of what was merged leads to it for ever, wherever that has moved since.
    """
    merges = Revision.objects.filter(
        table=model._meta.model_name,
        object_id__in_array=ids,
        act=Revision.Act.DELETE,
        from_import__act=Import.Act.MERGE,
    )
    folder = address_folder(model)
    paths = {f"{folder}{slug}/": pk for pk, slug in merges.values_list("object_id", "slug")}
    if not paths:
        return {}
    targets = Redirect.objects.filter(old_path__in_array=paths, new_path__startswith=folder)
    found = {
        paths[old]: new.removeprefix(folder).removesuffix("/")
        for old, new in targets.values_list("old_path", "new_path")
    }
    rows = model._default_manager.filter(slug__in_array=set(found.values()))
    present = set(rows.values_list("slug", flat=True))
    return {pk: slug for pk, slug in found.items() if slug in present}


def kept_id(model: type[models.Model], pk: int) -> int | None:
    """Return the id of the row into which another was merged last, or None."""
    merges = Revision.objects.filter(
        table=model._meta.model_name,
        object_id=pk,
        act=Revision.Act.DELETE,
        from_import__act=Import.Act.MERGE,
    )
    name = merges.order_by("made_at", "pk").values_list("from_import__name", flat=True).last()
    # A merge is named “gone into kept”.
    slug = (name or "").rpartition(" into ")[2]
    return last_holders(model, [slug]).get(slug)


def slugs_of_merged() -> Renamed:
    """Return the slugs of today of all rows that were merged, by each slug that they had."""
    found: Renamed = {}
    merges = Revision.objects.filter(
        act=Revision.Act.DELETE, from_import__act=Import.Act.MERGE
    ).order_by()
    for name in set(merges.values_list("table", flat=True)):
        ids = set(merges.filter(table=name).values_list("object_id", flat=True))
        past = Revision.objects.filter(table=name, object_id__in_array=ids).order_by()
        model = apps.get_model("meetings", name)
        found[model] = present_slugs(model, set(past.values_list("slug", flat=True)))
    return found


def filled_row(table: Table, row: Row, other: Row) -> Row:
    """Return a row of a table whose empty cells are those of another one."""
    return {name: cell or other[name] for name, cell in row.items()}


def rename_slugs(
    state: Snapshot, renamed: Renamed, joined: Callable[[Table, Row, Row], Row] = filled_row
) -> Snapshot:
    """Return a snapshot with other slugs in the cells and markers that name rows, in order again.

    Rows whose keys become the same are joined: ``joined`` makes one of that which had the key
    before and another one.
    """
    found: Snapshot = {}
    for name, rows in state.items():
        table = TABLES_BY_NAME[name]
        new = [renamed_row(table, row, renamed) for row in rows]
        found[name] = joined_by_key(table, rows, new, joined) if table.owner else new
    return in_key_order(found)


def renamed_row(table: Table, row: Row, renamed: Renamed) -> Row:
    """Return a row with other slugs in its cells and in the markers of its texts.

    Of a row of a file, which may lack columns, those that it has.
    """
    cells = {
        column: renamed_cell(row[column], renamed.get(model, {}))
        for column, model in reference_columns(table).items()
        if column in row
    }
    sources = renamed.get(Source, {})
    texts = {
        name: markdown.with_slugs(row[name], sources) for name in table.prose_columns if name in row
    }
    return row | cells | texts


def joined_by_key(
    table: Table,
    rows: list[Row],
    renamed: list[Row],
    joined: Callable[[Table, Row, Row], Row],
) -> list[Row]:
    """Return renamed rows, one for each key, joined with that which had the key before."""
    pairs = list(zip(rows, renamed, strict=True))
    pairs.sort(key=lambda pair: any(pair[0][name] != pair[1][name] for name in table.key))
    found: dict[Key, Row] = {}
    for _, row in pairs:
        key = tuple(row[name] for name in table.key)
        found[key] = joined(table, found[key], row) if key in found else row
    return list(found.values())


def renamed_cell(cell: str, slugs: dict[str, str]) -> str:
    """Return a cell of slugs with other slugs, in alphabetical order."""
    return SEPARATOR.join(sorted({slugs.get(slug, slug) for slug in cell.split(SEPARATOR)}))


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
