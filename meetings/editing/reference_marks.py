"""Marks of people, places and sources with the time since which an entry showed them in public.

Written by ``publication`` with the periods of entries, and for the notes of sources.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from django.db import models
from django.db.models import Q

from ..models import Reference, Revision, Source
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_NAME
from ..text import markdown
from .snapshots import FIRST_REVISION, MadeRevision, Snapshot, reference_columns

SlugsByModel = dict[type[models.Model], set[str]]
# The slugs of references that were shown from a time on.
ShownSlugs = dict[datetime, SlugsByModel]


@cache
def columns_with_references(name: str) -> tuple[tuple[str, type[models.Model]], ...]:
    """Return the columns of a table that name references, with their models."""
    columns = reference_columns(TABLES_BY_NAME[name])
    return tuple(pair for pair in columns.items() if issubclass(pair[1], Reference))


def new_slugs() -> ShownSlugs:
    return defaultdict(lambda: defaultdict(set))


def add_references(found: SlugsByModel, state: Snapshot, *, with_texts: bool) -> None:
    """Add the references that a snapshot names in its cells, and with ``with_texts`` cites.

    An entry's list of sources holds those that its texts cite.
    """
    for name, rows in state.items():
        for column, model in columns_with_references(name):
            for row in rows:
                if cell := row[column]:
                    found[model].update(cell.split(SEPARATOR))
        for column in TABLES_BY_NAME[name].prose_columns if with_texts else ():
            for row in rows:
                found[Source].update(markdown.cited_slugs(row[column]))


def mark_references(slugs: ShownSlugs) -> None:
    """Mark references as public since a time, unless they are marked since an earlier one.

    What the notes of sources cite is shown with them.
    """
    times: dict[type[models.Model], dict[str, datetime]] = defaultdict(dict)
    for at in sorted(slugs, reverse=True):
        for model, named in slugs[at].items():
            times[model].update(dict.fromkeys(named, at))
    if Source in times:
        add_cited_in_notes(times[Source])
    for model, by_slug in times.items():
        if not by_slug:
            continue
        rows = model._default_manager.filter(slug__in_array=by_slug)
        is_unmarked = Q(first_public_at=None) | Q(first_public_at__gt=min(by_slug.values()))
        # Locked in one order, so that two acts do not wait for each other.
        found = rows.filter(is_unmarked).order_by("pk").select_for_update(no_key=True)
        marked: dict[datetime, list[int]] = defaultdict(list)
        for pk, slug, known in found.values_list("pk", "slug", "first_public_at"):
            if known is None or known > by_slug[slug]:
                marked[by_slug[slug]].append(pk)
        for at, ids in marked.items():
            model._default_manager.filter(pk__in_array=ids).update(first_public_at=at)


def add_cited_in_notes(times: dict[str, datetime]) -> None:
    """Add the sources that the notes of sources cite, the notes of these, and so on."""
    asked = list(times)
    while asked:
        citing = Source.objects.filter(slug__in_array=asked)
        asked = [
            slug
            for own, note in citing.citing_notes()
            for slug in add_earlier(times, markdown.cited_slugs(note), times[own])
        ]


def add_earlier(times: dict[str, datetime], slugs: Iterable[str], at: datetime) -> list[str]:
    """Add a time to those of slugs that have none or a later one; return these."""
    earlier = [slug for slug in slugs if slug not in times or times[slug] > at]
    times.update(dict.fromkeys(earlier, at))
    return earlier


def notes_in(state: Snapshot) -> list[str]:
    """Return the notes in a snapshot of a source: its own, and those of its claims."""
    return [row["note"] for rows in state.values() for row in rows]


def mark_cited_in_notes(made: Sequence[MadeRevision]) -> None:
    """Mark the sources that the notes of public sources cite, or did until this act.

    A new source is shown only once an entry lists it, which then marks what its note cites.
    """
    old = {each.object_id: each for each in made if each.number != FIRST_REVISION}
    if not old:
        return
    past = Revision.objects.filter(
        table="source",
        object_id__in_array=old,
        number__in_array={each.number - 1 for each in old.values()},
    ).order_by()
    notes: dict[int, list[str]] = defaultdict(list)
    for pk, number, state in past.values_list("object_id", "number", "snapshot"):
        if number == old[pk].number - 1:
            notes[pk] = [*notes_in(state), *notes_in(old[pk].state)]
    citing = {pk for pk, texts in notes.items() if any(markdown.cited_slugs(t) for t in texts)}
    if not citing:
        return
    public = Source.objects.published().filter(pk__in_array=citing).order_by()
    slugs = new_slugs()
    for pk in public.values_list("pk", flat=True):
        for text in notes[pk]:
            slugs[old[pk].made_at][Source].update(markdown.cited_slugs(text))
    mark_references(slugs)
