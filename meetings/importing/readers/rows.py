"""What every format is read into: records of cells, with what is wrong with some of them."""

import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple
from zipfile import BadZipFile

# What reading a packed file raises where it is damaged.
DAMAGED = (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)

FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


class CellFault(NamedTuple):
    """What is wrong with one cell of a record, by its place (0 is the first)."""

    place: int
    value: str
    problem: str


class Record(NamedTuple):
    """One record: the physical line where it starts, its cells as text, and their faults."""

    line: int
    cells: list[str]
    faults: tuple[CellFault, ...] = ()


class Unreadable(Exception):
    """What cannot be read on from: the line of the record, if known the cell, and what to do.

    ``{place}`` in the problem stands for the cell.
    """

    def __init__(self, line: int, problem: str, place: int | None = None):
        super().__init__(problem)
        self.line = line
        self.problem = problem
        self.place = place


def guarded(records: Iterator[Record]) -> Iterator[Record]:
    """Yield records; raise Unreadable where the file turns out to be damaged."""
    line = 0
    try:
        for record in records:
            line = record.line
            yield record
    except DAMAGED as error:
        text = "From here on the file is damaged. Save it again, or get it again whole."
        raise Unreadable(line + 1, text) from error


def forbidden(text: str) -> str:
    """Return what to do about a character that no text and no database can hold, or nothing."""
    found = FORBIDDEN.search(text)
    return f"Remove the character U+{ord(found[0]):04X}." if found else ""
