"""One cell of a file, read strictly and written in one form: the widgets of the resources.

``clean`` returns the value that a model holds and raises ValidationError, which says what to do;
``render`` returns the one way to write a value. The rules are those of the codebook.
"""

from .base import Kind
from .suggestions import Suggestion, nearest
from .texts import (
    LONGEST,
    SEPARATOR,
    ChoiceWidget,
    CountryWidget,
    SlugsWidget,
    SlugWidget,
    TextWidget,
)
from .values import MOST, DayWidget, DegreesWidget, MomentWidget, NumberWidget, TruthWidget

__all__ = [
    "LONGEST",
    "MOST",
    "SEPARATOR",
    "ChoiceWidget",
    "CountryWidget",
    "DayWidget",
    "DegreesWidget",
    "Kind",
    "MomentWidget",
    "NumberWidget",
    "SlugWidget",
    "SlugsWidget",
    "Suggestion",
    "TextWidget",
    "TruthWidget",
    "nearest",
]
