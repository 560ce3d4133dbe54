"""One filter of a list: what values it knows, how it narrows, how many results each would give."""

from .columns import (
    CountryFacet,
    Facet,
    LanguageFacet,
    OpenFacet,
    TruthFacet,
    WordsFacet,
    YearFacet,
)
from .entries import RelatedFacet

__all__ = [
    "CountryFacet",
    "Facet",
    "LanguageFacet",
    "OpenFacet",
    "RelatedFacet",
    "TruthFacet",
    "WordsFacet",
    "YearFacet",
]
