"""One filter of a list: what values it knows, how it narrows, how many results each would give."""

from .facets import CountryFacet, Facet, LanguageFacet, OpenFacet, TruthFacet, WordsFacet, YearFacet
from .related_facets import RelatedFacet

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
