"""The table of issues by meeting: which government's account states what, cell by cell."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch

from ..editing.revisions import batches
from ..models import Account, Discussion, Issue, Meeting, Participation, Readout
from ..text.countries import country_adjective

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

    @property
    def heads(self) -> Iterator[tuple[Meeting, str]]:
        """Each meeting with the short head of its column: its city; if two share it, its form."""
        cities = [city_of(meeting) for meeting in self.meetings]
        times = Counter(cities)
        for meeting, city in zip(self.meetings, cities, strict=True):
            form = f" {meeting.get_format_display().lower()}" if times[city] > 1 else ""
            yield meeting, f"{city}{form}" if city else meeting.title

    @property
    def governments(self) -> list:
        """The governments of all the meetings, by English name."""
        found = {c.code: c for meeting in self.meetings for c in meeting.governments}
        return sorted(found.values(), key=lambda country: country.name)

    @property
    def key(self) -> Iterator[tuple[str, str]]:
        """The signs of the cells in words, with the governments' names where they are two."""
        governments = self.governments
        yield "both", "Both accounts" if len(governments) == 2 else "All accounts"
        if len(governments) == 2:
            for sign, country in zip(("first", "second"), governments, strict=True):
                yield sign, f"{country_adjective(country)} account only ({country.code})"
        else:
            yield "first", "Of two accounts, only that of the government first by name"
            yield "second", "Of two accounts, only the other"
        yield "press", "Press only"
        yield "agenda", "Planned agenda"
        cells = (discussion for row in self.rows for _, discussion in row.cells if discussion)
        signs = {discussion.reported_by_code for discussion in cells}
        rare = {"some": "Some accounts, by code", "record": "On record, in no account"}
        yield from ((sign, words) for sign, words in rare.items() if sign in signs)


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
    return (
        meetings.select_related("place")
        .chronological()
        .prefetch_related(
            Prefetch("discussions", Discussion.objects.published().defer("summary", "outcome")),
            Prefetch("accounts", accounts),
            Prefetch("participations", Participation.objects.only("meeting", "government")),
            Prefetch("readouts", Readout.objects.only("meeting", "government")),
        )
    )


def listed(issues) -> list[Issue]:
    """Return the issues to list, by title; of many, those not on record are left out."""
    if len(issues) > COLUMNS:
        issues = [issue for issue in issues if issue.is_on_record]
    return sorted(issues, key=lambda issue: (issue.title, issue.slug))


class WholeTable:
    """The table over any number of meetings, in words; computed some hundred meetings at a time."""

    def __init__(self, meetings, *, by_total=False):
        heads = meetings.chronological().only("slug", "title", "starts_on", "event_status")
        self.meetings = list(heads)
        self.words = {
            (meeting.pk, discussion.issue_id): discussion.reported_by
            for batch in batches([meeting.pk for meeting in self.meetings])
            for meeting in columns(meetings.filter(pk__in=batch))
            for discussion in meeting.discussions.all()
        }
        self.totals = Counter(issue for _, issue in self.words)
        self.issues = listed(Issue.objects.published().discussed_first(meetings.order_by()))
        if by_total:
            self.issues.sort(key=lambda issue: -self.totals[issue.pk])

    @property
    def header(self) -> list[str]:
        """The heads of the columns; a head that two meetings share is told apart by the slug."""
        heads = [head_of(meeting) for meeting in self.meetings]
        times = Counter(heads)
        named = zip(heads, self.meetings, strict=True)
        unique = [head if times[head] == 1 else f"{head} ({m.slug})" for head, m in named]
        return ["Issue", *unique, "Total"]

    def cells(self) -> Iterator[list[str]]:
        """Yield the rows as they stand on the page."""
        for issue in self.issues:
            words = [self.words.get((meeting.pk, issue.pk), "None") for meeting in self.meetings]
            yield [issue.title, *words, str(self.totals[issue.pk])]

    def entries(self) -> Iterator[list[dict]]:
        """Yield the rows as values, the cells by the meeting's slug; None where none is."""
        for issue in self.issues:
            cells = {m.slug: self.words.get((m.pk, issue.pk)) for m in self.meetings}
            total = self.totals[issue.pk]
            yield [{"issue": issue.slug, "title": issue.title, "meetings": cells, "total": total}]


def city_of(meeting) -> str:
    """Return the city of a meeting, without what follows a comma: "Washington"."""
    return meeting.place.city.partition(",")[0] if meeting.place else ""


def head_of(meeting) -> str:
    """Return the head of a meeting's column: title, day, and its status where it was not held."""
    day = f"{meeting.starts_on.day} {meeting.starts_on:%B} {meeting.starts_on.year}"
    status = "" if meeting.is_held else f", {meeting.get_event_status_display().lower()}"
    return f"{meeting.title}, {day}{status}"
