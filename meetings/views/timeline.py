"""The timeline: meetings and milestones in order."""

from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import F, Value
from django.shortcuts import render

from ..models import Meeting, Milestone
from .paging import data_addresses, elsewhere, nearest

PAGE = 100


def timeline(request):
    """Show every meeting and milestone, the oldest or the newest first, by year."""
    newest_first = request.GET.get("order") == "newest"
    pages = Paginator(keys(newest_first), PAGE)
    page = nearest(pages, request.GET.get("page"))
    if moved := elsewhere(request, page):
        return moved
    order = [("order", "newest")] if newest_first else []
    context = {
        "years": by_year(events(list(page.object_list))),
        "page_obj": page,
        "newest_first": newest_first,
        "data": {"json": data_addresses(request.path, order)["json"]},
    }
    return render(request, "meetings/timeline.html", context)


def keys(newest_first):
    """Return the day, kind and id of everything on the timeline, in order."""
    columns = ("day", "kind_of_event", "slug", "pk")
    rows = [
        queryset.order_by().annotate(day=F(day), kind_of_event=Value(kind)).values_list(*columns)
        for queryset, day, kind in (
            (Meeting.objects.published(), "starts_on", "meeting"),
            (Milestone.objects.published(), "occurred_on", "milestone"),
        )
    ]
    sign = "-" if newest_first else ""
    return rows[0].union(rows[1], all=True).order_by(f"{sign}day", f"{sign}slug", "kind_of_event")


def events(chosen):
    """Return the meetings and milestones of the keys, in their order."""
    ids = {kind: [pk for _, of, _, pk in chosen if of == kind] for kind in ("meeting", "milestone")}
    meetings = Meeting.objects.published().select_related("place").with_counts()
    found = {
        "meeting": meetings.in_bulk(ids["meeting"]),
        "milestone": Milestone.objects.published().in_bulk(ids["milestone"]),
    }
    return [found[kind][pk] for _, kind, _, pk in chosen if pk in found[kind]]


def by_year(rows):
    """Return the rows of each year, in the order given."""
    return [(year, list(group)) for year, group in groupby(rows, lambda row: row.day.year)]
