"""One search over the published record: what was typed, what is found, how it is shown.

``terms`` reads what was typed, ``expressions`` says it in each database's own syntax, ``found``
asks and ranks, ``results`` and ``excerpts`` show, ``suggestions`` mends spelling.
"""

from .found import SORTS, Found, Ranked
from .results import Result, results
from .suggestions import suggestion
from .terms import MOST, Query

__all__ = ["MOST", "SORTS", "Found", "Query", "Ranked", "Result", "results", "suggestion"]
