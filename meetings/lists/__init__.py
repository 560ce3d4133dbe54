"""Filters of the lists (django-filter), with facets: each value with its number of results."""

from .facets import (
    AllValuesFacet,
    CountryFacet,
    Facet,
    LanguageFacet,
    TextFacet,
    YearFacet,
)
from .related_facets import RelatedFacet

__all__ = [
    "AllValuesFacet",
    "CountryFacet",
    "Facet",
    "LanguageFacet",
    "RelatedFacet",
    "TextFacet",
    "YearFacet",
]
