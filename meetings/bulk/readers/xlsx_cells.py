"""One cell of a workbook as text: dates, numbers and booleans as a file of text would have them."""

import re
from datetime import UTC, datetime, time
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from .records import forbidden

# How the format writes a character that XML cannot hold (ECMA-376, ST_Xstring).
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Before it, programs count by another calendar.
GREGORIAN = datetime(1582, 10, 15)
# What a number format says besides hours and seconds: words, colours, conditions.
WORDS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')

NO_STRING = "The text of this cell is not in the workbook. Write it anew."
FORMULA = "This cell holds a formula. Paste its value in its place."
ERROR = "This cell holds an error. Write its value, or empty it."
TIME = "This cell holds a time of day. Format it as text, and write what it should say."
NUMBER = "This number cannot be read. Format the cell as text, and write it in digits."
UNSURE = "Programs read this date differently. Format the cell as text: 1900-02-01."
NO_DATE = "There is no such date. Format the cell as text, and write it as 2018-07-16."


class RawCell(NamedTuple):
    """A cell as its workbook has it: its place in the row, type, style, content and formula."""

    place: int
    kind: str
    style: int
    content: str
    formula: str | None


class Refusal(Exception):
    """A cell that is not read, and what to do."""


class Reading:
    """Reads the cells of one workbook by its strings and styles."""

    def __init__(self, book, strings: list[str]):
        self.strings = strings
        self.epoch = book.epoch
        self.dates: set[int] = book._date_formats
        self.spans: set[int] = book._timedelta_formats
        self.times = {style for style in self.dates if shows_time(book, style)}

    def text(self, cell: RawCell, *, is_moment: bool) -> str:
        """Return a cell as text; raises Refusal. In a column of times, dates are times too."""
        _, kind, style, content, formula = cell
        if formula is not None:
            raise Refusal(FORMULA)
        if kind == "s":
            return unescaped(self.string(content))
        if kind in {"str", "inlineStr"}:
            return unescaped(content)
        if kind == "b":
            return "true" if content.strip() == "1" else "false"
        if kind == "e":
            raise Refusal(ERROR)
        if kind == "d":
            return as_text(iso(content), is_moment=is_moment and "T" in content)
        if style in self.spans:
            raise Refusal(TIME)
        if style in self.dates:
            found = self.day(number(content))
            return as_text(found, is_moment=is_moment and style in self.times)
        return plain(number(content))

    def string(self, content: str) -> str:
        """Return the text that a cell names by its number."""
        if not content.isdecimal() or int(content) >= len(self.strings):
            raise Refusal(NO_STRING)
        return self.strings[int(content)]

    def day(self, value: float) -> datetime:
        """Return the date and time of a serial number; raises Refusal."""
        if 0 <= value < 1:
            raise Refusal(TIME)
        # Excel counts a 29 February 1900, LibreOffice does not: till then they are a day apart.
        if 1 <= value < 61 and self.epoch == WINDOWS_EPOCH:
            raise Refusal(UNSURE)
        try:
            found = from_excel(value, self.epoch)
        except OverflowError as error:
            raise Refusal(NO_DATE) from error
        if found < GREGORIAN:
            raise Refusal(NO_DATE)
        return found


def iso(content: str) -> datetime:
    """Return the date and time of a cell that has them as text; raises Refusal."""
    try:
        found = datetime.fromisoformat(content)
    except ValueError as error:
        raise Refusal(NO_DATE) from error
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def as_text(found: datetime, *, is_moment: bool) -> str:
    """Return a date as text; as a moment (in UTC) if it is to be one, or has a time of day."""
    if is_moment or found.time() != time.min:
        return f"{found.isoformat()}Z"
    return found.date().isoformat()


def shows_time(book, style: int) -> bool:
    """Return whether a style shows hours or seconds."""
    number = book._cell_styles[style].numFmtId
    if number < BUILTIN_FORMATS_MAX_SIZE:
        code = BUILTIN_FORMATS.get(number, "")
    else:
        code = book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE]
    return bool({"h", "s"} & set(WORDS.sub("", code).casefold()))


def number(content: str) -> float:
    """Return a number; raises Refusal."""
    try:
        value = int(content) if content.isdecimal() and len(content) < 16 else float(content)
    except ValueError as error:
        raise Refusal(NUMBER) from error
    if not isfinite(value):
        raise Refusal(NUMBER)
    return int(value) if value == int(value) else value


def plain(value: float) -> str:
    """Return a number in digits: without ``.0``, without an exponent."""
    return str(value) if isinstance(value, int) else f"{Decimal(repr(value)):f}"


def unescaped(text: str) -> str:
    """Return text with the characters that the format writes as ``_x000D_``; raises Refusal."""
    if "_x" not in text:
        return text
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if problem := forbidden(text):
        raise Refusal(problem)
    return text
