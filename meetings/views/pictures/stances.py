"""Reactions by stance for each meeting: critical to the left of a line, supportive to its right."""

from collections.abc import Mapping
from heapq import nlargest
from typing import NamedTuple

from django.urls import reverse

from ...models import Meeting
from .charts import (
    MOST_ROWS,
    ROW_HEIGHT,
    WIDTH,
    Bar,
    Line,
    Picture,
    Row,
    Shape,
    Words,
    counted,
    shortened,
)


class Column(NamedTuple):
    """Where the bars of a stance begin, to which side, and for how many units there is room."""

    head: str
    start: int
    side: int
    room: int
    fill: str

    @property
    def anchor(self) -> str:
        return "end" if self.side < 0 else "start"


COLUMNS = {
    "critical": Column("− Critical", 190, -1, 140, "empty"),
    "supportive": Column("+ Supportive", 190, 1, 140, "solid"),
    "mixed": Column("± Mixed", 392, 1, 62, "hatch"),
    "neutral": Column("· Neutral", 512, 1, 62, "dotted"),
}
HEAD_HEIGHT, GAP = 44, 8
# The numbers of reactions by meeting and stance: ``ReactionQuerySet.stances_by_meeting``.
StanceCounts = Mapping[int, Mapping[str, int]]


def stance_rows(counts: StanceCounts, most: int | None = None) -> list[Row]:
    """Return the rows of a table by meeting, the earliest first.

    Of more than ``most`` meetings, only those with the most reactions.
    """
    totals = {pk: sum(numbers.values()) for pk, numbers in counts.items()}
    if most:
        # All that have as many as the last of them: the earliest are taken.
        fewest = min(nlargest(most, totals.values()), default=0)
        totals = {pk: total for pk, total in totals.items() if total >= fewest}
    rows = Meeting.objects.filter(pk__in_array=totals).chronological()
    meetings = list(rows.values_list("pk", "slug", "title", "starts_on"))
    if most:
        meetings = sorted(meetings, key=lambda meeting: -totals[meeting[0]])[:most]
    return [
        Row(
            title,
            [counts[pk][stance] for stance in COLUMNS],
            reverse("meeting", args=[slug]),
            starts_on.isoformat(),
        )
        for pk, slug, title, starts_on in meetings
    ]


def stance_picture(counts: StanceCounts) -> Picture:
    """Return the picture of reactions; of many meetings, of those with the most."""
    rows = sorted(stance_rows(counts, MOST_ROWS), key=lambda row: (row.day, row.address))
    is_cut = len(counts) > MOST_ROWS
    header = ["Meeting", *(stance.capitalize() for stance in COLUMNS)]
    picture = Picture("by-stance", "Reactions by stance for each meeting", header, rows)
    picture.caption = caption(rows, is_cut=is_cut)
    picture.height = HEAD_HEIGHT + ROW_HEIGHT * len(rows) + GAP
    for column in COLUMNS.values():
        head = Words(column.start + column.side * GAP, 26, column.head, column.anchor)
        picture.shapes.append(head)
    scale = units_for_one(rows)
    for index, row in enumerate(rows):
        picture.shapes += row_shapes(row, HEAD_HEIGHT + ROW_HEIGHT * index, scale)
    return picture


def caption(rows: list[Row], *, is_cut: bool) -> str:
    totals = [sum(numbers) for numbers in zip(*(row.numbers for row in rows), strict=True)]
    parts = ", ".join(f"{n} {stance}" for n, stance in zip(totals, COLUMNS, strict=False))
    most = " with the most of them" if is_cut else ""
    return (
        f"{counted(sum(totals), 'reaction')} to {counted(len(rows), 'meeting')}{most}: {parts}."
        " Critical ones stand to the left of the line, supportive ones to its right, mixed and"
        " neutral ones apart. These are the reactions recorded here; they are no poll."
    )


def units_for_one(rows: list[Row]) -> float:
    """Return the length of one reaction, so that the longest bar has room."""
    lengths = [
        column.room / number
        for row in rows
        for number, column in zip(row.numbers, COLUMNS.values(), strict=True)
        if number
    ]
    return min(lengths, default=0)


def row_shapes(row: Row, top: float, scale: float) -> list[Shape]:
    """Return the label of a meeting, and under it a bar and a number for each stance."""
    shapes: list[Shape] = [Words(0, top + 26, f"{shortened(row.label, WIDTH - 90)}, {row.day[:4]}")]
    for number, column in zip(row.numbers, COLUMNS.values(), strict=True):
        length = round(number * scale, 1)
        end = column.start + column.side * length
        shapes.append(Line(column.start, top + 30, column.start, top + 60))
        if number:
            shapes.append(Bar(min(column.start, end), top + 34, length, column.fill))
        words = Words(end + column.side * GAP, top + 54, str(number), column.anchor, is_number=True)
        shapes.append(words)
    return shapes
