"""The issues, and the table of issues by meeting."""

from django.core.paginator import Paginator
from django.shortcuts import render

from ..lists.filters import IssueFilter
from ..models import Discussion, Issue, Meeting, Milestone, Reaction, Theme
from .by_meeting import COLUMNS, IssuesByMeeting, columns, listed, with_gaps
from .entries import EntryDetail
from .lists import RecordList
from .paging import data_addresses, elsewhere, nearest, related

ROWS = 40


class IssueList(RecordList):
    model = Issue
    filterset_class = IssueFilter
    template_name = "meetings/issue_list.html"
    what = "issues"
    paginate_by = 50
    sorts = {
        "title": ("by title", ("title", "slug")),
        "-meetings": ("by number of meetings", ()),
    }

    def in_order(self, rows):
        often_first = self.sort == "-meetings"
        return rows.by_number_of_meetings() if often_first else super().in_order(rows)

    def complete_page(self, rows):
        Issue.objects.add_counts(rows)


class IssueDetail(EntryDetail):
    model = Issue

    def other_texts(self):
        user = self.request.user
        discussions = Discussion.objects.visible_to(user).filter(issue=self.object.pk)
        self.discussions = related(self.request, "page", discussions.with_meetings(user))
        for discussion in self.discussions:
            yield from (discussion.summary, discussion.outcome)
            yield from (account.text for account in discussion.accounts)

    def named_texts(self):
        for discussion in self.discussions:
            yield from (readout.text for readout in discussion.meeting.readouts.all())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        reactions = Reaction.objects.visible_to(user).filter(issues=self.object.pk)
        with_sources = reactions.select_related("meeting").prefetch_related("sources")
        return context | {
            "discussions": self.discussions,
            "steps": with_gaps(self.discussions, Meeting.objects.published()),
            "reactions": with_sources.recent()[:10],
            "stances": reactions.stances(),
            "themes": Theme.objects.visible_to(user).filter(issues=self.object.pk),
            "milestones": Milestone.objects.visible_to(user).filter(issues=self.object.pk)[:50],
        }


def by_meeting(request):
    """Show which government's account states what, for a span of years, some meetings a page."""
    meetings = Meeting.objects.published()
    years = meetings.count_by_year()
    first, last = (year_of(request.GET.get(name), years) for name in ("from", "to"))
    pages = Paginator(columns(meetings.begun_between(first, last)), COLUMNS)
    pages.count = sum(n for year, n in years.items() if (first or year) <= year <= (last or year))
    page = nearest(pages, request.GET.get("page"))
    if moved := elsewhere(request, page):
        return moved
    shown = list(page.object_list)
    found = list(Issue.objects.published().discussed_first(shown)[:ROWS])
    by_total = request.GET.get("sort") == "total"
    query = (("from", first), ("to", last), ("sort", "total" if by_total else ""))
    context = {
        "table": IssuesByMeeting(shown, listed(found), by_total=by_total),
        "data": data_addresses(request.path, query),
        "page_obj": page,
        "years": years,
        "first": first,
        "last": last,
        "ignored": ignored(request, {"from": first, "to": last}),
        "by_total": by_total,
        "is_cut": len(found) > COLUMNS,
    }
    return render(request, "meetings/by_meeting.html", context)


def year_of(text, years):
    """Return the year that a parameter names, if a meeting began in it; otherwise None."""
    return next((year for year in years if str(year) == text), None)


def ignored(request, understood) -> list[str]:
    """Return the parameters that were given and not understood, as given."""
    return [
        f"{name}={request.GET[name][:60]}"
        for name, value in understood.items()
        if request.GET.get(name) and value is None
    ]
