"""The codebook: what each table, column and value of the record means.

``sections`` reads what it can from the tables and their fields; ``descriptions`` has the rest.
"""

from .descriptions import ROW_DESCRIPTIONS
from .sections import Column, Meaning, Section, column_meaning, sections

__all__ = ["ROW_DESCRIPTIONS", "Column", "Meaning", "Section", "column_meaning", "sections"]
