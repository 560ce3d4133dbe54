"""The table of issues by meeting: which government's account states what, cell by cell."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch

from ..models import Account, Discussion, Issue, Meeting, Participation, Readout, Source
from ..models.evidence import Evidence
from ..tables.rows import id_batches
from ..text.countries import country_adjective
from ..text.markdown import cited_slugs
from .comparison import Comparison, compare

COLUMNS_PER_PAGE = 18
# What a cell shows of an account, and what the evidence of one is derived from.
CELL_COLUMNS = ("meeting", "issue", "government", "finding", "text")
READING = ("slug", "kind", "read", "origin")
# Meetings in person by what became of them, and calls.
TOTAL_WORDS = {
    Meeting.EventStatus.HELD.value: "held",
    Meeting.EventStatus.CANCELLED.value: "called off",
    Meeting.EventStatus.PLANNED.value: "planned",
    "calls": "calls",
}


@dataclass(frozen=True)
class IssueRow:
    """One issue with its cells: for each meeting the comparison of its accounts, or None."""

    issue: Issue
    cells: list[tuple[Meeting, Comparison | None]]

    @property
    def totals(self) -> list[tuple[str, int]]:
        """The numbers of its meetings by what became of them, in words, held ones first."""
        return totals_in_words(
            Counter(total_of(meeting) for meeting, comparison in self.cells if comparison)
        )

    @property
    def total(self) -> int:
        return sum(comparison is not None for _, comparison in self.cells)


class IssuesByMeeting:
    """Issues as rows, meetings as columns."""

    def __init__(self, meetings: list[Meeting], issues: list[Issue], *, by_total=False):
        self.meetings = meetings
        sources = sources_cited_at(meetings)
        found = {
            (meeting.pk, discussion.issue_id): compare(discussion, sources)
            for meeting in meetings
            for discussion in meeting.discussions.all()
        }
        rows = [
            IssueRow(issue, [(meeting, found.get((meeting.pk, issue.pk))) for meeting in meetings])
            for issue in issues
        ]
        self.rows = sorted(rows, key=lambda row: -row.total) if by_total else rows

    @property
    def years(self) -> Iterator[tuple[int, list[Meeting]]]:
        """The years of the columns, each with its meetings."""
        for year, meetings in groupby(self.meetings, lambda meeting: meeting.starts_on.year):
            yield year, list(meetings)

    @property
    def heads(self) -> Iterator[tuple[Meeting, str]]:
        """Each meeting with its column head: its city, and its form if two meetings share that."""
        cities = [city_of(meeting) for meeting in self.meetings]
        times = Counter(cities)
        for meeting, city in zip(self.meetings, cities, strict=True):
            is_shared = times[city] > 1 and not meeting.is_call
            form = f" {meeting.get_format_display().lower()}" if is_shared else ""
            yield meeting, f"{city}{form}" if city else meeting.title

    @property
    def governments(self) -> list:
        """The governments of all the meetings, by English name."""
        found = {c.code: c for meeting in self.meetings for c in meeting.governments}
        return sorted(found.values(), key=lambda country: country.name)

    @property
    def legend(self) -> Iterator[tuple[str, str]]:
        """The legend: each sign of a cell with its meaning, by the governments if they are two."""
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
        signs = {comparison.discussion.reported_by_code for comparison in self.comparisons}
        rare = {
            "denied": "Denied by the government named, whatever the other states",
            "some": "Some accounts, by code",
            "record": "On record, in no account",
        }
        yield from ((sign, words) for sign, words in rare.items() if sign in signs)

    @property
    def comparisons(self) -> Iterator[Comparison]:
        """The comparisons in all the cells."""
        return (comparison for row in self.rows for _, comparison in row.cells if comparison)

    @property
    def evidence(self) -> list[Evidence]:
        """What the cells rest on, as far as it occurs, the best first."""
        found = {comparison.evidence for comparison in self.comparisons}
        return [evidence for evidence in Evidence if evidence in found]


@dataclass(frozen=True)
class Step:
    """One step of an issue through the meetings: a discussion, or meetings without one."""

    discussion: Discussion | None
    gap: list[Meeting]


def steps_with_gaps(page, meetings) -> list[Step]:
    """Return a page of an issue's discussions, in order, with the meetings between them.

    ``meetings`` are the public ones. The first page begins with the meetings before the first
    discussion, the last page ends with those after the last.
    """
    discussions = list(page)
    if page.has_previous() and discussions:
        meetings = meetings.after(discussions[0].meeting)
    if page.has_next():
        meetings = meetings.before(discussions[-1].meeting)
    discussed = {discussion.meeting_id for discussion in discussions}
    events = [*discussions, *meetings_in_gap(meetings.exclude(pk__in=discussed))]
    steps: list[Step] = []
    for event in sorted(events, key=chronological_key):
        if isinstance(event, Discussion):
            steps.append(Step(event, []))
        elif steps and steps[-1].discussion is None:
            steps[-1].gap.append(event)
        else:
            steps.append(Step(None, [event]))
    return steps


def meetings_in_gap(meetings) -> list[Meeting]:
    """Return meetings with the columns that a line about each shows."""
    return list(meetings.only("slug", "title", "starts_on", "ends_on", "event_status"))


def chronological_key(event) -> tuple:
    """Sort key that puts meetings, and discussions at them, in order of time."""
    meeting = event.meeting if isinstance(event, Discussion) else event
    return (meeting.starts_on, meeting.slug)


def with_cells(meetings):
    """Return a queryset of meetings with what their cells show, without the texts."""
    accounts = Account.objects.published().with_quotations()
    accounts = accounts.only(*CELL_COLUMNS, *(f"quotation_source__{name}" for name in READING))
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


def sources_cited_at(meetings) -> dict[str, Source]:
    """Return the sources that the accounts of fetched meetings cite, by slug, in one query."""
    texts = [account.text for meeting in meetings for account in meeting.accounts.all()]
    slugs = {slug for text in texts for slug in cited_slugs(text)}
    rows = Source.objects.only(*READING).filter(slug__in_array=slugs)
    return {source.slug: source for source in rows} if slugs else {}


def total_of(meeting) -> str:
    """Return the total that counts a meeting: what became of it, or that of calls."""
    return "calls" if meeting.is_call else meeting.event_status


def totals_in_words(counts: Counter) -> list[tuple[str, int]]:
    """Return numbers of meetings by event status in words; those held always, others if any."""
    return [
        (words, counts[status])
        for status, words in TOTAL_WORDS.items()
        if counts[status] or status == Meeting.EventStatus.HELD
    ]


def issues_to_list(issues) -> list[Issue]:
    """Return the issues to list, by title; of many only those that are on record."""
    if len(issues) > COLUMNS_PER_PAGE:
        issues = [issue for issue in issues if issue.is_on_record]
    return sorted(issues, key=lambda issue: (issue.title, issue.slug))


class FullTable:
    """The table of any number of meetings, in words; read in batches of some hundred meetings."""

    def __init__(self, meetings, *, by_total=False, with_calls=False):
        columns = ("slug", "title", "starts_on", "event_status", "format")
        self.meetings = list(meetings.chronological().only(*columns))
        self.total_words = {n: w for n, w in TOTAL_WORDS.items() if with_calls or n != "calls"}
        self.words = {
            (meeting.pk, discussion.issue_id): discussion.reported_by
            for batch in id_batches([meeting.pk for meeting in self.meetings])
            for meeting in with_cells(meetings.filter(pk__in=batch))
            for discussion in meeting.discussions.all()
        }
        counted = {meeting.pk: total_of(meeting) for meeting in self.meetings}
        self.totals = Counter((issue, counted[meeting]) for meeting, issue in self.words)
        self.issues = issues_to_list(Issue.objects.published().discussed_first(meetings.order_by()))
        if by_total:
            self.issues.sort(key=lambda issue: -sum(self.totals_of(issue).values()))

    def totals_of(self, issue) -> dict[str, int]:
        """Return the numbers of an issue's meetings by event status, and of its calls."""
        return {name: self.totals[issue.pk, name] for name in self.total_words}

    @property
    def header(self) -> list[str]:
        """The heads of the columns; one that two meetings share has the slug beside it."""
        heads = [column_head(meeting) for meeting in self.meetings]
        times = Counter(heads)
        named = zip(heads, self.meetings, strict=True)
        unique = [head if times[head] == 1 else f"{head} ({m.slug})" for head, m in named]
        return ["Issue", *unique, *(words.capitalize() for words in self.total_words.values())]

    def cells(self) -> Iterator[list[str]]:
        """Yield the rows of the CSV file."""
        for issue in self.issues:
            words = [self.words.get((meeting.pk, issue.pk), "None") for meeting in self.meetings]
            yield [issue.title, *words, *map(str, self.totals_of(issue).values())]

    def entries(self) -> Iterator[list[dict]]:
        """Yield the rows for JSON, each in a batch of its own; the cells by the meeting's slug."""
        for issue in self.issues:
            cells = {m.slug: self.words.get((m.pk, issue.pk)) for m in self.meetings}
            entry = {"issue": issue.slug, "title": issue.title, "meetings": cells}
            yield [entry | {"totals": self.totals_of(issue)}]


def city_of(meeting) -> str:
    """Return the city of a meeting up to the first comma: "Washington"; of a call, that word."""
    if meeting.is_call:
        return "Call"
    return meeting.place.city.partition(",")[0] if meeting.place else ""


def column_head(meeting) -> str:
    """Return the full head of a meeting's column: title, day, and status if it was not held."""
    day = f"{meeting.starts_on.day} {meeting.starts_on:%B} {meeting.starts_on.year}"
    status = "" if meeting.is_held else f", {meeting.get_event_status_display().lower()}"
    return f"{meeting.title}, {day}{status}"
