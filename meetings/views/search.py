"""The search page and its data."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..answers.parameters import ANY, never_keep, reads
from ..exporting.responses import json_list, parameter_error, unknown_parameters
from ..models import Actor, Issue, Meeting, SearchDocument
from ..models.search import RESULT_KINDS
from ..search import MAX_TERMS, SORT_LABELS, Query, RankedMatches, SearchMatches, results, suggest
from ..tables.rows import id_batches
from .paging import canonical_redirect, nearest_page

PARAMETERS = ("q", "kind", "sort", "page")


@reads(*PARAMETERS)
@require_safe
def search(request):
    """Show the results: counted by kind, in order of relevance or date, with matches marked."""
    query = Query(request.GET.get("q", ""))
    if query.is_cut:
        # The links on the page keep the query that was used, not the longer text that was typed.
        request.GET = request.GET.copy()
        request.GET["q"] = query.text
    kind, sort, ignored = parse_parameters(request)
    found = SearchMatches(query)
    pages = Paginator(RankedMatches(found, kind, sort), 25)
    page = nearest_page(pages, request.GET.get("page"))
    if redirect := canonical_redirect(request, page):
        return redirect
    examples = [] if query else example_queries()
    context = {
        "query": query,
        "most": MAX_TERMS,
        "kind": kind,
        "kinds": [
            (k, n, search_address(query, kind=k, sort=sort)) for k, n in found.counts.items()
        ],
        "everything": search_address(query, sort=sort),
        "total": found.total,
        "count": pages.count,
        "results": results(page.object_list, query) if pages.count else [],
        "page_obj": page,
        "sort": sort,
        "sorts": [
            (s, label, search_address(query, kind=kind, sort=s)) for s, label in SORT_LABELS.items()
        ],
        "ignored": ignored,
        "suggestions": suggestions(query) if query and not found.total else [],
        "examples": [(text, search_address(Query(text))) for text in examples],
        "data": {"json": search_address(query, kind=kind, sort=sort).replace("/?", ".json?", 1)},
    }
    response = render(request, "meetings/search.html", context)
    return never_keep(response) if ignored else response


def search_address(query: Query, *, kind: str = "", sort: str = "") -> str:
    """Return the address of a query's results, with its parameters always in the same order."""
    asked = (("q", query.text), ("kind", kind), ("sort", "" if sort == "relevance" else sort))
    return f"{reverse('search')}?{urlencode([pair for pair in asked if pair[1]])}"


def suggestions(query: Query) -> list[tuple[str, str]]:
    """Return the suggested spelling of a query with its address, if there is one."""
    suggested = suggest(query)
    return [(suggested.text, search_address(suggested))] if suggested else []


def parse_parameters(request) -> tuple[str, str, list[str]]:
    """Return the kind and the order asked for, and the parameters that are unknown."""
    kind, sort = request.GET.get("kind", ""), request.GET.get("sort", "")
    ignored = [f"kind={kind[:60]}"] if kind and kind not in RESULT_KINDS else []
    ignored += [f"sort={sort[:60]}"] if sort and sort not in SORT_LABELS else []
    return (
        kind if kind in RESULT_KINDS else "",
        sort if sort in SORT_LABELS else "relevance",
        ignored,
    )


def example_queries() -> list[str]:
    """Return a few queries that have results, made from titles in the record."""
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


@reads(*ANY)
@require_safe
def search_data(request):
    """Answer with all results, in the order of the page."""
    names = [name for name in PARAMETERS if name != "page"]
    kind, sort, ignored = parse_parameters(request)
    if problems := unknown_parameters(request, names) + ignored:
        return parameter_error("json", problems, names)
    query = Query(request.GET.get("q", ""))
    ids = SearchMatches(query).best(None, kind, sort)
    return json_list(result_values(batch, query) for batch in id_batches(ids))


def result_values(ids, query) -> list[dict]:
    """Return the results of search documents, given by id, for JSON."""
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
