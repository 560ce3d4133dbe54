"""References to a page of the record, or to a source, for bibliographies.

``works`` holds what a reference says, ``styles`` writes it for readers, ``file_formats`` and
``coins`` for programs.
"""

from .coins import coins
from .file_formats import FILE_FORMATS, bibtex
from .styles import apa, chicago
from .works import Work, dataset_work, source_work, work_of

__all__ = [
    "FILE_FORMATS",
    "Work",
    "apa",
    "bibtex",
    "chicago",
    "coins",
    "dataset_work",
    "source_work",
    "work_of",
]
