"""Contacts over time: meetings, calls, what was called off and milestones, each at its day."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ...models import Meeting
from .charts import LETTER_UNITS, WIDTH, Line, Mark, Picture, Row, Shape, Words, counted

MILESTONE = "milestone"
LANES = {
    "meeting": "Meetings held",
    "call": "Calls held",
    "cancelled": "Called off",
    "planned": "Possible",
    MILESTONE: "Milestones",
}
LANE_HEIGHT, AXIS_HEIGHT, MARGIN = 60, 40, 12
# Many of these stand close together: they are thin. Of the others, a second one stands higher.
THIN_LANES = {"call", MILESTONE}
MARK_WIDTH, LOW, HIGH = 14, 50, 36
# Marks in one lane: days that are closer share one.
MOST_MARKS = 160
YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100)


class Contact(NamedTuple):
    """A meeting or call with its day, status and format; or a milestone, by its status."""

    day: date
    status: str
    format: str

    @property
    def is_call(self) -> bool:
        return self.format == Meeting.Format.CALL

    @property
    def lane(self) -> str:
        """The line in which it stands."""
        if self.status == Meeting.EventStatus.HELD:
            return "call" if self.is_call else "meeting"
        return self.status


class Axis:
    """The years from the first contact to the last, over the width of the picture."""

    def __init__(self, days: Iterable[date]):
        years = {day.year for day in days}
        self.first, self.last = min(years), max(years)
        self.start = date(self.first, 1, 1).toordinal()
        self.length = date(self.last, 12, 31).toordinal() - self.start

    def x(self, day: date) -> float:
        """Return where a day stands, from the left."""
        share = (day.toordinal() - self.start) / self.length
        return MARGIN + share * (WIDTH - 2 * MARGIN)

    @property
    def labelled_years(self) -> list[int]:
        """The years for whose number there is room: all, or every second, fifth …"""
        most = WIDTH // (6 * LETTER_UNITS)
        years = range(self.first, self.last + 1)
        step = next((step for step in YEAR_STEPS if len(years) / step <= most), 1000)
        return [year for year in years if (year - self.first) % step == 0]


def contacts_picture(contacts: Iterable[Contact]) -> Picture:
    """Return the picture of contacts, and their numbers by year and lane."""
    contacts = list(contacts)
    header = ["Year", *LANES.values()]
    picture = Picture("contacts", "Contacts over time", header)
    if not contacts:
        return picture
    axis = Axis(contact.day for contact in contacts)
    numbers = Counter((contact.day.year, contact.lane) for contact in contacts)
    picture.rows = [
        Row(str(year), [numbers[year, lane] for lane in LANES])
        for year in range(axis.first, axis.last + 1)
    ]
    totals = Counter(contact.lane for contact in contacts)
    lanes = [lane for lane in LANES if totals[lane]]
    picture.caption = caption(axis, totals)
    picture.height = LANE_HEIGHT * len(lanes) + AXIS_HEIGHT
    picture.shapes = year_shapes(axis, LANE_HEIGHT * len(lanes))
    for index, lane in enumerate(lanes):
        places = [axis.x(contact.day) for contact in contacts if contact.lane == lane]
        head = Words(0, LANE_HEIGHT * index + 24, f"{LANES[lane]}: {totals[lane]}")
        picture.shapes += [head, *lane_marks(lane, places, LANE_HEIGHT * index)]
    return picture


def caption(axis: Axis, totals: Counter) -> str:
    span = f"In {axis.first}" if axis.first == axis.last else f"From {axis.first} to {axis.last}"
    parts = [
        f"{counted(totals['meeting'], 'meeting')} and {counted(totals['call'], 'call')} held",
        f"{totals['cancelled']} called off",
        *([f"{totals['planned']} possible"] if totals["planned"] else []),
        counted(totals["milestone"], "milestone"),
    ]
    return (
        f"{span}: {', '.join(parts)}. Each mark stands at its day; days for which there is no room"
        " side by side share one."
    )


def lane_marks(lane: str, places: list[float], top: float) -> list[Mark]:
    """Return the marks of a lane, from the left."""
    if lane in THIN_LANES or len(places) > MOST_MARKS:
        return [Mark(x, top + LOW - MARK_WIDTH / 2, lane) for x in thinned(places)]
    marks: list[Mark] = []
    for place in sorted(places):
        last = marks[-1] if marks else None
        is_beside = last and last.y == top + LOW and place - last.x < MARK_WIDTH
        marks.append(Mark(round(place, 1), top + (HIGH if is_beside else LOW), lane))
    return marks


def thinned(places: list[float]) -> list[float]:
    """Return the places of marks, in order; of more than there may be, those close together one."""
    step, found = 1, {round(place) for place in places}
    while len(found) > MOST_MARKS:
        step *= 2
        found = {step * round(place / step) for place in places}
    return sorted(found)


def year_shapes(axis: Axis, height: float) -> list[Shape]:
    """Return a line at the beginning of each year that is labelled, and its number."""
    shapes: list[Shape] = []
    for year in axis.labelled_years:
        x = round(axis.x(date(year, 1, 1)), 1)
        shapes += [Line(x, 0, x, height + 8), Words(x, height + 32, str(year), is_number=True)]
    return shapes
