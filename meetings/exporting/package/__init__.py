"""The record as a Data Package: a CSV file of raw cells for each table, in order of the key.

``datapackage.json`` describes the files. The same record gives the same bytes.
"""

from .made_ahead import make_ahead
from .writing import PackageError, write
from .zip_cache import NotMadeYet, PublicZip, public_zip

__all__ = ["NotMadeYet", "PackageError", "PublicZip", "make_ahead", "public_zip", "write"]
