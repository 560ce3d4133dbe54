"""The codebook: what each table, column and value of the record means, for whoever reads the data.

What can be told from the tables and their fields is; ``words`` has the rest.
"""

from .descriptions import ROWS
from .sections import Column, Meaning, Section, meaning, sections

__all__ = ["ROWS", "Column", "Meaning", "Section", "meaning", "sections"]
