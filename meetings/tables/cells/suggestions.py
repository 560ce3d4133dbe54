"""What people mean by a value that cannot be read: the nearest that can."""

from contextlib import suppress
from datetime import datetime
from difflib import get_close_matches

from django.core.exceptions import ValidationError

LONGEST_NAME = 300
# Codes that people write for others; ISO 3166-1 reserves them.
COUNTRIES = {"UK": "GB", "EL": "GR"}
TRUTHS = {"yes": "true", "1": "true", "no": "false", "0": "false"}
# Days that can be meant in one way only.
DAYS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")


class Suggestion(ValidationError):
    """A value that cannot be read, with the nearest that can."""

    def __init__(self, message: str, suggestion: str = ""):
        super().__init__(message)
        self.suggestion = suggestion


def nearest(value: str, known) -> str:
    """Return the known value that is most like one, or nothing; of a long text there is none."""
    if len(value) > LONGEST_NAME:
        return ""
    folded = {name.casefold(): name for name in known}
    found = get_close_matches(value.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


def day_meant(text: str) -> str:
    """Return the day that a text names in another way, if it can mean no other."""
    for form in DAYS if text.isascii() and len(text) < LONGEST_NAME else ():
        with suppress(ValueError):
            return datetime.strptime(text, form).date().isoformat()
    return ""
