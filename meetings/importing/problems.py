"""What is wrong with a file: each problem with its place, and with the nearest right value."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from ..tables.cells import closest_match
from ..tables.csv import csv_pieces

__all__ = ["Problem", "as_csv", "closest_match", "printable"]

# A value is shown, and written in reports, up to so many characters.
SHOWN = 1_000
# What no database and no report could hold: the characters that text may not have.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Problem:
    """One thing to mend. ``line`` is the physical line where the record starts; 0 is the file."""

    file: str
    line: int
    row: int
    column: str
    value: str
    problem: str
    suggestion: str = ""

    def __post_init__(self):
        for name in ("file", "column", "value", "problem", "suggestion"):
            object.__setattr__(self, name, printable(getattr(self, name)))

    def __str__(self):
        place = f"{self.file}, line {self.line}" if self.line else self.file
        column = f", column {self.column}" if self.column else ""
        value = f": “{self.value[:80]}”" if self.value else ""
        hint = f" Did you mean “{self.suggestion}”?" if self.suggestion else ""
        return f"{place}{column}{value}: {self.problem}{hint}"


def printable(text: str) -> str:
    """Return text that can be shown and kept: cut, and with a sign for what has none."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text[:SHOWN])


COLUMNS = tuple(field.name for field in fields(Problem))


def as_csv(problems: Iterable[Problem]) -> Iterator[str]:
    """Return the problems as the lines of a CSV file for people to open, its header first."""
    lines = ([str(getattr(problem, name)) for name in COLUMNS] for problem in problems)
    return csv_pieces(COLUMNS, ([line] for line in lines))
