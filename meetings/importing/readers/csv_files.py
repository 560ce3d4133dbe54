"""CSV by RFC 4180: UTF-8, doubled quotation marks; any line end; commas, semicolons or tabs.

Python's reader also accepts quotation marks inside a bare cell, text after a closing one, and a
last one left open. These are refused here: nobody can tell what was meant.
"""

import codecs
import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from io import StringIO
from itertools import chain
from typing import NamedTuple, Protocol

from ...models.fields import normalize_text
from .errors import EncodingError, RecordError
from .rows import LONGEST_RECORD_CHARACTERS, CellProblem, Record, forbidden_character

CHUNK_BYTES = 1 << 18
# A record in which every quotation mark is where the standard allows it.
OPEN_CELL = r'"[^"]*+(?:""[^"]*+)*+'
OPEN_TO_THE_END = re.compile(OPEN_CELL)
# Set for the whole process. The default of 131,072 is too few for a text.
csv.field_size_limit(LONGEST_RECORD_CHARACTERS)

UNCLOSED_QUOTE = "A quotation mark is opened here and not closed. Close it, or double it."
MISPLACED_QUOTE = (
    "A quotation mark stands where it cannot. Put quotation marks around the whole cell, and"
    " double each within it."
)
RECORD_TOO_LONG = "A row here goes on for millions of characters. Is a quotation mark not closed?"


# Of a first line, so much is looked at to know what separates its cells.
LONGEST_HEADER_CHARACTERS = 100_000
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


class Readable(Protocol):
    """Whatever gives bytes."""

    def read(self, size: int, /) -> bytes: ...


@dataclass
class Dialect:
    """What separates the cells of a file, once its first line is read."""

    delimiter: str = ","


class Patterns(NamedTuple):
    """Patterns of a whole record, and of its cells up to one that is not valid."""

    record: re.Pattern[str]
    valid_cells: re.Pattern[str]


@cache
def patterns(delimiter: str) -> Patterns:
    """Return the patterns of records whose cells a character separates."""
    cell = rf'(?:{OPEN_CELL}"|[^"{delimiter}\r\n]*+)'
    record = re.compile(rf"{cell}(?:{delimiter}{cell})*+(?:\r\n|\r|\n)?")
    return Patterns(record, re.compile(rf"(?:{cell}{delimiter})*+"))


def delimiter_of(line: str, columns: Collection[str]) -> str:
    """Return what separates the cells of a first line: a comma, unless they are columns only so."""
    line = line[:LONGEST_HEADER_CHARACTERS]
    found = {sign: next(csv.reader([line], delimiter=sign), []) for sign in DELIMITERS}
    known = {
        sign: len({normalize_text(cell).casefold() for cell in cells} & {*columns})
        for sign, cells in found.items()
    }
    best = max(DELIMITERS, key=lambda sign: (known[sign], len(found[sign])))
    is_alone = len(found[","]) == 1 and not known[","]
    return best if known[best] > known[","] or is_alone else ","


def decoded_lines(stream: Readable) -> Iterator[str]:
    """Yield the lines of a file with their ends (LF, CR LF or CR), without a byte order mark."""
    rest: list[str] = []
    for text, is_last, error in decoded_chunks(stream):
        ends = "\n" in text or "\r" in text or (rest and rest[-1].endswith("\r"))
        if not (ends or is_last or error):
            rest.append(text)
            if sum(map(len, rest)) > LONGEST_RECORD_CHARACTERS:
                raise csv.Error(RECORD_TOO_LONG)
            continue
        found = StringIO("".join(rest) + text, newline="").readlines()
        # A CR at the end of a chunk may be the first half of CR LF.
        is_whole = not found or is_last or found[-1].endswith(("\n", "\r") if error else "\n")
        rest = [] if is_whole else [found.pop()]
        yield from found
        if error:
            raise EncodingError("".join(rest)) from error


def decoded_chunks(stream: Readable) -> Iterator[tuple[str, bool, UnicodeDecodeError | None]]:
    """Yield a file's text in chunks: the text, whether it is the last, and an error after it."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    chunk = b"-"
    while chunk:
        chunk = stream.read(CHUNK_BYTES)
        try:
            yield decoder.decode(chunk, final=not chunk), not chunk, None
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode("utf-8"), False, error


class RecordReader:
    """Python's reader on a file, with the lines of the record that it is reading (``held``)."""

    def __init__(self, stream: Readable, columns: Collection[str], dialect: Dialect):
        self.held: list[str] = []
        self.lines = decoded_lines(stream)
        self.error: Exception | None = None
        if (first := self.first_line()) is not None:
            dialect.delimiter = delimiter_of(first, columns)
            self.lines = chain([first], self.lines)
        self.delimiter = dialect.delimiter
        self.patterns = patterns(self.delimiter)
        self.reader = csv.reader(self.watched_lines(), delimiter=self.delimiter)

    def first_line(self) -> str | None:
        """Return the first line; nothing if there is none, or if it cannot be read."""
        try:
            return next(self.lines, None)
        except (csv.Error, EncodingError) as error:
            self.error = error
            return None

    def watched_lines(self) -> Iterator[str]:
        size = 0
        if self.error:
            raise self.error
        for line in self.lines:
            size = size + len(line) if self.held else len(line)
            if size > LONGEST_RECORD_CHARACTERS:
                raise csv.Error(RECORD_TOO_LONG)
            self.held.append(line)
            yield line

    def record_error(self, start: int, error: Exception) -> RecordError:
        """Return the error of the record that was being read, with its last cell."""
        if isinstance(error, csv.Error):
            return RecordError(start, RECORD_TOO_LONG)
        before = "".join(self.held) + getattr(error, "before", "")
        text = (
            "Save the file as “CSV UTF-8” or XLSX, and choose that."
            f" First unreadable character: line {self.reader.line_num + 1}, {{cell}}."
        )
        return RecordError(start, text, self.last_cell(before))

    def last_cell(self, text: str) -> int:
        """Return the index of the last cell in the beginning of a record."""
        return len(next(csv.reader([text or " "], delimiter=self.delimiter))) - 1


def csv_records(
    stream: Readable, columns: Collection[str] = (), dialect: Dialect | None = None
) -> Iterator[Record]:
    """Yield the records of a file, without blank lines except the first.

    ``columns`` are those that its header may name; ``dialect`` tells what separates its cells.
    Raises RecordError where the rest of the file cannot be read.
    """
    source = RecordReader(stream, columns, dialect or Dialect())
    start = 1
    while True:
        try:
            cells = next(source.reader)
        except StopIteration:
            return
        except (csv.Error, EncodingError) as error:
            raise source.record_error(start, error) from error
        text = "".join(source.held)
        source.held.clear()
        if ('"' in text or "\0" in text) and (
            problems := quoting_problems(source, text, cells, start)
        ):
            yield Record(start, cells, problems)
        elif cells or start == 1:
            yield Record(start, cells)
        start = source.reader.line_num + 1


def quoting_problems(
    source: RecordReader, text: str, cells: list[str], start: int
) -> tuple[CellProblem, ...]:
    """Return the problems of the quotation marks and of forbidden characters in a record.

    Raises RecordError if a misplaced mark may have joined several records.
    """
    if source.patterns.record.fullmatch(text):
        if "\0" not in text:
            return ()
        found = ((index, cell, forbidden_character(cell)) for index, cell in enumerate(cells))
        return tuple(CellProblem(*problem) for problem in found if problem[-1])
    good = source.patterns.valid_cells.match(text)
    end = good.end() if good else 0
    index = source.last_cell(text[:end])
    problem = UNCLOSED_QUOTE if OPEN_TO_THE_END.fullmatch(text, end) else MISPLACED_QUOTE
    if len(StringIO(text, newline="").readlines()) > 1:
        raise RecordError(start, problem, index)
    return (CellProblem(index, text[end : end + 80], problem),)
