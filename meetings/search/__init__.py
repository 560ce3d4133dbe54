"""One search over the published record: what was typed, what is found, how it is shown.

``terms`` reads what was typed, ``expressions`` says it in each database's own syntax, ``query``
asks and ranks, ``results`` and ``excerpts`` show, ``suggestions`` corrects spelling. ``documents``
are what is searched, ``index`` keeps them, ``normalize`` makes words comparable.
"""

from .query import SORTS, Found, Ranked
from .results import Result, results
from .suggestions import suggestion
from .terms import MOST, Query

__all__ = ["MOST", "SORTS", "Found", "Query", "Ranked", "Result", "results", "suggestion"]
