"""The relation of the accounts by issue: for each, at how many meetings they agree, differ …"""

from collections.abc import Iterable, Mapping
from typing import Any

from .charts import (
    BAR_HEIGHT,
    FILLS,
    MOST_ROWS,
    ROW_HEIGHT,
    WIDTH,
    Bar,
    Picture,
    Row,
    Shape,
    Words,
    counted,
    largest,
    shortened,
)

KEY_HEIGHT, KEY_COLUMNS, GAP = 36, 2, 8


def relations_by_issue(
    rows: Iterable[tuple[Any, Mapping[str, int]]], relations: Iterable[str] = ()
) -> Picture:
    """Return the picture of pairs of an issue and the number of its discussions by relation.

    A relation is named by the words that readers see. They stand in the order of ``relations``, and
    those that it does not name after them, as they come.
    """
    rows = list(rows)
    counts = [number for _, numbers in rows for number in numbers.items() if number[1]]
    known = [name for name in relations if name in dict(counts)]
    words = list(dict.fromkeys([*known, *(name for name, _ in counts)]))
    table = [
        Row(str(issue), [numbers.get(word, 0) for word in words], issue.get_absolute_url())
        for issue, numbers in rows
    ]
    picture = Picture("by-relation", "How the accounts compare, by issue", ["Issue", *words], table)
    shown = [row for row in table if sum(row.numbers)]
    drawn = largest(shown)
    picture.caption = caption(shown, words, is_cut=len(drawn) < len(shown))
    key = key_of(words)
    picture.shapes = key_shapes(key)
    top = KEY_HEIGHT * -(-len(key) // KEY_COLUMNS) + GAP
    scale = (WIDTH - 60) / max((sum(row.numbers) for row in drawn), default=1)
    for index, row in enumerate(drawn):
        picture.shapes += row_shapes(row, top + ROW_HEIGHT * index, scale)
    picture.height = top + ROW_HEIGHT * len(drawn) + GAP
    return picture


def caption(rows: list[Row], words: list[str], *, is_cut: bool) -> str:
    totals = [sum(row.numbers[index] for row in rows) for index in range(len(words))]
    parts = "; ".join(f"{word}: {n}" for word, n in zip(words, totals, strict=True))
    cut = f" Drawn are the {MOST_ROWS} issues with the most." if is_cut else ""
    return f"{counted(sum(totals), 'discussion')} of {counted(len(rows), 'issue')}. {parts}.{cut}"


def key_of(words: list[str]) -> list[str]:
    """Return the words of the key; of more than there are fills, the last stand for the rest."""
    return words if len(words) <= len(FILLS) else [*words[: len(FILLS) - 1], "Other"]


def key_shapes(words: list[str]) -> list[Shape]:
    """Return the key: the fill of each relation with its words."""
    shapes: list[Shape] = []
    room = WIDTH / KEY_COLUMNS
    for index, (word, fill) in enumerate(zip(words, FILLS, strict=False)):
        x, y = room * (index % KEY_COLUMNS), KEY_HEIGHT * (index // KEY_COLUMNS)
        name = Words(x + 44, y + 26, shortened(word, room - 44))
        shapes += [Bar(x + 1, y + 6, 34, fill), name]
    return shapes


def row_shapes(row: Row, top: float, scale: float) -> list[Shape]:
    """Return the label of an issue, and under it one bar of parts with the total at its end."""
    shapes: list[Shape] = [Words(0, top + 26, shortened(row.label, WIDTH))]
    last = len(FILLS) - 1
    numbers = [*row.numbers[:last], sum(row.numbers[last:])]
    x = 1.0
    for number, fill in zip(numbers, FILLS, strict=False):
        if number:
            width = round(number * scale, 1)
            shapes.append(Bar(round(x, 1), top + 34, width, fill))
            x += width
    total = str(sum(row.numbers))
    shapes.append(Words(round(x, 1) + GAP, top + 32 + BAR_HEIGHT, total, is_number=True))
    return shapes
