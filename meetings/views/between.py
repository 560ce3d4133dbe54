"""What lies between two meetings, or between two calls: those of the other kind, to be opened.

On one day, meetings in person stand before calls.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from ..models import Meeting

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Between:
    """The calls, or the meetings, from one day to another."""

    number: int
    is_of_calls: bool
    first: date
    last: date

    @property
    def day(self) -> date:
        """Its date on the timeline."""
        return self.first

    @property
    def words(self) -> str:
        """Their number and kind: 3 calls."""
        return f"{self.number} {'call' if self.is_of_calls else 'meeting'}{'s'[: self.number > 1]}"

    @property
    def months(self) -> str:
        """The months of days within one year: March to June 2020."""
        months = dict.fromkeys((f"{self.first:%B}", f"{self.last:%B}"))
        return f"{' to '.join(months)} {self.last.year}"

    @property
    def address(self) -> str:
        """The address of their list."""
        kind = "call" if self.is_of_calls else "in_person"
        query = urlencode({"kind": kind, "starts_from": self.first, "starts_to": self.last})
        return f"{reverse('meetings')}?{query}"


def with_calls(meetings: Iterable[Meeting], days: Iterable[date]) -> Iterator[Meeting | Between]:
    """Yield meetings in order of time and, between them, a line for the calls of each year.

    ``days`` are those of the calls.
    """
    events: list[Meeting | date] = sorted([*meetings, *days], key=order_of_event)
    for (is_call, _), group in groupby(events, kind_and_year):
        found: list[Any] = list(group)
        if is_call:
            yield Between(len(found), True, found[0], found[-1])
        else:
            yield from found


def order_of_event(event: Meeting | date) -> tuple[date, bool]:
    """Sort key of a meeting or of the day of a call."""
    return (event, True) if isinstance(event, date) else (event.day, False)


def kind_and_year(event: Meeting | date) -> tuple[bool, int]:
    day, is_call = order_of_event(event)
    return is_call, day.year


def between_neighbours(meeting: Meeting, previous, following) -> dict[str, Between]:
    """Return what lies between a meeting and those of its kind before and after it, if anything."""
    spans = {
        name: days_between(*pair)
        for name, pair in {
            "since_previous": (previous, meeting),
            "until_next": (meeting, following),
        }.items()
        if None not in pair
    }
    published = Meeting.objects.published()
    others = published.in_person() if meeting.is_call else published.calls()
    counts = others.aggregate(
        **{name: Count("pk", filter=Q(starts_on__range=span)) for name, span in spans.items()}
    )
    return {
        name: Between(counts[name], not meeting.is_call, *span)
        for name, span in spans.items()
        if counts[name]
    }


def days_between(one: Meeting, other: Meeting) -> tuple[date, date]:
    """Return the days on which what begins lies between two meetings, or between two calls."""
    if one.is_call:
        return one.starts_on + DAY, other.starts_on
    return one.starts_on, other.starts_on - DAY
