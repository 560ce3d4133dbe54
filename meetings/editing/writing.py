"""Writing the rows of entries, table by table: inserts, updates, deletions, relations."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db import models

from ..models import Source, VersionedModel
from ..tables import bulk_insert
from ..tables.registry import Table
from ..tables.resources import column_widget
from .changes import EntryChange
from .errors import Refused
from .slug_lookup import PostponedRelation, SlugLookup
from .snapshots import FIRST_REVISION, Row


class RowIds:
    """The ids of the rows to which the cells of entries refer by slug."""

    def __init__(self, own: Table, changes: list[EntryChange], lookup: SlugLookup):
        asked: dict[type[models.Model], set[str]] = defaultdict(set)
        for table in (own, *own.parts):
            for change in changes:
                for row in change.row_changes.get(table.name, ()):
                    cells = row.new or {}
                    for column, model in table.foreign_keys.items():
                        if column != table.owner and cells.get(column):
                            asked[model].add(cells[column])
                    for column, model in table.many_to_many.items():
                        if cells.get(column):
                            asked[model].update(column_widget(table, column).value(cells[column]))
        self.by_slug = {model: lookup.ids(model, slugs) for model, slugs in asked.items()}

        self.postponed = lookup.postponed

    def of(self, model: type[models.Model], slug: str) -> int | None:
        return self.by_slug[model][slug] if slug else None

    def are_written(self, model: type[models.Model], slug: str) -> bool:
        """Return whether the row of a slug is there, and not only planned."""
        return slug in self.by_slug[model]


def write_changes(table: Table, changes: list[EntryChange], ids: RowIds) -> None:
    """Write the rows of one table that differ; delete those that are gone."""
    new: list[tuple[EntryChange, Row]] = []
    old: list[tuple[EntryChange, tuple[str, ...], Row, Row]] = []
    gone: list[tuple[EntryChange, tuple[str, ...]]] = []
    for change in changes:
        for row in change.row_changes.get(table.name, ()):
            if row.new is None:
                gone.append((change, row.key))
            elif row.old is None:
                new.append((change, row.new))
            else:
                old.append((change, row.key, row.old, row.new))
    stored = [change for change, _, _, _ in old] + [change for change, _ in gone]
    pks = stored_ids(table, stored)
    changed = [(pks[change.slug, key], change, was, row) for change, key, was, row in old]
    if table.model is Source:
        clear_urls([pk for pk, _, was, row in changed if was["url"] != row["url"]])
    add_rows(table, new, ids)
    update_rows(table, changed, ids)
    if gone:
        gone_ids = [pks[change.slug, key] for change, key in gone]
        table.model._default_manager.filter(pk__in=gone_ids).delete()
    if table.many_to_many:
        update_relations(table, added_relations(table, new), ids)
        update_relations(table, [(pk, was, row) for pk, _, was, row in changed], ids)


def added_relations(
    table: Table, new: list[tuple[EntryChange, Row]]
) -> list[tuple[int | None, Row, Row]]:
    """Return the ids of new rows with their cells, as ``update_relations`` takes them."""
    if not table.owner:
        return [(change.pk, {}, row) for change, row in new]
    pks = stored_ids(table, [change for change, _ in new])
    return [
        (pks[change.slug, tuple(row[name] for name in table.key)], {}, row) for change, row in new
    ]


def add_rows(table: Table, rows: list[tuple[EntryChange, Row]], ids: RowIds) -> None:
    """Insert new rows, and set the ids of new entries."""
    parse = value_parser(table, ids)
    own = own_columns(table)
    columns = [f"{name}_id" if name in table.foreign_keys else name for name in own]
    if table.owner:
        parts = ([change.pk, *parse(row)] for change, row in rows)
        bulk_insert.insert(table.model, [f"{table.owner}_id", *columns], parts)
        return
    numbers = {"revision": FIRST_REVISION} if issubclass(table.model, VersionedModel) else {}
    columns += numbers
    inserted = [[*parse(row), *numbers.values()] for change, row in rows if not change.old_pk]
    # A deleted entry comes back under the id of its revisions.
    reinserted = [
        [change.old_pk, *parse(row), *numbers.values()] for change, row in rows if change.old_pk
    ]
    bulk_insert.insert(table.model, columns, inserted)
    bulk_insert.insert(table.model, ["id", *columns], reinserted)
    lookup = table.key_lookups[0]
    made = {f"{lookup}__in_array": [change.slug for change, _ in rows]}
    pks = dict(table.model._default_manager.filter(**made).values_list(lookup, "pk"))
    for change, _ in rows:
        change.pk = pks[change.slug]


def own_columns(table: Table) -> list[str]:
    """Return the columns of the table itself, without the owner's."""
    return [name for name in table.columns if name not in {table.owner, *table.many_to_many}]


def value_parser(table: Table, ids: RowIds) -> Callable[[Row], list[Any]]:
    """Return a function for the values of a row's own columns, with ids for references."""
    parsers = []
    for name in own_columns(table):
        if name in table.foreign_keys:
            parsers.append((name, partial(ids.of, table.foreign_keys[name])))
        else:
            parsers.append((name, column_widget(table, name).value))
    return lambda row: [parse(row[name]) for name, parse in parsers]


def clear_urls(ids: list[int]) -> None:
    """Clear the URLs of sources before they get others, since two may exchange theirs."""
    Source.objects.filter(pk__in=ids).update(url="")


def stored_ids(table: Table, changes: list[EntryChange]) -> dict[tuple[str, tuple], int]:
    """Return the ids of the rows of entries, by the entry's slug and the row's key."""
    entries = {change.pk: change.slug for change in changes}
    if not table.owner:
        return {(change.slug, (change.slug,)): change.pk for change in changes if change.pk}
    rows = table.model._default_manager.filter(**{f"{table.owner}__in_array": entries})
    return {
        (entries[row[1]], tuple(str(part) for part in row[2:])): row[0]
        for row in rows.values_list("pk", f"{table.owner}_id", *table.key_lookups)
    }


def update_rows(table: Table, rows: list[tuple[int, EntryChange, Row, Row]], ids: RowIds) -> None:
    """Update the columns that differ, with one statement for all rows with the same ones."""
    parse = value_parser(table, ids)
    own = own_columns(table)
    by_columns: dict[tuple[str, ...], list[models.Model]] = defaultdict(list)
    for pk, change, was, row in rows:
        columns = tuple(name for name in own if was[name] != row[name])
        if columns:
            values = dict(zip(own, parse(row), strict=True))
            for name in table.foreign_keys.keys() - {table.owner}:
                values[f"{name}_id"] = values.pop(name)
            if table.owner:
                values[f"{table.owner}_id"] = change.pk
            by_columns[columns].append(table.model(pk=pk, **values))
    for columns, instances in by_columns.items():
        # An upsert by id: one statement for many rows, while bulk_update has a case for each.
        table.model._default_manager.bulk_create(
            instances, update_conflicts=True, unique_fields=["pk"], update_fields=list(columns)
        )


def update_relations(
    table: Table, rows: Iterable[tuple[int | None, Row, Row]], ids: RowIds
) -> None:
    """Insert and delete the relations of columns with several slugs where they differ."""
    rows = list(rows)
    for column, model in table.many_to_many.items():
        through: Any = table.relation(column).remote_field.through
        relation: Any = table.relation(column)
        owner_name, other_name = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        value = column_widget(table, column).value
        added, taken = [], defaultdict(list)
        for pk, was, row in rows:
            if was.get(column, "") == row[column]:
                continue
            before, after = set(value(was.get(column, ""))), set(value(row[column]))
            for slug in sorted(after - before):
                if ids.are_written(model, slug):
                    added.append([pk, ids.of(model, slug)])
                else:
                    ids.postponed.append(
                        PostponedRelation(through, owner_name, pk or 0, other_name, model, slug)
                    )
            for slug in before - after:
                taken[slug].append(pk)
        for slug, pks in taken.items():
            gone = {f"{owner_name}__in": pks, f"{other_name}__slug": slug}
            through._default_manager.filter(**gone).delete()
        if added:
            bulk_insert.insert(through, [f"{owner_name}_id", f"{other_name}_id"], added)


def write_postponed_relations(lookup: SlugLookup) -> None:
    """Insert the relations to rows that were not written yet when their own rows were.

    A claim of a source names entries, and these list sources: one of the two comes first.
    """
    by_relation: dict[tuple[Any, str, str], list[PostponedRelation]] = defaultdict(list)
    for each in lookup.postponed:
        by_relation[each.through, each.owner_column, each.other_column].append(each)
    for (through, owner, other), relations in by_relation.items():
        pks = lookup.ids(relations[0].model, {each.slug for each in relations})
        if missing := sorted({each.slug for each in relations} - pks.keys()):
            raise Refused([f"A claim names what is not there: {', '.join(missing[:5])}."])
        rows = [[each.owner, pks[each.slug]] for each in relations]
        bulk_insert.insert(through, [f"{owner}_id", f"{other}_id"], rows)
    lookup.postponed.clear()
