"""Corpus of good files, with the rows that they give, and bad ones, with their problems.

``records`` has the rows that the files refer to; the other modules make files.
"""

from .bad_cells import BAD_CELLS
from .bad_formats import BAD_FORMATS
from .bad_packs import BAD_PACKS
from .bad_rows import BAD_ROWS
from .bad_workbooks import BAD_WORKBOOKS
from .good_files import GOOD_FILES
from .good_packs import GOOD_PACKS
from .good_values import GOOD_VALUES
from .good_workbooks import GOOD_WORKBOOKS

BAD = [*BAD_CELLS, *BAD_ROWS, *BAD_FORMATS, *BAD_WORKBOOKS, *BAD_PACKS]
GOOD = [*GOOD_VALUES, *GOOD_FILES, *GOOD_WORKBOOKS, *GOOD_PACKS]
