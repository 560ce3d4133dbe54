"""Twins: people, places and sources that may be one, by their names or addresses.

Rows of a file are compared by title and day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..models import Actor, Meeting, Milestone, Place, Reaction, Reference, Source
from ..search.normalize import fold, latin_forms
from ..tables.registry import Table

# What says from where somebody came to a page, and nothing of the page.
TRACKING_PREFIXES = ("utm_", "mc_", "pk_")
TRACKING_PARAMETERS = {"fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "ref_src"}
# The columns of which the names of a row are made.
NAME_COLUMNS: dict[type[Reference], tuple[str, ...]] = {
    Actor: ("name", "other_names"),
    Place: ("venue", "city"),
    Source: ("title", "url"),
}
# The columns that two rows have alike if they may be one under two slugs: title and day, and of a
# reaction, whose title is who reacted, the meeting.
LIKENESS_COLUMNS: dict[type, tuple[str, ...]] = {
    Meeting: ("title", "starts_on"),
    Milestone: ("title", "occurred_on"),
    Reaction: ("attribution", "reacted_on", "meeting"),
    Source: ("title", "published"),
}
MOST_TWINS = 5


def work_address(url: str) -> str:
    """Return what of an address tells the work: no scheme, www, fragment, tracking, last slash."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return url
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.startswith(TRACKING_PREFIXES) and name not in TRACKING_PARAMETERS
    ]
    return f"{host}{port}{parts.path.rstrip('/')}?{urlencode(query)}" if host else url


def keys(model: type[Reference], cells: dict[str, Any]) -> set[str]:
    """Return what a row is told by: the words of each of its names, in any order and script."""
    if model is Actor:
        names = [cells["name"], *cells["other_names"].split("|")]
        forms = {form for name in names for form in latin_forms(name)}
    elif model is Place:
        forms = {*latin_forms(f"{cells['venue']} {cells['city']}")}
    else:
        forms = {fold(cells["title"])}
    found = {" ".join(sorted(form.split())) for form in forms} - {""}
    if model is Source and (address := work_address(cells["url"])):
        found.add(address)
    return found


def rows_with_keys(model: type[Reference]) -> Iterator[tuple[int, set[str]]]:
    """Yield the id of each row of a model, with what it is told by."""
    columns = NAME_COLUMNS[model]
    for pk, *values in model._default_manager.order_by("pk").values_list("pk", *columns):
        yield pk, keys(model, dict(zip(columns, values, strict=True)))


def near_equal(model: Any, cells: dict[str, str], without: int | None = None) -> list[Any]:
    """Return the first rows that may be the one with these names; ``without`` is its own id."""
    asked = keys(model, {name: cells.get(name, "") for name in NAME_COLUMNS[model]})
    if not asked:
        return []
    ids = [pk for pk, found in rows_with_keys(model) if pk != without and found & asked]
    # Asked also for none, so that a form always asks the same number of questions.
    return list(model.objects.filter(pk__in_array=ids[:MOST_TWINS]).order_by("pk"))


def twin_ids(model: type[Reference]) -> list[int]:
    """Return the ids of the rows of a model that have a twin, in order."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for pk, found in rows_with_keys(model):
        for key in found:
            by_key[key].append(pk)
    return sorted({pk for pks in by_key.values() if len(pks) > 1 for pk in pks})


def sources_at(urls: Iterable[str], without: Iterable[int] = ()) -> dict[str, Source]:
    """Return the sources that are at addresses of the same works as some, by those."""
    asked: dict[str, list[str]] = defaultdict(list)
    for url in filter(None, urls):
        asked[work_address(url)].append(url)
    if not asked:
        return {}
    rows = Source.objects.exclude(url="").exclude(pk__in=list(without)).order_by("pk")
    held = {
        pk: work
        for pk, url in rows.values_list("pk", "url")
        if (work := work_address(url)) in asked
    }
    found = Source.objects.in_bulk(list(held))
    return {url: found[pk] for pk, work in held.items() for url in asked[work]}


def likeness(table: Table, cells: dict[str, str]) -> tuple[str, ...]:
    """Return the cells by which a row looks like others; nothing where one of them is empty."""
    found = tuple(cells.get(name, "") for name in LIKENESS_COLUMNS.get(table.model, ()))
    return found if all(found) else ()


def rows_alike(table: Table, asked: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Return the slugs of the rows that look like some, by their ``likeness``."""
    asked = {*asked}
    first, *others = LIKENESS_COLUMNS[table.model]
    names = [f"{name}__slug" if name in table.foreign_keys else name for name in (first, *others)]
    rows: Any = table.model._default_manager
    found = rows.filter(**{f"{first}__in_array": {values[0] for values in asked}}).order_by("-pk")
    slugs = {tuple(map(str, values)): slug for slug, *values in found.values_list("slug", *names)}
    return {values: slugs[values] for values in asked & slugs.keys()}
