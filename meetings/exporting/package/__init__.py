"""The record as a Data Package: a CSV file of raw cells for each table, in order of the key.

``datapackage.json`` describes the files. The same record gives the same bytes.
"""

from .writing import PackageError, write
from .zip_cache import PublicZip, public_zip

__all__ = ["PackageError", "PublicZip", "public_zip", "write"]
