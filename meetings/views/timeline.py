"""The timeline: meetings and milestones in order."""

from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import F, Value
from django.shortcuts import render
from django.urls import reverse

from ..answers.parameters import reads
from ..models import Meeting, Milestone
from .paging import canonical_redirect, data_addresses, nearest_page, picture_addresses
from .pictures.contacts import MILESTONE, Contact, contacts_picture

EVENTS_PER_PAGE = 100


@reads("order", "page")
def timeline(request):
    """Show all meetings and milestones by year, the oldest or the newest first."""
    newest_first = request.GET.get("order") == "newest"
    pages = Paginator(event_keys(newest_first), EVENTS_PER_PAGE)
    page = nearest_page(pages, request.GET.get("page"))
    if redirect := canonical_redirect(request, page):
        return redirect
    order = [("order", "newest")] if newest_first else []
    context = {
        "years": grouped_by_year(events_of(list(page.object_list))),
        "page_obj": page,
        "newest_first": newest_first,
        "data": {
            "json": data_addresses(request.path, order)["json"],
            "atom": reverse("milestones_feed"),
        },
        "what": "milestones",
    }
    if page.number == 1:
        context |= {
            "picture": contacts_picture(contacts()),
            "picture_files": picture_addresses(f"{request.path}contacts/"),
        }
    return render(request, "meetings/timeline.html", context)


def contacts() -> list[Contact]:
    """Return every meeting, call and milestone as a contact, in one query."""
    meetings = Meeting.objects.published().order_by()
    milestones = Milestone.objects.published().order_by()
    rows = meetings.values_list("starts_on", "event_status", "format").union(
        milestones.values_list("occurred_on", Value(MILESTONE), Value("")), all=True
    )
    return [Contact(*row) for row in rows]


def event_keys(newest_first):
    """Return the keys of all events, in order: day, kind, slug and id."""
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


def events_of(chosen):
    """Return the meetings and milestones with the given keys, in their order."""
    ids = {kind: [pk for _, of, _, pk in chosen if of == kind] for kind in ("meeting", "milestone")}
    meetings = Meeting.objects.published().select_related("place").with_counts()
    found = {
        "meeting": meetings.in_bulk(ids["meeting"]),
        "milestone": Milestone.objects.published().in_bulk(ids["milestone"]),
    }
    return [found[kind][pk] for _, kind, _, pk in chosen if pk in found[kind]]


def grouped_by_year(rows):
    """Return pairs of a year and its rows, in the order given."""
    return [(year, list(group)) for year, group in groupby(rows, lambda row: row.day.year)]
