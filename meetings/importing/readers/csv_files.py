"""CSV by RFC 4180: UTF-8, commas, doubled quotation marks; any line end.

Python's reader also accepts quotation marks inside a bare cell, text after a closing one, and a
last one left open. These are refused here: nobody can tell what was meant.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Protocol

from .errors import EncodingError, RecordError
from .rows import LONGEST_RECORD_CHARACTERS, CellProblem, Record, forbidden_character

CHUNK_BYTES = 1 << 18
# A record in which every quotation mark is where the standard allows it.
OPEN_CELL = r'"[^"]*+(?:""[^"]*+)*+'
CELL = rf'(?:{OPEN_CELL}"|[^",\r\n]*+)'
RECORD = re.compile(rf"{CELL}(?:,{CELL})*+(?:\r\n|\r|\n)?")
VALID_CELLS = re.compile(rf"(?:{CELL},)*+")
OPEN_TO_THE_END = re.compile(OPEN_CELL)
# Set for the whole process. The default of 131,072 is too few for a text.
csv.field_size_limit(LONGEST_RECORD_CHARACTERS)

UNCLOSED_QUOTE = "A quotation mark is opened here and not closed. Close it, or double it."
MISPLACED_QUOTE = (
    "A quotation mark stands where it cannot. Put quotation marks around the whole cell, and"
    " double each within it."
)
RECORD_TOO_LONG = "A row here goes on for millions of characters. Is a quotation mark not closed?"


class Readable(Protocol):
    """Whatever gives bytes."""

    def read(self, size: int, /) -> bytes: ...


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

    def __init__(self, stream: Readable):
        self.held: list[str] = []
        self.stream = stream
        self.reader = csv.reader(self.watched_lines())

    def watched_lines(self) -> Iterator[str]:
        size = 0
        for line in decoded_lines(self.stream):
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
            "Save the file as “CSV UTF-8” and choose it again."
            f" First unreadable character: line {self.reader.line_num + 1}, {{cell}}."
        )
        return RecordError(start, text, len(next(csv.reader([before or " "]))) - 1)


def csv_records(stream: Readable) -> Iterator[Record]:
    """Yield the records of a file, without blank lines except the first.

    Raises RecordError where the rest of the file cannot be read.
    """
    source = RecordReader(stream)
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
        if ('"' in text or "\0" in text) and (problems := quoting_problems(text, cells, start)):
            yield Record(start, cells, problems)
        elif cells or start == 1:
            yield Record(start, cells)
        start = source.reader.line_num + 1


def quoting_problems(text: str, cells: list[str], start: int) -> tuple[CellProblem, ...]:
    """Return the problems of the quotation marks and of forbidden characters in a record.

    Raises RecordError if a misplaced mark may have joined several records.
    """
    if RECORD.fullmatch(text):
        if "\0" not in text:
            return ()
        found = ((index, cell, forbidden_character(cell)) for index, cell in enumerate(cells))
        return tuple(CellProblem(*problem) for problem in found if problem[-1])
    good = VALID_CELLS.match(text)
    end = good.end() if good else 0
    index = len(next(csv.reader([text[:end] or " "]))) - 1
    problem = UNCLOSED_QUOTE if OPEN_TO_THE_END.fullmatch(text, end) else MISPLACED_QUOTE
    if len(StringIO(text, newline="").readlines()) > 1:
        raise RecordError(start, problem, index)
    return (CellProblem(index, text[end : end + 80], problem),)
