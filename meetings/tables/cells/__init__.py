"""The widgets of the resources: each parses a cell strictly, and formats it in one way.

``clean`` returns the value that a model holds and raises ValidationError, which says what to do;
``render`` returns the canonical form of a value. The rules are those of the codebook.
"""

from .base import CellKind, Suggestion, closest_match
from .texts import (
    MAX_CELL_CHARACTERS,
    SEPARATOR,
    ChoiceWidget,
    CountryWidget,
    SlugListWidget,
    SlugWidget,
    TextWidget,
)
from .values import (
    MAX_INTEGER,
    CoordinateWidget,
    DateTimeWidget,
    DateWidget,
    IntegerWidget,
)

__all__ = [
    "MAX_CELL_CHARACTERS",
    "MAX_INTEGER",
    "SEPARATOR",
    "CellKind",
    "ChoiceWidget",
    "CoordinateWidget",
    "CountryWidget",
    "DateTimeWidget",
    "DateWidget",
    "IntegerWidget",
    "SlugListWidget",
    "SlugWidget",
    "Suggestion",
    "TextWidget",
    "closest_match",
]
