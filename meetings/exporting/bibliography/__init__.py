"""How a page of the record, or a source, is cited: what a reference says, and its forms.

``works`` says what a reference says, ``styles`` writes it for readers, ``files`` for programs.
"""

from .files import FILES, bibtex
from .styles import apa, chicago
from .works import Work, dataset_work, work_of

__all__ = ["FILES", "Work", "apa", "bibtex", "chicago", "dataset_work", "work_of"]
