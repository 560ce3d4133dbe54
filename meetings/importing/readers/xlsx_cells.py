"""Text of a workbook's cell: dates, numbers and booleans as a CSV file has them.

In a column of text, what a spreadsheet made of a typed text (a date of “May-18”, 0.46 of “46%”) is
refused: it would be stored as something that nobody wrote.
"""

import re
from datetime import UTC, datetime, time
from decimal import Decimal
from math import isfinite
from typing import NamedTuple, Protocol

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from ...tables.cells import CellKind
from .errors import CellError
from .number_formats import LARGEST_IN_DIGITS, shown_number, shown_time
from .rows import forbidden_character

# Escape of a character that XML cannot hold (ECMA-376, ST_Xstring).
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Before it, programs count by the Julian calendar.
FIRST_GREGORIAN_DAY = datetime(1582, 10, 15)
# Formats that show a whole number in its digits, and kinds of columns that take a date.
DIGIT_FORMATS = ("General", "0", "@")
DATE_KINDS = (CellKind.DATE, CellKind.DATETIME, None)
# Built-in formats that follow the reader's country, as they are in the United States.
LOCAL_FORMATS = {14: "m/d/yyyy", 22: "m/d/yyyy h:mm"}
# Quoted words, colours, conditions: parts of a format whose letters are no hours or seconds.
NO_TIME_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')

MISSING_STRING = "The text of this cell is not in the workbook. Write it again."
FORMULA = "This cell holds a formula. Paste its value in its place."
ERROR = "This cell holds an error. Write its value, or empty it."
INVALID_NUMBER = "This number cannot be read. Format the cell as text, and write it in digits."
AMBIGUOUS_DATE = "Programs read this date differently. Format the cell as text: 1900-02-01."
INVALID_DATE = "There is no such date. Format the cell as text, and write it as 2018-07-16."


class RawCell(NamedTuple):
    """A cell as in the XML: its position in the row, type, style, content and formula."""

    position: int
    kind: str
    style: int
    content: str
    formula: str | None


def wrong_kind_error(what: str, shown: str) -> CellError:
    """Return the error of a date, number or truth value in a column of another kind."""
    says = f"{what}, shown as {shown[:60]}" if shown else f"{what} in a format of its own"
    return CellError(
        f"This cell holds {says}. Format the column as text and write it again.", shown
    )


class Strings(Protocol):
    """The shared strings of a workbook by number."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> str: ...


class CellReader:
    """Reads the cells of one workbook, with its shared strings and styles."""

    def __init__(self, book, strings: Strings):
        self.strings = strings
        self.epoch = book.epoch
        # Private names, since openpyxl shows styles only with its own cells, which are not used.
        self.date_styles: set[int] = book._date_formats
        self.duration_styles: set[int] = book._timedelta_formats
        self.number_formats = {
            style: number_format(book, style) for style in range(len(book._cell_styles))
        }
        self.time_styles = {
            style for style in self.date_styles if shows_time(self.number_formats[style])
        }

    def text(self, cell: RawCell, column: CellKind | None) -> str:
        """Return the text of a cell in a column of this kind; raises CellError."""
        _, kind, style, content, formula = cell
        if formula is not None:
            raise CellError(FORMULA)
        if kind == "s":
            return unescape(self.shared_string(content))
        if kind in {"str", "inlineStr"}:
            return unescape(content)
        if kind == "b":
            return boolean_text(content.strip() == "1", column)
        if kind == "e":
            raise CellError(ERROR)
        if kind == "d":
            if column not in DATE_KINDS:
                raise wrong_kind_error("a date", content)
            return date_text(
                iso_moment(content), is_moment=column is CellKind.DATETIME and "T" in content
            )
        if style in self.duration_styles or style in self.date_styles:
            return self.date_cell_text(parse_number(content), style, column)
        return number_cell_text(
            parse_number(content), self.number_formats.get(style, "General"), column
        )

    def date_cell_text(self, value: float, style: int, column: CellKind | None) -> str:
        """Return the text of a date; raises CellError for a time alone, and for invalid dates."""
        code = self.number_formats[style] or ""
        if style in self.duration_styles:
            raise wrong_kind_error("a length of time", shown_time(value, None, code))
        if 0 <= value < 1:
            raise wrong_kind_error("a time of day", shown_time(value, None, code))
        found = self.serial_moment(value)
        if column not in DATE_KINDS:
            raise wrong_kind_error("a date", shown_time(value, found, code))
        return date_text(found, is_moment=column is CellKind.DATETIME and style in self.time_styles)

    def shared_string(self, content: str) -> str:
        """Return the shared string with a number; raises CellError if there is none."""
        if not content.isdecimal() or int(content) >= len(self.strings):
            raise CellError(MISSING_STRING)
        return self.strings[int(content)]

    def serial_moment(self, value: float) -> datetime:
        """Return the date and time of a serial number; raises CellError."""
        # Excel counts a 29 February 1900 and LibreOffice does not, so they differ until then.
        if 1 <= value < 61 and self.epoch == WINDOWS_EPOCH:
            raise CellError(AMBIGUOUS_DATE)
        try:
            found = from_excel(value, self.epoch)
        except OverflowError as error:
            raise CellError(INVALID_DATE) from error
        if found < FIRST_GREGORIAN_DAY:
            raise CellError(INVALID_DATE)
        return found


def is_shown_in_digits(value: float, code: str | None) -> bool:
    """Return whether a number is certainly shown in its own digits, as most numbers are."""
    return code in DIGIT_FORMATS and isinstance(value, int) and abs(value) < LARGEST_IN_DIGITS


def number_cell_text(value: float, code: str | None, column: CellKind | None) -> str:
    """Return a number in digits; raises CellError if a column of text shows something else."""
    text = number_text(value)
    is_share = code is not None and "%" in code
    is_unsure = column is CellKind.TEXT and not is_shown_in_digits(value, code)
    if is_unsure or (column is CellKind.NUMBER and is_share):
        shown = shown_number(value, code) if code else ""
        if shown != text:
            raise wrong_kind_error("a percentage" if is_share else "a number", shown)
    return text


def boolean_text(is_true: bool, column: CellKind | None) -> str:
    """Return ``true`` or ``false``; raises CellError in a column of another kind."""
    if column not in (CellKind.BOOLEAN, None):
        raise wrong_kind_error("a truth value", str(is_true).upper())
    return "true" if is_true else "false"


def iso_moment(content: str) -> datetime:
    """Return the date and time of an ISO 8601 text, in UTC; raises CellError."""
    try:
        found = datetime.fromisoformat(content)
    except ValueError as error:
        raise CellError(INVALID_DATE) from error
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def date_text(found: datetime, *, is_moment: bool) -> str:
    """Return a date in ISO 8601; with its time in UTC if ``is_moment``, or if it has one."""
    if is_moment or found.time() != time.min:
        return f"{found.isoformat()}Z"
    return found.date().isoformat()


def number_format(book, style: int) -> str | None:
    """Return the number format of a style; None where it depends on the reader's language."""
    number = book._cell_styles[style].numFmtId
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return LOCAL_FORMATS.get(number) or BUILTIN_FORMATS.get(number)
    return book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE]


def shows_time(code: str | None) -> bool:
    """Return whether a format shows hours or seconds."""
    return bool({"h", "s"} & set(NO_TIME_LETTERS.sub("", code or "").casefold()))


def parse_number(content: str) -> float:
    """Return the number of a cell's content; raises CellError."""
    try:
        value = int(content) if content.isdecimal() and len(content) < 16 else float(content)
    except ValueError as error:
        raise CellError(INVALID_NUMBER) from error
    if not isfinite(value):
        raise CellError(INVALID_NUMBER)
    return int(value) if value == int(value) else value


def number_text(value: float) -> str:
    """Return a number in digits, without ``.0`` and without an exponent."""
    return str(value) if isinstance(value, int) else f"{Decimal(repr(value)):f}"


def unescape(text: str) -> str:
    """Return text with escapes such as ``_x000D_`` replaced; raises CellError."""
    if "_x" not in text:
        return text
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if problem := forbidden_character(text):
        raise CellError(problem)
    return text
