"""The names of what an entry's data refers to by slug, so that a reader needs no other file."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from ..tables.registry import TABLES_BY_MODEL, Table

Names = dict[str, dict[str, dict[str, str]]]


def names_in(table: Table, entry: dict[str, Any]) -> Names:
    """Return title and address of each row that an entry and its parts name: by table and slug."""
    slugs: dict[Any, set[str]] = defaultdict(set)
    for model, slug in named_slugs(table, entry):
        slugs[model].add(slug)
    for part in table.parts:
        for row in entry[part.name]:
            for model, slug in named_slugs(part, row):
                slugs[model].add(slug)
    slugs[table.model].discard(entry["slug"])
    return {
        TABLES_BY_MODEL[model].name: titles(model, named) for model, named in slugs.items() if named
    }


def named_slugs(table: Table, row: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Yield each slug in a row, with the model of the row that it names."""
    for column, model in table.foreign_keys.items():
        if row[column]:
            yield model, row[column]
    for column, model in table.many_to_many.items():
        for slug in row[column]:
            yield model, slug


def titles(model: Any, slugs: set[str]) -> dict[str, dict[str, str]]:
    """Return title and address of rows by slug: they are public, since public data names them."""
    rows = model.objects.filter(slug__in_array=slugs).order_by("slug")
    return {
        row.slug: {
            "title": row.page_title,
            "address": settings.SITE_URL + row.get_absolute_url(),
        }
        for row in rows.select_related(*rows.select_related_fields)
    }
