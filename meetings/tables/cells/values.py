"""Widgets for numbers, coordinates, booleans, dates and times."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from import_export import widgets

from .base import SUGGESTED_VALUE_CHARACTERS, CellKind, CellWidget, Suggestion

DIGITS = re.compile(r"[0-9]{1,10}")
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,6})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)
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
            raise ValidationError(
                f"Enter a whole number from 0 to {MAX_INTEGER:,}, in digits alone."
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
            raise ValidationError(
                "Enter degrees with a point and at most six decimals: -77.036871."
            )
        return Decimal(text) + 0  # Minus zero is zero.

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else f"{Decimal(value).normalize() + 0:f}"

    def value(self, cell):
        return Decimal(cell) if cell else None


class DateWidget(CellWidget, widgets.DateWidget):
    """A date as YYYY-MM-DD (ISO 8601) and nothing else."""

    kind = CellKind.DATE

    def clean(self, value, row=None, **kwargs):
        text = (value or "").strip()
        if not text:
            return None
        if not DATE.fullmatch(text):
            raise Suggestion("Enter the date as 2018-07-16.", suggested_date(text))
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(f"There is no day {text}. Enter it as 2018-07-16.") from error

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
        raise ValidationError("Enter the time as 2026-11-22T09:00Z, or with an offset: +03:00.")

    def render(self, value: datetime | None, obj=None, **kwargs):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else ""

    def value(self, cell):
        return datetime.fromisoformat(cell) if cell else None


def suggested_date(text: str) -> str:
    """Return the ISO form of a date in another unambiguous format, or an empty text."""
    if not text.isascii() or len(text) >= SUGGESTED_VALUE_CHARACTERS:
        return ""
    for date_format in UNAMBIGUOUS_DATE_FORMATS:
        with suppress(ValueError):
            return datetime.strptime(text, date_format).date().isoformat()
    return ""
