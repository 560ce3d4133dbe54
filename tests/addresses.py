"""Every public address of what is in the database now, for the tests that walk the site."""

from collections import defaultdict
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from meetings.editing.public_revisions import public_history
from meetings.exporting.bibliography import FILE_FORMATS
from meetings.feeds import FEEDS
from meetings.models import (
    Actor,
    Issue,
    Meeting,
    Milestone,
    Page,
    Place,
    Reaction,
    Source,
    Theme,
)
from meetings.sitemaps import SITEMAPS
from meetings.tables.registry import ENTRY_TABLES
from meetings.tables.registry import TABLES as RECORD
from meetings.views.accounts import AccountList
from meetings.views.actors import ActorList
from meetings.views.issues import IssueList
from meetings.views.meetings import MeetingList
from meetings.views.reactions import ReactionList
from meetings.views.sources import SourceList

MODELS = (Meeting, Issue, Reaction, Theme, Milestone, Page, Actor, Place, Source)
LISTS = {
    "meetings": MeetingList,
    "issues": IssueList,
    "accounts": AccountList,
    "reactions": ReactionList,
    "people": ActorList,
    "sources": SourceList,
}
# What else is a list or a table, with its queries.
TABLES = {
    "home": ("", "order=newest"),
    "by_meeting": ("", "sort=total", "with=calls"),
    "themes": ("",),
    "timeline": ("", "order=newest"),
    "places": ("",),
    "search": ("", "q=meeting", "q=meeting&sort=date", "q=sentin", "q=sentnelmeetng"),
    "data": ("",),
    "changes": ("",),
    "corrections": ("",),
    "codebook": ("",),
    "releases": ("",),
}
# Rows of a kind have one template, and most of them are sources: the gate looks at some of each.
few_or_all = pytest.mark.parametrize(
    "most", [60, pytest.param(None, marks=pytest.mark.soak)], ids=["some", "all"]
)
# What has data as a list and no filters.
WHOLE = ("themes", "places", "issues/by-meeting")
# What is drawn, with its numbers.
PICTURES = ("reactions/stance", "timeline/contacts")
# The pages of what a page joins, shown from the first where there are not so many.
RELATED = {Issue: "page", Actor: "reactions", Place: "meetings", Source: "uses"}


def addresses() -> list[str]:
    """Return the address of every public page, and of the lists in several variants."""
    return [*pages(), *references(), *texts()]


def pages() -> list[str]:
    """Return what is HTML."""
    return [*lists(), *details(), *histories()]


def histories(most: int = 1) -> list[str]:
    """Return the pages of the history of some entries of each kind, from all over the record.

    Of each the newest revisions, as far as they were public.
    """
    found = []
    for table in ENTRY_TABLES:
        rows = [row for row in table.model.objects.published() if row.get_absolute_url() != "/"]
        for row in rows[:: -(-len(rows) // most) or 1]:
            shown = [each for each in public_history(row) if each.is_readable]
            found += [f"{row.get_absolute_url()}history/"] if shown else []
            found += [f"{each.address}{end}" for each in shown[:3] for end in ("", "changes/")]
    return found


def details() -> list[str]:
    """Return the page of every public row."""
    return [row.get_absolute_url() for model in MODELS for row in model.objects.published()]


def few_of_each_kind(found: list[str], most: int | None) -> list[str]:
    """Return so many addresses of each kind of page, from all over the record; None for all."""
    kinds = defaultdict(list)
    for address in found:
        kinds[address.split("/")[1]].append(address)
    steps = {kind: -(-len(of_kind) // most) if most else 1 for kind, of_kind in kinds.items()}
    return [address for kind, of_kind in kinds.items() for address in of_kind[:: steps[kind]]]


def lists() -> list[str]:
    """Return the lists and tables: whole, sorted, paged, and filtered by what they offer."""
    plain = [with_query(reverse(name), query) for name in TABLES for query in TABLES[name]]
    return plain + [
        with_query(reverse(name), query) for name, view in LISTS.items() for query in variants(view)
    ]


def references() -> list[str]:
    """Return the files in which every public row is cited."""
    cited = [address for address in details() if address != "/"] + ["/data/"]
    found = [f"{address}cite.{end}" for address in cited for end in FILE_FORMATS]
    return found + bibliographies()


def bibliographies() -> list[str]:
    """Return the files of the sources of lists, and of those that pages show."""
    lists = ["/sources", "/meetings/sources", "/issues/sources", "/reactions/sources"]
    shown = [
        f"{address}sources"
        for address in details()
        if address != "/" and not address.startswith(("/places/", "/sources/"))
    ]
    return [f"{path}.{end}" for path in lists for end in FILE_FORMATS] + [
        f"{path}.bib" for path in shown
    ]


def texts() -> list[str]:
    """Return what machines ask of the site."""
    maps = [f"/sitemap-{section}.xml" for section in SITEMAPS]
    own = ["/sitemap.xml", *maps, "/robots.txt", "/.well-known/security.txt", "/healthz"]
    times = [
        f"{page.removesuffix('history/')}timemap/" for page in histories() if "history/" in page
    ]
    return [
        *own,
        *(f"/{feed.name}.atom" for feed in FEEDS),
        "/reactions.atom?stance=critical",
        "/changes.atom",
        "/corrections.atom",
        "/data/releases.atom",
        *times,
        *data(),
    ]


def data() -> list[str]:
    """Return the data of every page: the lists in their variants, the entries."""
    lists = [
        with_query(f"/{name}.{ending}", query)
        for name, view in LISTS.items()
        for query in variants(view)
        if not query.startswith("page=")
        for ending in ("json", "csv")
    ]
    tables = [f"/{word}.{end}" for word in WHOLE for end in ("json", "csv")]
    # Workbooks have the cells of the CSV: one of each list, and the whole, stand for the others.
    tables += [f"/{word}.xlsx" for word in (*LISTS, "themes", "places")]
    others = ["/timeline.json", "/timeline.json?order=newest", "/issues/by-meeting.csv?sort=total"]
    others += [f"/{name}.{end}" for name in ("changes", "corrections") for end in ("json", "csv")]
    others += ["/search.json?q=meeting", "/search.json?q=sentin"]
    others += [f"/{name}.{end}" for name in PICTURES for end in ("svg", "csv")]
    others += ["/reactions/stance.svg?stance=critical"]
    entries = [f"{address[:-1]}.json" for address in details() if address != "/"]
    whole = [f"/data/{table.name}.{end}" for table in RECORD for end in ("json", "csv")]
    own = ["/data.json", "/data/codebook.json", "/data/releases.json"]
    own += [f"/data/record.{end}" for end in ("zip", "xlsx", "sqlite")]
    return [*lists, *tables, *others, *entries, *whole, *own]


def variants(view) -> list[str]:
    """Return queries of a list: its sorts and pages, each filter alone, and all together."""
    rows = view().get_queryset()
    sorts = [urlencode({"sort": value}) for value in list(view.sorts)[1:]]
    filterset = view.filterset_class(queryset=rows)
    # Without a filter, as the list stands: of meetings those in person.
    pages = range(2, -(-filterset.narrowed(without="").count() // view.paginate_by) + 1)
    offered = [
        (group["name"], option.value)
        for group in filterset.groups
        for option in (group["options"][:1] + group["options"][-1:])
    ]
    together = urlencode([*dict(offered).items(), ("sort", list(view.sorts)[-1])])
    single = [urlencode([pair]) for pair in dict.fromkeys(offered)]
    numbers = [f"page={number}" for number in pages]
    return list(dict.fromkeys(["", *sorts, *numbers, *single, together]))


def with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
