"""Cells of numbers, truths, days and moments."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from import_export import widgets

from .base import Cells, Kind
from .suggestions import TRUTHS, Suggestion, day_meant, nearest

DIGITS = re.compile(r"[0-9]{1,10}")
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,6})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)
MOST = 2_147_483_647


class NumberWidget(Cells, widgets.IntegerWidget):
    """A whole number of 0 or more."""

    kind = Kind.NUMBER

    def clean(self, value, row=None, **kwargs):
        text = (value or "").strip()
        if not text:
            return None
        if not DIGITS.fullmatch(text) or int(text) > MOST:
            raise ValidationError(f"Enter a whole number from 0 to {MOST:,}, in digits alone.")
        return int(text)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)

    def value(self, cell):
        return int(cell) if cell else None


class DegreesWidget(Cells, widgets.DecimalWidget):
    """A coordinate, without trailing zeros."""

    kind = Kind.NUMBER

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


class TruthWidget(Cells, widgets.BooleanWidget):
    """``true`` or ``false``, in any case; empty is false."""

    kind = Kind.TRUTH

    def clean(self, value, row=None, **kwargs):
        word = (value or "false").strip().lower() or "false"
        if word not in {"true", "false"}:
            meant = TRUTHS.get(word) or nearest(word, ("true", "false"))
            raise Suggestion("Enter true or false.", meant)
        return word == "true"

    def render(self, value, obj=None, **kwargs):
        return "true" if value else "false"

    def value(self, cell):
        return cell == "true"


class DayWidget(Cells, widgets.DateWidget):
    """A date as YYYY-MM-DD (ISO 8601) and nothing else."""

    kind = Kind.DAY

    def clean(self, value, row=None, **kwargs):
        text = (value or "").strip()
        if not text:
            return None
        if not DAY.fullmatch(text):
            raise Suggestion("Enter the date as 2018-07-16.", day_meant(text))
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(f"There is no day {text}. Enter it as 2018-07-16.") from error

    def render(self, value, obj=None, **kwargs):
        return value.isoformat() if value else ""

    def value(self, cell):
        return date.fromisoformat(cell) if cell else None


class MomentWidget(Cells, widgets.DateTimeWidget):
    """A time with its offset; written in UTC with ``Z``."""

    kind = Kind.MOMENT

    def clean(self, value, row=None, **kwargs):
        text = (value or "").strip()
        if not text:
            return None
        try:
            moment = parse_datetime(text) if MOMENT.fullmatch(text) else None
            if moment is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            # A day, an hour or an offset that there is not: told in the same words.
            moment = None
        raise ValidationError("Enter the time as 2026-11-22T09:00Z, or with an offset: +03:00.")

    def render(self, value: datetime | None, obj=None, **kwargs):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else ""

    def value(self, cell):
        return datetime.fromisoformat(cell) if cell else None
