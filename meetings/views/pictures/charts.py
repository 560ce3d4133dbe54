"""Pictures of numbers: plain shapes with a title, a caption, and the same numbers as a table.

A picture is 640 units wide. Its letters are 26 units high, so that they can be read where it is 320
pixels wide; style sheets make them smaller where there is more room.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

WIDTH = 640
LETTER_UNITS = 13
# Rows of bars in one picture; of more, those with the largest totals are drawn.
MOST_ROWS = 30
ROW_HEIGHT, BAR_HEIGHT = 64, 22
# The fills of bars in one ink, from the heaviest; each can be told from its neighbours.
FILLS = ("solid", "hatch", "empty", "dots", "grid", "lines", "back", "cross", "dotted")


@dataclass(frozen=True)
class Line:
    """A thin line: an axis, or the beginning of a year."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Bar:
    """A bar with one of ``FILLS``."""

    x: float
    y: float
    width: float
    fill: str
    height: float = BAR_HEIGHT


@dataclass(frozen=True)
class Mark:
    """A sign at a point, by the kind of what stands there."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True)
class Words:
    """Words that begin, end or stand in the middle at a point, as in ``text-anchor``."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    is_number: bool = False


Shape = Line | Bar | Mark | Words


@dataclass(frozen=True)
class Row:
    """A row of the table: what is counted, its page if it has one, and the numbers."""

    label: str
    numbers: list[int]
    address: str = ""
    day: str = ""


@dataclass
class Picture:
    """Shapes to draw, and the table of their numbers; ``name`` is the anchor on the page."""

    name: str
    title: str
    header: list[str]
    rows: list[Row] = field(default_factory=list)
    caption: str = ""
    height: int = 0
    shapes: list[Shape] = field(default_factory=list)

    def of_class(self, kind: type) -> list[Any]:
        return [shape for shape in self.shapes if isinstance(shape, kind)]

    @property
    def lines(self) -> list[Line]:
        return self.of_class(Line)

    @property
    def bars(self) -> list[Bar]:
        return self.of_class(Bar)

    @property
    def marks(self) -> list[Mark]:
        return self.of_class(Mark)

    @property
    def words(self) -> list[Words]:
        return self.of_class(Words)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, and a thin space between thousands."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}".replace(",", " ")


def shortened(text: str, room: float) -> str:
    """Return a text cut at a word, with an ellipsis, to what fits into so many units."""
    most = int(room / LETTER_UNITS)
    if len(text) <= most:
        return text
    return f"{text[:most].rpartition(' ')[0] or text[: most - 1]}…"


def largest(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with the largest totals, in the order in which they were."""
    rows = list(rows)
    if len(rows) <= MOST_ROWS:
        return rows
    totals = sorted(range(len(rows)), key=lambda index: -sum(rows[index].numbers))
    return [rows[index] for index in sorted(totals[:MOST_ROWS])]
