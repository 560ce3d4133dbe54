"""Records of cells, which the readers of all formats yield, with the problems of some cells."""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple
from zipfile import BadZipFile

from .errors import RecordError

# What reading a damaged zip or workbook raises.
DAMAGE_ERRORS = (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)

# All cells of a record together; texts of such a length are read and stored several times over.
LONGEST_RECORD_CHARACTERS = 8_000_000
FORBIDDEN_CHARACTERS = re.compile("[\x00\ud800-\udfff]")


class CellProblem(NamedTuple):
    """A problem of one cell of a record; ``position`` 0 is the first cell."""

    position: int
    value: str
    problem: str


class Record(NamedTuple):
    """One record: the physical line where it starts, its cells as text, and their problems.

    ``is_hidden`` is whether a spreadsheet hides it, as a filter does.
    """

    line: int
    cells: list[str]
    problems: tuple[CellProblem, ...] = ()
    is_hidden: bool = False


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


class ReportingStream:
    """A file that calls a function whenever more of it is read."""

    def __init__(self, stream: IO[bytes], report: Callable[[], None]):
        self.stream, self.report = stream, report

    def read(self, size: int) -> bytes:
        self.report()
        return self.stream.read(size)
