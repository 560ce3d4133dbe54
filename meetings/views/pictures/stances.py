"""Reactions by stance for each meeting: critical to the left of a line, supportive to its right."""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse

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


def stance_rows(counts: Iterable[dict]) -> list[Row]:
    """Return the rows of ``ReactionQuerySet.stances_by_meeting`` as those of a table."""
    return [
        Row(
            row["meeting__title"],
            [row[stance] for stance in COLUMNS],
            reverse("meeting", args=[row["meeting__slug"]]),
            row["meeting__starts_on"].isoformat(),
        )
        for row in counts
    ]


def stance_picture(reactions) -> Picture:
    """Return the picture of reactions; of many meetings, of those with the most."""
    rows = stance_rows(reactions.stances_by_meeting()[: MOST_ROWS + 1])
    is_cut = len(rows) > MOST_ROWS
    rows = sorted(rows[:MOST_ROWS], key=lambda row: (row.day, row.address))
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
