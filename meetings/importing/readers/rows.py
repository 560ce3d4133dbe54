"""Records of cells, which the readers of all formats yield, with the problems of some cells."""

import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple
from zipfile import BadZipFile

from .errors import RecordError

# What reading a damaged zip or workbook raises.
DAMAGE_ERRORS = (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)

FORBIDDEN_CHARACTERS = re.compile("[\x00\ud800-\udfff]")


class CellProblem(NamedTuple):
    """A problem of one cell of a record; ``position`` 0 is the first cell."""

    position: int
    value: str
    problem: str


class Record(NamedTuple):
    """One record: the physical line where it starts, its cells as text, and their problems."""

    line: int
    cells: list[str]
    problems: tuple[CellProblem, ...] = ()


def until_damaged(records: Iterator[Record]) -> Iterator[Record]:
    """Yield records; raise RecordError where the file turns out to be damaged."""
    line = 0
    try:
        for record in records:
            line = record.line
            yield record
    except DAMAGE_ERRORS as error:
        text = "From here on the file is damaged. Save it again, or get it again whole."
        raise RecordError(line + 1, text) from error


def forbidden_character(text: str) -> str:
    """Return what to do about a NUL or a surrogate, which no database can hold, or nothing."""
    found = FORBIDDEN_CHARACTERS.search(text)
    return f"Remove the character U+{ord(found[0]):04X}." if found else ""
