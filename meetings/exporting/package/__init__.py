"""The record as a Data Package: a CSV file of raw cells for each table, in order of the key.

``datapackage.json`` describes the files. The same record gives the same bytes. Beside it the same
tables as a workbook and as a database.
"""

from .made_ahead import make_ahead
from .public_files import CHUNK_BYTES, FORMATS, NotMadeYet, PublicFile, public_file
from .writing import PackageError, write

__all__ = [
    "CHUNK_BYTES",
    "FORMATS",
    "NotMadeYet",
    "PackageError",
    "PublicFile",
    "make_ahead",
    "public_file",
    "write",
]
