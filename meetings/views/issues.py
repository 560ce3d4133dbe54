"""The issues, and the table of issues by meeting."""

from django.core.paginator import Paginator
from django.shortcuts import render

from ..answers.parameters import never_keep, reads
from ..lists.addresses import address_of
from ..lists.filters import IssueFilter
from ..models import Discussion, Issue, Meeting, Milestone, Reaction, Theme
from .by_meeting import (
    COLUMNS_PER_PAGE,
    IssuesByMeeting,
    issues_to_list,
    steps_with_gaps,
    with_cells,
)
from .entries import EntryDetail
from .lists import RecordList
from .paging import canonical_redirect, data_addresses, nearest_page, related_page

MOST_ISSUES = 40
DISCUSSIONS_PER_PAGE = 8


class IssueList(RecordList):
    model = Issue
    filterset_class = IssueFilter
    template_name = "meetings/issue_list.html"
    what = "issues"
    bibliography_start = "/issues/sources."
    paginate_by = 50
    sorts = {
        "title": ("by title", ("title", "slug")),
        "-meetings": ("by number of meetings", ()),
    }

    def sorted_rows(self, rows):
        often_first = self.sort == "-meetings"
        return rows.by_number_of_meetings() if often_first else super().sorted_rows(rows)

    def add_counts_to_page(self, rows):
        Issue.objects.add_counts(rows)


class IssueDetail(EntryDetail):
    model = Issue
    parameters = ("page",)

    def further_texts(self):
        user = self.request.user
        discussions = Discussion.objects.visible_to(user).filter(issue=self.object.pk)
        self.discussions = related_page(
            self.request, "page", discussions.with_meetings(user), DISCUSSIONS_PER_PAGE
        )
        for discussion in self.discussions:
            yield from (discussion.summary, discussion.outcome)
            yield from (account.text for account in discussion.accounts)

    def texts_with_sources_only(self):
        for discussion in self.discussions:
            yield from (readout.text for readout in discussion.meeting.readouts.all())

    def context_of_others(self):
        user = self.request.user
        reactions = Reaction.objects.visible_to(user).filter(issues=self.object.pk)
        discussions = Discussion.objects.visible_to(user).filter(issue=self.object.pk)
        calls, held = discussions.in_calls().count(), discussions.in_person().held().count()
        return {
            "discussions": self.discussions,
            "steps": steps_with_gaps(self.discussions, Meeting.objects.published().in_person()),
            "calls": calls,
            "held": held,
            "not_held": self.discussions.paginator.count - calls - held,
            "reactions": reactions.with_lines().recent()[:10],
            "stances": reactions.stances(),
            "themes": Theme.objects.visible_to(user).filter(issues=self.object.pk),
            "milestones": Milestone.objects.visible_to(user).filter(issues=self.object.pk)[:50],
        }


@reads("from", "to", "with", "sort", "page")
def by_meeting(request):
    """Show the table of issues by meeting for a span of years, with some meetings a page."""
    published = Meeting.objects.published()
    with_calls = request.GET.get("with") == "calls"
    meetings = published if with_calls else published.in_person()
    years = meetings.count_by_year()
    first, last = (known_year(request.GET.get(name), years) for name in ("from", "to"))
    pages = Paginator(with_cells(meetings.begun_between(first, last)), COLUMNS_PER_PAGE)
    pages.count = sum(n for year, n in years.items() if (first or year) <= year <= (last or year))
    page = nearest_page(pages, request.GET.get("page"))
    if redirect := canonical_redirect(request, page):
        return redirect
    shown = list(page.object_list)
    found = list(Issue.objects.published().discussed_first(shown)[:MOST_ISSUES])
    by_total = request.GET.get("sort") == "total"
    query = {"from": first, "to": last, "with": "calls" if with_calls else ""}
    query["sort"] = "total" if by_total else ""
    understood = {"from": first, "to": last, "with": query["with"] or None}
    context = {
        "table": IssuesByMeeting(shown, issues_to_list(found), by_total=by_total),
        "data": data_addresses(request.path, query.items()),
        "addresses": table_addresses(request.path, query, page.number),
        "page_obj": page,
        "years": years,
        "first": first,
        "last": last,
        "ignored": ignored_parameters(request, understood),
        "by_total": by_total,
        "with_calls": with_calls,
        "is_cut": len(found) > COLUMNS_PER_PAGE,
        "calls": published.calls().count(),
    }
    response = render(request, "meetings/by_meeting.html", context)
    return never_keep(response) if context["ignored"] else response


def table_addresses(path, query, number) -> dict[str, str]:
    """Return the addresses of the table in its other orders, and with and without calls.

    The page is the same in both orders, which are of its rows.
    """
    page = {"page": number if number > 1 else ""}
    changes = {
        "by_title": {"sort": ""} | page,
        "by_total": {"sort": "total"} | page,
        "with_calls": {"with": "calls"},
        "without_calls": {"with": ""},
    }
    return {name: address_of(path, query | change) for name, change in changes.items()}


def known_year(text, years):
    """Return the year of a parameter as a number if a meeting began in it, otherwise None."""
    return next((year for year in years if str(year) == text), None)


def ignored_parameters(request, understood) -> list[str]:
    """Return the parameters that were given and not understood, as name=value."""
    return [
        f"{name}={request.GET[name][:60]}"
        for name, value in understood.items()
        if request.GET.get(name) and value is None
    ]
