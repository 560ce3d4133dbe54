"""Files read into the rows of tables: CSV, XLSX, folders and zips of them.

A reader yields text; what a cell means is for ``meetings.tables.cells``.
"""

from .files import digest_of, open_sheets
from .header import Sheet
from .limits import Limits
from .zip_safety import unpacked_size

__all__ = ["Limits", "Sheet", "digest_of", "open_sheets", "unpacked_size"]
