"""Filters of the lists (django-filter), with facets: each value with its number of results."""

from .facets import (
    AllValuesFacet,
    CountryFacet,
    DayFacet,
    Facet,
    KindFacet,
    LanguageFacet,
    SpeakerCountryFacet,
    TextFacet,
    YearFacet,
)
from .related_facets import RelatedFacet

__all__ = [
    "AllValuesFacet",
    "CountryFacet",
    "DayFacet",
    "Facet",
    "KindFacet",
    "LanguageFacet",
    "RelatedFacet",
    "SpeakerCountryFacet",
    "TextFacet",
    "YearFacet",
]
