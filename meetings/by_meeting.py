"""The table of issues by meeting: which government's account states what, cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch

from .models import Account, Discussion, Issue, Meeting, Participation, Readout

COLUMNS = 18


@dataclass(frozen=True)
class Row:
    """One issue with its cells, a discussion or None for each meeting."""

    issue: Issue
    cells: list[tuple[Meeting, Discussion | None]]

    @property
    def total(self) -> int:
        return sum(discussion is not None for _, discussion in self.cells)


class IssuesByMeeting:
    """Issues as rows, meetings as columns."""

    def __init__(self, meetings: list[Meeting], issues: list[Issue], *, by_total=False):
        self.meetings = meetings
        found = {
            (meeting.pk, discussion.issue_id): discussion
            for meeting in meetings
            for discussion in meeting.discussions.all()
        }
        rows = [
            Row(issue, [(meeting, found.get((meeting.pk, issue.pk))) for meeting in meetings])
            for issue in issues
        ]
        self.rows = sorted(rows, key=lambda row: -row.total) if by_total else rows

    @property
    def years(self) -> Iterator[tuple[int, int]]:
        """The years of the columns, each with how many meetings it has."""
        for year, meetings in groupby(self.meetings, lambda meeting: meeting.starts_on.year):
            yield year, len(list(meetings))


@dataclass(frozen=True)
class Step:
    """One step of an issue through the meetings: a discussion, or meetings without one."""

    discussion: Discussion | None
    gap: list[Meeting]


def with_gaps(page, meetings) -> list[Step]:
    """Return a page of an issue's discussions, in order, with the meetings that passed it over.

    ``meetings`` are those that are public. A gap before the first page's first discussion and
    after the last page's last is one too.
    """
    discussions = list(page)
    if page.has_previous() and discussions:
        meetings = meetings.after(discussions[0].meeting)
    if page.has_next():
        meetings = meetings.before(discussions[-1].meeting)
    discussed = {discussion.meeting_id for discussion in discussions}
    events = [*discussions, *missed(meetings.exclude(pk__in=discussed))]
    steps: list[Step] = []
    for event in sorted(events, key=place):
        if isinstance(event, Discussion):
            steps.append(Step(event, []))
        elif steps and steps[-1].discussion is None:
            steps[-1].gap.append(event)
        else:
            steps.append(Step(None, [event]))
    return steps


def missed(meetings) -> list[Meeting]:
    """Return meetings with no more than a line about each needs."""
    return list(meetings.only("slug", "title", "starts_on", "ends_on", "event_status"))


def place(event) -> tuple:
    """Return where a meeting, or a discussion at one, stands in time."""
    meeting = event.meeting if isinstance(event, Discussion) else event
    return (meeting.starts_on, meeting.slug)


def columns(meetings):
    """Return a queryset's meetings with what their cells need, and no texts."""
    accounts = Account.objects.published().only("meeting", "issue", "government", "finding", "text")
    return meetings.chronological().prefetch_related(
        Prefetch("discussions", Discussion.objects.published().defer("summary", "outcome")),
        Prefetch("accounts", accounts),
        Prefetch("participations", Participation.objects.only("meeting", "government")),
        Prefetch("readouts", Readout.objects.only("meeting", "government")),
    )
