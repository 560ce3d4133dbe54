"""The moment that a reader names in an address, to ask what changed since."""

from datetime import UTC, datetime

from django.utils.dateparse import parse_date, parse_datetime


def moment_of(text: str) -> datetime | None:
    """Return a day or a time as a moment, in UTC unless it says otherwise; None for neither."""
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
        if day:
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        # A day that there is not, or a time before the first year once it is in UTC.
        return None
