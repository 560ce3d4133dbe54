"""Problems of imported files, each with file, line, column and a suggestion; as text and CSV."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..tables.cells import closest_match
from ..tables.csv import csv_pieces

__all__ = ["Problem", "as_csv", "closest_match", "printable"]

# Longest value in a problem.
MOST_VALUE_CHARACTERS = 1_000
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Problem:
    """One problem. ``line`` is the physical line where the record starts, 0 for the whole file.

    ``row`` is the number of the record, without the header; ``cell`` the place in a sheet, as
    spreadsheets name it (“Sheet1!C5”).
    """

    file: str
    line: int
    row: int
    column: str
    value: str
    problem: str
    suggestion: str = ""
    cell: str = ""

    def __post_init__(self):
        for name in ("file", "column", "value", "problem", "suggestion"):
            object.__setattr__(self, name, printable(getattr(self, name)))

    def __str__(self):
        where = ", ".join(filter(None, (self.file, self.place)))
        column = f", column {self.column}" if self.column else ""
        value = f": “{self.value[:80]}”" if self.value else ""
        hint = f" Did you mean “{self.suggestion}”?" if self.suggestion else ""
        return f"{where}{column}{value}: {self.problem}{hint}"

    @property
    def place(self) -> str:
        """Where in the file it is; nothing for the whole file."""
        return self.cell or (f"line {self.line}" if self.line else "")

    def as_row(self) -> list[str]:
        """Return its cells in a file of problems, in the order of ``COLUMNS``."""
        place = self.cell or str(self.line)
        return [
            self.file,
            place,
            str(self.row),
            self.column,
            self.value,
            self.problem,
            self.suggestion,
        ]


def printable(text: str) -> str:
    """Return text that can be stored and shown: shortened, control characters replaced."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text[:MOST_VALUE_CHARACTERS])


COLUMNS = ("file", "line", "row", "column", "value", "problem", "suggestion")


def as_csv(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield the lines of a CSV file of problems for spreadsheets, header first."""
    return csv_pieces(COLUMNS, ([problem.as_row()] for problem in problems))
