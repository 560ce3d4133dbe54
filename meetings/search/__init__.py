"""Full-text search of the published record.

``terms`` parses what was typed, ``expressions`` writes it in the syntax of each database, ``query``
finds and ranks, ``results`` and ``excerpts`` show, ``suggestions`` corrects spelling. ``documents``
says what is searched, ``index`` keeps it up to date, ``normalize`` makes words comparable.
"""

from .query import SORT_LABELS, RankedMatches, SearchMatches
from .results import Result, results
from .suggestions import suggest
from .terms import MAX_TERMS, Query

__all__ = [
    "MAX_TERMS",
    "SORT_LABELS",
    "Query",
    "RankedMatches",
    "Result",
    "SearchMatches",
    "results",
    "suggest",
]
