"""CSV files for people to open: RFC 4180 in UTF-8, in which a spreadsheet runs no formula."""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from io import StringIO

from .registry import Table
from .resources import is_text_column

# What a spreadsheet takes for a formula, and the apostrophe that keeps it from doing so.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "'")
# Without it, most spreadsheets take UTF-8 for an older encoding.
BYTE_ORDER_MARK = "\ufeff"


def csv_pieces(
    header: Iterable[str], batches: Iterable[Iterable[Iterable[str]]], table: Table | None = None
) -> Iterator[str]:
    """Yield a CSV file in pieces: byte order mark and header, then the rows of each batch."""
    yield BYTE_ORDER_MARK + csv_text([header])
    for rows in batches:
        yield csv_text(rows, table)


def csv_text(rows: Iterable[Iterable[str]], table: Table | None = None) -> str:
    """Return rows as CSV (RFC 4180), with formulas escaped.

    With ``table``, only its columns of text are escaped: a number below zero begins with a sign
    and is no formula.
    """
    text = StringIO(newline="")
    typed = typed_column_indexes(table) if table else frozenset()
    csv.writer(text).writerows(
        [cell if index in typed else escape_formula(cell) for index, cell in enumerate(row)]
        for row in rows
    )
    return text.getvalue()


@cache
def typed_column_indexes(table: Table) -> frozenset[int]:
    """Return the indexes of the columns that hold numbers, dates, slugs or choices."""
    return frozenset(
        index for index, name in enumerate(table.columns) if not is_text_column(table, name)
    )


def escape_formula(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet could read as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def unescape_formula(text: str) -> str:
    """Return a cell without the apostrophe that ``escape_formula`` put before it."""
    if "'" not in text:
        return text
    stripped = text.strip()
    is_escaped = stripped.startswith("'") and stripped[1:].startswith(FORMULA_SIGNS)
    return stripped[1:] if is_escaped else text
