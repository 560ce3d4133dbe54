"""Rows pasted from a spreadsheet, as a file.

A spreadsheet copies cells as text between tabs, and puts quotation marks only around a cell of
several lines. Those within another cell are part of its text.
"""

import csv
import re
from collections.abc import Iterator
from io import StringIO

# A cell of several lines within quotation marks, or whatever stands up to a tab or a line end.
CELL = re.compile(r'"((?:[^"]|"")*\n(?:[^"]|"")*)"(?=[\t\n]|\Z)|([^\t\n]*)')


def pasted_rows(text: str) -> Iterator[list[str]]:
    """Yield the rows of a pasted text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    row: list[str] = []
    start = 0
    while found := CELL.match(text, start):
        lines, bare = found.groups()
        row.append(bare if lines is None else lines.replace('""', '"'))
        start = found.end() + 1
        if text[found.end() : start] != "\t":
            yield row
            row = []
        if found.end() == len(text):
            return


def pasted_file(text: str) -> bytes:
    """Return pasted rows as a CSV file."""
    file = StringIO(newline="")
    csv.writer(file).writerows(pasted_rows(text))
    return file.getvalue().encode()
