"""The search: one box over everything that is published."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..editing.revisions import batches
from ..exporting.responses import json_list, parameter_error, unknown_parameters
from ..models import Actor, Issue, Meeting, SearchDocument
from ..models.search import KINDS
from ..search import MOST, SORTS, Found, Query, Ranked, results, suggestion
from .paging import elsewhere, nearest

PARAMETERS = ("q", "kind", "sort", "page")


@require_safe
def search(request):
    """Show what is found: counted by kind, the best first, with what was found marked."""
    query = Query(request.GET.get("q", ""))
    if query.is_cut:
        # The page's links keep the text as it was searched for, not all that was pasted.
        request.GET = request.GET.copy()
        request.GET["q"] = query.text
    kind, sort, ignored = understand(request)
    found = Found(query)
    pages = Paginator(Ranked(found, kind, sort), 25)
    page = nearest(pages, request.GET.get("page"))
    if moved := elsewhere(request, page):
        return moved
    context = {
        "query": query,
        "most": MOST,
        "kind": kind,
        "kinds": [(k, n, address(query, kind=k, sort=sort)) for k, n in found.counts.items()],
        "everything": address(query, sort=sort),
        "total": found.total,
        "count": pages.count,
        "results": results(page.object_list, query) if pages.count else [],
        "page_obj": page,
        "sort": sort,
        "sorts": [(s, label, address(query, kind=kind, sort=s)) for s, label in SORTS.items()],
        "ignored": ignored,
        "suggestions": suggestions(query) if query and not found.total else [],
        "examples": [] if query else [(text, address(Query(text))) for text in examples()],
        "data": {"json": address(query, kind=kind, sort=sort).replace("/?", ".json?", 1)},
    }
    return render(request, "meetings/search.html", context)


def address(query: Query, *, kind: str = "", sort: str = "") -> str:
    """Return the address of what a query finds, its parameters in one order."""
    asked = (("q", query.text), ("kind", kind), ("sort", "" if sort == "relevance" else sort))
    return f"{reverse('search')}?{urlencode([pair for pair in asked if pair[1]])}"


def suggestions(query: Query) -> list[tuple[str, str]]:
    """Return what was meant, if it was misspelt, with its address."""
    meant = suggestion(query)
    return [(meant.text, address(meant))] if meant else []


def understand(request) -> tuple[str, str, list[str]]:
    """Return the kind and the order asked for, and what of the address is not known."""
    kind, sort = request.GET.get("kind", ""), request.GET.get("sort", "")
    ignored = [f"kind={kind[:60]}"] if kind and kind not in KINDS else []
    ignored += [f"sort={sort[:60]}"] if sort and sort not in SORTS else []
    return (
        kind if kind in KINDS else "",
        sort if sort in SORTS else "relevance",
        ignored,
    )


def examples() -> list[str]:
    """Return a few queries that find something, from the record itself."""
    issues = Issue.objects.published().order_by("title").values_list("title", flat=True)
    phrase = issues.filter(title__contains=" ").first()
    found = (
        issues.exclude(title__contains=" ").first(),
        f"“{phrase}”" if phrase else None,
        Meeting.objects.published().order_by("-starts_on").values_list("title", flat=True).first(),
        Actor.objects.published()
        .filter(kind=Actor.Kind.PERSON)
        .values_list("name", flat=True)
        .first(),
    )
    return [example for example in found if example]


@require_safe
def search_data(request):
    """Answer with all that is found, in the order of the page."""
    names = [name for name in PARAMETERS if name != "page"]
    kind, sort, ignored = understand(request)
    if problems := unknown_parameters(request, names) + ignored:
        return parameter_error("json", problems, names)
    query = Query(request.GET.get("q", ""))
    ids = Found(query).best(None, kind, sort)
    return json_list(entries(batch, query) for batch in batches(ids))


def entries(ids, query) -> list[dict]:
    """Return the results that some documents stand for, as values."""
    by_id = SearchDocument.objects.in_bulk(ids)
    return [
        {
            "kind": result.kind,
            "title": result.title,
            "address": result.address,
            "day": result.day.isoformat() if result.day else None,
            "excerpt": result.excerpt,
        }
        for result in results([by_id[pk] for pk in ids if pk in by_id], query)
    ]
