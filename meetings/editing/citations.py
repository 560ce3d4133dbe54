"""Citations in the texts of entries and their parts: unknown ones, lists of sources, coverage."""

from collections.abc import Iterable, Iterator

from django.db import models

from ..models import Source
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME, Table
from ..text import markdown
from .changes import EntryChange, place_of
from .slug_lookup import SlugLookup
from .snapshots import Row, Snapshot


def complete_sources(own: Table, state: Snapshot) -> Snapshot:
    """Return a snapshot whose list of sources has all that its texts and quotations cite.

    Sources are added and none is removed; the same snapshot is returned where none is missing.
    """
    rows = state.get(own.name)
    if not rows or "sources" not in own.many_to_many:
        return state
    listed = set(filter(None, rows[0]["sources"].split(SEPARATOR)))
    wanted = {slug for _, row, column in texts(state) for slug in markdown.cited_slugs(row[column])}
    quoting = [row for found in state.values() for row in found if "quotation_source" in row]
    wanted.update(row["quotation_source"] for row in quoting if row["quotation_source"])
    if wanted <= listed:
        return state
    return state | {own.name: [rows[0] | {"sources": SEPARATOR.join(sorted(wanted | listed))}]}


def texts(state: Snapshot) -> Iterator[tuple[Table, Row, str]]:
    """Yield the table, row and column of each text in a snapshot that is not empty."""
    for name, rows in state.items():
        table = TABLES_BY_NAME[name]
        for column in table.prose_columns:
            for row in rows:
                if row[column]:
                    yield table, row, column


def marker_problems(changes: list[EntryChange], lookup: SlugLookup) -> list[str]:
    """Return a message for every marker in rows from fixtures that is unknown or malformed."""
    found = [(change, *text) for change in changes for text in texts(change.after)]
    cited = {slug for _, _, row, column in found for slug in markdown.cited_slugs(row[column])}
    missing = lookup.missing(Source, cited)
    problems = []
    for change, table, row, column in found:
        kind = str(change.own.model._meta.verbose_name).capitalize()
        place = place_of(table, tuple(row[name] for name in table.key), column)
        start = f"{kind} “{change.slug}”: {place}: "
        slugs, broken = markdown.read_markers(row[column])
        problems += [f"{start}there is no source “{slug}”." for slug in slugs if slug in missing]
        problems += [
            f"{start}“{marker}” is not a citation. Write it as [@slug] or [@slug, p. 4]."
            for marker in broken
        ]
    return problems


def coverage(texts: Iterable[str]) -> tuple[int, int]:
    """Return how many paragraphs of the texts cite a source, and how many there are."""
    parts = [part for text in texts for part in markdown.paragraphs(text)]
    return sum(bool(part.citations) for part in parts), len(parts)


def shown_texts(entry: models.Model) -> list[str]:
    """Return the non-empty texts of an entry and its parts, from parts that were prefetched."""
    own = TABLES_BY_MODEL[type(entry)]
    rows = [(own, entry)]
    rows += [(table, row) for table in own.parts for row in getattr(entry, table.name).all()]
    return [
        text
        for table, row in rows
        for column in table.prose_columns
        if (text := getattr(row, column))
    ]
