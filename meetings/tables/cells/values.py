"""Widgets for numbers, coordinates, booleans, dates and times."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from import_export import widgets

from .base import SUGGESTED_VALUE_CHARACTERS, CellKind, CellWidget, Suggestion

DIGITS = re.compile(r"[0-9]{1,10}")
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,6})?")
# What programs make of a number: 46.0, 60.16990000000001, 60,1699.
WHOLE_DECIMAL = re.compile(r"([0-9]{1,10})[.,]0+")
LONG_DEGREES = re.compile(r"(-?[0-9]{1,3})[.,]([0-9]{1,20})")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)
# What programs make of a day and of a time: 20180716, 2018-07-16 00:00:00, 2018-07-16 09:30:00+00.
COMPACT_DATE = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})")
MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]00:00(:00(\.0+)?)?")
LOOSE_DATETIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r" ?(?:(Z)|([+-][0-9]{2}):?([0-9]{2})?)"
)
# A year or a month alone, also as in EDTF (2018-07-XX).
PARTIAL_DATE = re.compile(
    r"[0-9]{4}(-([0-9]{2}|XX)(-(00|XX))?)?[?~%]?|[^\W\d]{3,9},? [0-9]{4}", re.IGNORECASE
)
# Days as spreadsheets count them: of the years from 1954 to 2064.
SERIAL_DATE = re.compile(r"[2-5][0-9]{4}")
FIRST_SERIAL = date(1899, 12, 30)
# The largest value of a PositiveIntegerField, in both databases.
MAX_INTEGER = 2_147_483_647
# Formats in which a date has one meaning only, so that its ISO form can be suggested.
UNAMBIGUOUS_DATE_FORMATS = (
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
)


class IntegerWidget(CellWidget, widgets.IntegerWidget):
    """A whole number of 0 or more."""

    kind = CellKind.NUMBER

    def clean(self, value, row=None, **kwargs):
        text = (value or "").strip()
        if not text:
            return None
        if not DIGITS.fullmatch(text) or int(text) > MAX_INTEGER:
            whole = WHOLE_DECIMAL.fullmatch(text)
            raise Suggestion(
                f"Enter a whole number from 0 to {MAX_INTEGER:,}, in digits alone.",
                whole[1] if whole and int(whole[1]) <= MAX_INTEGER else "",
                is_certain=True,
            )
        return int(text)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)

    def value(self, cell):
        return int(cell) if cell else None


class CoordinateWidget(CellWidget, widgets.DecimalWidget):
    """A coordinate in degrees, without trailing zeros."""

    kind = CellKind.NUMBER

    def clean(self, value, row=None, **kwargs):
        text = (value or "").strip()
        if not text:
            return None
        if not DEGREES.fullmatch(text):
            raise Suggestion(
                "Enter degrees with a point and at most six decimals: -77.036871.",
                suggested_degrees(text),
                is_certain=True,
            )
        return Decimal(text) + 0  # Minus zero is zero.

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else f"{Decimal(value).normalize() + 0:f}"

    def value(self, cell):
        return Decimal(cell) if cell else None


class DateWidget(CellWidget, widgets.DateWidget):
    """A date as YYYY-MM-DD (ISO 8601) and nothing else.

    ``note`` is the column that says how far a date is known, in tables with one.
    """

    kind = CellKind.DATE

    def __init__(self, note: str = ""):
        super().__init__()
        self.note = note

    def clean(self, value, row=None, **kwargs):
        text = (value or "").strip()
        if not text:
            return None
        if not DATE.fullmatch(text) or text.endswith("-00"):
            raise self.refusal(text)
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(f"There is no day {text}. Enter it as 2018-07-16.") from error

    def refusal(self, text: str) -> Suggestion:
        """Return what is wrong with a text that is no day in the right form."""
        if PARTIAL_DATE.fullmatch(text) and not COMPACT_DATE.fullmatch(text):
            where = f" Say in “{self.note}” how far it is known." if self.note else ""
            return Suggestion(f"Enter the date as 2018-07-16, with its day.{where}")
        says = "Enter the date as 2018-07-16."
        if SERIAL_DATE.fullmatch(text):
            return Suggestion(says, (FIRST_SERIAL + timedelta(days=int(text))).isoformat())
        return Suggestion(says, suggested_date(text), is_certain=True)

    def render(self, value, obj=None, **kwargs):
        return value.isoformat() if value else ""

    def value(self, cell):
        return date.fromisoformat(cell) if cell else None


class DateTimeWidget(CellWidget, widgets.DateTimeWidget):
    """A time with its offset; written in UTC with ``Z``."""

    kind = CellKind.DATETIME

    def clean(self, value, row=None, **kwargs):
        text = (value or "").strip()
        if not text:
            return None
        try:
            moment = parse_datetime(text) if DATETIME.fullmatch(text) else None
            if moment is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            # A day, an hour or an offset that does not exist gets the same message.
            moment = None
        raise Suggestion(
            "Enter the time as 2026-11-22T09:00Z, or with an offset: +03:00.",
            suggested_time(text),
            is_certain=True,
        )

    def render(self, value: datetime | None, obj=None, **kwargs):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else ""

    def value(self, cell):
        return datetime.fromisoformat(cell) if cell else None


def suggested_date(text: str) -> str:
    """Return the ISO form of a date in another unambiguous format, or an empty text."""
    if not text.isascii() or len(text) >= SUGGESTED_VALUE_CHARACTERS:
        return ""
    if found := MIDNIGHT.fullmatch(text):
        text = found[1]
    elif found := COMPACT_DATE.fullmatch(text):
        text = "-".join(found.groups())
    for date_format in UNAMBIGUOUS_DATE_FORMATS:
        with suppress(ValueError):
            return datetime.strptime(text, date_format).date().isoformat()
    return ""


def suggested_time(text: str) -> str:
    """Return the form in which a time with an offset is written, or an empty text."""
    found = LOOSE_DATETIME.fullmatch(text)
    if found is None:
        return ""
    day, time, utc, hours, minutes = found.groups()
    return f"{day}T{time}{utc}" if utc else f"{day}T{time}{hours}:{minutes or '00'}"


def suggested_degrees(text: str) -> str:
    """Return degrees with a point and six decimals, or an empty text."""
    found = LONG_DEGREES.fullmatch(text)
    if found is None:
        return ""
    degrees = round(Decimal(f"{found[1]}.{found[2]}"), 6).normalize() + 0
    return f"{degrees:f}"
