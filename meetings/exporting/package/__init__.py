"""The record written out as a Data Package: a CSV file for each table, raw, in order of the key.

Beside them ``datapackage.json`` says what they are. The same record gives the same bytes.
"""

from .shared import Zip, public_zip
from .writing import CannotWrite, write

__all__ = ["CannotWrite", "Zip", "public_zip", "write"]
