"""What all cell widgets share: the kind of a cell, its canonical form, and suggestions."""

from collections.abc import Iterable
from difflib import get_close_matches
from enum import Enum, auto

from django.core.exceptions import ValidationError
from import_export import widgets

SUGGESTED_VALUE_CHARACTERS = 300


class CellKind(Enum):
    """What the cells of a column hold; a spreadsheet has types of its own for all but text."""

    TEXT = auto()
    NUMBER = auto()
    BOOLEAN = auto()
    DATE = auto()
    DATETIME = auto()


class CellWidget(widgets.Widget):
    """A widget that writes each value in one canonical form, and reads that form without checks."""

    kind = CellKind.TEXT

    def canonical(self, text: str) -> str:
        """Return the canonical form of a typed cell; raises ValidationError."""
        return self.render(self.clean(text))

    def value(self, cell: str):
        """Return the value of a cell in canonical form; nothing is checked."""
        return cell


class Suggestion(ValidationError):
    """An invalid value, with the closest valid one where there is one.

    ``is_certain`` is whether nothing else can be meant, so that it may be taken unasked.
    """

    def __init__(self, message: str, suggestion: str = "", *, is_certain: bool = False):
        super().__init__(message)
        self.suggestion = suggestion
        self.is_certain = is_certain and bool(suggestion)


def closest_match(value: str, known: Iterable[str]) -> str:
    """Return the known value that is most like one, or an empty text; for a long text always so."""
    if len(value) > SUGGESTED_VALUE_CHARACTERS:
        return ""
    folded = {name.casefold(): name for name in known}
    found = get_close_matches(value.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""
