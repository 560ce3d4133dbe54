"""The home page."""

from collections import Counter

from django.db.models import OuterRef, Subquery
from django.shortcuts import render
from django.urls import reverse

from ..answers.parameters import reads
from ..exporting.bibliography.notes import Notes
from ..models import Issue, Meeting, Page, Place, Reaction, Revision, Source, Theme
from ..models.pages import HOME_SLUG
from .between import with_calls
from .by_meeting import COLUMNS_PER_PAGE, IssuesByMeeting, with_cells
from .entries import edit_address
from .paging import data_addresses
from .pictures.contacts import contacts_picture
from .pictures.maps import WorldMap
from .timeline import contacts, grouped_by_year

MOST_MEETINGS = 30
MOST_SOURCES_FOLLOWED = 3


@reads("order")
def home(request):
    """Show what the record is, its latest meetings and the table of issues by meeting."""
    found = contacts()
    published = Meeting.objects.published()
    meetings = published.in_person()
    counts = count_by_kind(found)
    latest = meetings.select_related("place").with_counts().order_by("-starts_on", "-slug")
    shown = list(reversed(latest[:MOST_MEETINGS]))
    is_cut = counts["in_person"] > MOST_MEETINGS
    calls = published.calls().begun_since(shown[0].starts_on if is_cut else None)
    events = list(with_calls(shown, calls.order_by().values_list("starts_on", flat=True)))
    if request.GET.get("order") == "newest":
        events.reverse()
    table = with_cells(meetings).order_by("-starts_on", "-slug")[:COLUMNS_PER_PAGE]
    issues, sources = Issue.objects.published(), Source.objects.published()
    places = list(Place.objects.published().with_held())
    page = Page.objects.visible_to(request.user).filter(slug=HOME_SLUG).first()
    context = {
        "page": page,
        "edit_address": edit_address(request.user, page) if page else "",
        "notes": Notes([page.body] if page else []),
        "counts": {
            **counts,
            "issues": issues.count(),
            "reactions": Reaction.objects.published().count(),
            "sources": sources.count(),
        },
        "total": counts["in_person"],
        "years": grouped_by_year(events),
        "is_cut": is_cut,
        "newest_first": request.GET.get("order") == "newest",
        "csv": data_addresses(reverse("by_meeting"))["csv"],
        "table": IssuesByMeeting(list(reversed(table)), list(issues[:COLUMNS_PER_PAGE])),
        "years_shown": len(shown),
        "recent": recently_revised(),
        "table_is_cut": counts["in_person"] > COLUMNS_PER_PAGE,
        "picture": contacts_picture(found),
        "map": WorldMap(places),
        "themes": Theme.objects.published()[:4],
        "followed": sources.with_claims()[:MOST_SOURCES_FOLLOWED],
    }
    return render(request, "meetings/home.html", context)


def count_by_kind(found) -> dict[str, int]:
    """Return the numbers of meetings in person, of those held and called off, and of calls."""
    counts = Counter((contact.status, contact.is_call) for contact in found)
    status = Meeting.EventStatus
    return {
        "in_person": sum(counts[each, False] for each in status),
        "held": counts[status.HELD, False],
        "cancelled": counts[status.CANCELLED, False],
        "calls": sum(counts[each, True] for each in status),
    }


def recently_revised():
    """Return up to three meetings that an act changed last, with the act's time and note."""
    acts = Revision.objects.filter(
        table="meeting", object_id=OuterRef("pk"), number=OuterRef("revision")
    ).exclude(act=Revision.Act.LOAD)
    meetings = Meeting.objects.published().annotate(
        act_at=Subquery(acts.values("made_at")[:1]), act_note=Subquery(acts.values("note")[:1])
    )
    return meetings.exclude(act_at=None).order_by("-act_at")[:3]
