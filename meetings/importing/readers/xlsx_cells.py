"""One cell of a workbook as text: dates, numbers and booleans as a file of text would have them.

What a spreadsheet made of a text, a date of “May-18” or 0.46 of “46%”, is refused: in a column of
text it would be stored as something that nobody wrote.
"""

import re
from datetime import UTC, datetime, time
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from ...tables.cells import CellKind
from .number_formats import MOST_IN_GENERAL, shown_number, shown_time
from .rows import forbidden

# How the format writes a character that XML cannot hold (ECMA-376, ST_Xstring).
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Before it, programs count by another calendar.
GREGORIAN = datetime(1582, 10, 15)
# The formats that show a whole number as it is, and the columns that a date may stand in.
PLAIN = ("General", "0", "@")
DATED = (CellKind.DATE, CellKind.DATETIME, None)
# Formats that follow the reader's country, as they are in the United States.
OF_COUNTRIES = {14: "m/d/yyyy", 22: "m/d/yyyy h:mm"}
# What a number format says besides hours and seconds: words, colours, conditions.
WORDS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')

NO_STRING = "The text of this cell is not in the workbook. Write it anew."
FORMULA = "This cell holds a formula. Paste its value in its place."
ERROR = "This cell holds an error. Write its value, or empty it."
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
    """A cell that is not read, what to do, and what the sheet shows in it where that is known."""

    def __init__(self, problem: str, shown: str = ""):
        super().__init__(problem)
        self.shown = shown


def wrong_kind(what: str, shown: str) -> Refusal:
    """Return the refusal of a cell that is no text, in a column that is none of its kind."""
    says = f"{what}, shown as {shown[:60]}" if shown else f"{what} in a format of its own"
    return Refusal(f"This cell holds {says}. Format the column as text and write it again.", shown)


class Reading:
    """Reads the cells of one workbook by its strings and styles."""

    def __init__(self, book, strings: list[str]):
        self.strings = strings
        self.epoch = book.epoch
        self.dates: set[int] = book._date_formats
        self.spans: set[int] = book._timedelta_formats
        self.formats = {style: format_of(book, style) for style in range(len(book._cell_styles))}
        self.times = {style for style in self.dates if shows_time(self.formats[style])}

    def text(self, cell: RawCell, column: CellKind | None) -> str:
        """Return a cell as text, for a column that holds what ``column`` says; raises Refusal."""
        _, kind, style, content, formula = cell
        if formula is not None:
            raise Refusal(FORMULA)
        if kind == "s":
            return unescaped(self.string(content))
        if kind in {"str", "inlineStr"}:
            return unescaped(content)
        if kind == "b":
            return truth(content.strip() == "1", column)
        if kind == "e":
            raise Refusal(ERROR)
        if kind == "d":
            if column not in DATED:
                raise wrong_kind("a date", content)
            return as_text(iso(content), is_moment=column is CellKind.DATETIME and "T" in content)
        if style in self.spans or style in self.dates:
            return self.date(number(content), style, column)
        return digits(number(content), self.formats.get(style, "General"), column)

    def date(self, value: float, style: int, column: CellKind | None) -> str:
        """Return a date as text; raises Refusal for a time without one, and where none can be."""
        code = self.formats[style] or ""
        if style in self.spans:
            raise wrong_kind("a length of time", shown_time(value, None, code))
        if 0 <= value < 1:
            raise wrong_kind("a time of day", shown_time(value, None, code))
        found = self.day(value)
        if column not in DATED:
            raise wrong_kind("a date", shown_time(value, found, code))
        return as_text(found, is_moment=column is CellKind.DATETIME and style in self.times)

    def string(self, content: str) -> str:
        """Return the text that a cell names by its number."""
        if not content.isdecimal() or int(content) >= len(self.strings):
            raise Refusal(NO_STRING)
        return self.strings[int(content)]

    def day(self, value: float) -> datetime:
        """Return the date and time of a serial number; raises Refusal."""
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


def is_plain(value: float, code: str | None) -> bool:
    """Return whether a number is certainly shown in its own digits, as most are."""
    return code in PLAIN and isinstance(value, int) and abs(value) < MOST_IN_GENERAL


def digits(value: float, code: str | None, column: CellKind | None) -> str:
    """Return a number in digits; raises Refusal where text is wanted and more is shown."""
    text = plain(value)
    is_share = code is not None and "%" in code
    is_unsure = column is CellKind.TEXT and not is_plain(value, code)
    if is_unsure or (column is CellKind.NUMBER and is_share):
        shown = shown_number(value, code) if code else ""
        if shown != text:
            raise wrong_kind("a percentage" if is_share else "a number", shown)
    return text


def truth(is_true: bool, column: CellKind | None) -> str:
    """Return a truth value; raises Refusal in a column of something else."""
    if column not in (CellKind.BOOLEAN, None):
        raise wrong_kind("a truth value", str(is_true).upper())
    return "true" if is_true else "false"


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


def format_of(book, style: int) -> str | None:
    """Return the number format of a style; None for those that differ by the reader's language."""
    number = book._cell_styles[style].numFmtId
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return OF_COUNTRIES.get(number) or BUILTIN_FORMATS.get(number)
    return book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE]


def shows_time(code: str | None) -> bool:
    """Return whether a format shows hours or seconds."""
    return bool({"h", "s"} & set(WORDS.sub("", code or "").casefold()))


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
