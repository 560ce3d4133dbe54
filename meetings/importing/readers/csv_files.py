"""CSV as RFC 4180 has it: UTF-8, commas, quotation marks doubled; any line end.

Python's reader takes more than that: quotation marks within a cell that has none around it, text
after a closing one, a last one left open. All are refused: nobody can tell what was meant.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import BinaryIO

from .rows import CellFault, Record, Unreadable, forbidden

CHUNK = 1 << 18
# A record in which every quotation mark is where the standard has it.
QUOTED = r'"[^"]*+(?:""[^"]*+)*+'
CELL = rf'(?:{QUOTED}"|[^",\r\n]*+)'
RECORD = re.compile(rf"{CELL}(?:,{CELL})*+(?:\r\n|\r|\n)?")
GOOD_CELLS = re.compile(rf"(?:{CELL},)*+")
LEFT_OPEN = re.compile(QUOTED)
# No cell may have a million characters; a record longer than all of its cells is none.
LONGEST_RECORD = 30_000_000
# Of the whole process, and 131,072 unless set: too few for a text, and an error without a place.
csv.field_size_limit(LONGEST_RECORD)

OPEN = "A quotation mark is opened here and not closed. Close it, or double it."
STRAY = (
    "A quotation mark stands where it cannot. Put quotation marks around the whole cell, and"
    " double each within it."
)
LONG = "A row here goes on for millions of characters. Is a quotation mark not closed?"


class Undecodable(Exception):
    """Bytes that are not UTF-8; ``before`` is the text before them on their line."""

    def __init__(self, before: str):
        super().__init__()
        self.before = before


def lines(stream: BinaryIO) -> Iterator[str]:
    """Yield the lines of a file with their ends: LF, CR LF or CR; no byte order mark."""
    rest: list[str] = []
    for text, is_last, error in decoded(stream):
        ends = "\n" in text or "\r" in text or (rest and rest[-1].endswith("\r"))
        if not (ends or is_last or error):
            rest.append(text)
            if sum(map(len, rest)) > LONGEST_RECORD:
                raise csv.Error(LONG)
            continue
        found = StringIO("".join(rest) + text, newline="").readlines()
        # A CR at the end of what was read may be the first half of CR LF.
        is_whole = not found or is_last or found[-1].endswith(("\n", "\r") if error else "\n")
        rest = [] if is_whole else [found.pop()]
        yield from found
        if error:
            raise Undecodable("".join(rest)) from error


def decoded(stream: BinaryIO) -> Iterator[tuple[str, bool, UnicodeDecodeError | None]]:
    """Yield a file's text in pieces, whether each is the last, and what cannot be read after it."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    chunk = b"-"
    while chunk:
        chunk = stream.read(CHUNK)
        try:
            yield decoder.decode(chunk, final=not chunk), not chunk, None
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode("utf-8"), False, error


class Reader:
    """Reads records off a file's lines, and keeps the lines of the record that is being read."""

    def __init__(self, stream: BinaryIO):
        self.held: list[str] = []
        self.stream = stream
        self.reader = csv.reader(self.watched())

    def watched(self) -> Iterator[str]:
        size = 0
        for line in lines(self.stream):
            size = size + len(line) if self.held else len(line)
            if size > LONGEST_RECORD:
                raise csv.Error(LONG)
            self.held.append(line)
            yield line

    def unreadable(self, start: int, error: Exception) -> Unreadable:
        """Return where reading ends and why, with the cell that was being read."""
        if isinstance(error, csv.Error):
            return Unreadable(start, LONG)
        before = "".join(self.held) + getattr(error, "before", "")
        text = (
            "Save the file as “CSV UTF-8” and choose it again."
            f" First unreadable character: line {self.reader.line_num + 1}, {{place}}."
        )
        return Unreadable(start, text, len(next(csv.reader([before or " "]))) - 1)


def records(stream: BinaryIO) -> Iterator[Record]:
    """Yield the records of a file; blank lines are none, but for the first.

    Raises Unreadable at the first place from which one cannot read on.
    """
    source = Reader(stream)
    start = 1
    while True:
        try:
            cells = next(source.reader)
        except StopIteration:
            return
        except (csv.Error, Undecodable) as error:
            raise source.unreadable(start, error) from error
        text = "".join(source.held)
        source.held.clear()
        if ('"' in text or "\0" in text) and (faults := faults_of(text, cells, start)):
            yield Record(start, cells, faults)
        elif cells or start == 1:
            yield Record(start, cells)
        start = source.reader.line_num + 1


def faults_of(text: str, cells: list[str], start: int) -> tuple[CellFault, ...]:
    """Return what is wrong with the quotation marks or the characters of a record.

    Raises Unreadable if the fault may have put lines together that are records of their own.
    """
    if RECORD.fullmatch(text):
        if "\0" not in text:
            return ()
        found = ((place, cell, forbidden(cell)) for place, cell in enumerate(cells))
        return tuple(CellFault(*fault) for fault in found if fault[-1])
    good = GOOD_CELLS.match(text)
    end = good.end() if good else 0
    place = len(next(csv.reader([text[:end] or " "]))) - 1
    problem = OPEN if LEFT_OPEN.fullmatch(text, end) else STRAY
    if len(StringIO(text, newline="").readlines()) > 1:
        raise Unreadable(start, problem, place)
    return (CellFault(place, text[end : end + 80], problem),)
