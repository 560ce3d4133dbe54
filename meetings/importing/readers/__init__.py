"""Files read into the rows of tables: CSV, XLSX, folders and zips of them.

A reader yields text; what a cell means is for ``meetings.tables.cells``.
"""

from .columns import MOST_HEADER_CELLS, header_digest, is_added_by_lists
from .csv_files import DELIMITERS
from .files import Reading, digest_of, open_sheets
from .header import Sheet, header_names
from .limits import Limits
from .zip_safety import unpacked_size

__all__ = [
    "DELIMITERS",
    "MOST_HEADER_CELLS",
    "Limits",
    "Reading",
    "Sheet",
    "digest_of",
    "header_digest",
    "header_names",
    "is_added_by_lists",
    "open_sheets",
    "unpacked_size",
]
