"""CSV files for people to open: RFC 4180 in UTF-8, in which a spreadsheet runs no formula."""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from io import StringIO

from .registry import Table
from .resources import is_text

# What a spreadsheet would take for a formula, and the apostrophe that keeps it from doing so.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "'")
# What tells a spreadsheet that a file is UTF-8: without it, most take it for an older encoding.
BYTE_ORDER_MARK = "\ufeff"


def csv_pieces(
    header: Iterable[str], batches: Iterable[Iterable[Iterable[str]]], table: Table | None = None
) -> Iterator[str]:
    """Yield a CSV file for people to open: byte order mark, header, rows batch by batch."""
    yield BYTE_ORDER_MARK + csv_text([header])
    for rows in batches:
        yield csv_text(rows, table)


def csv_text(rows: Iterable[Iterable[str]], table: Table | None = None) -> str:
    """Return rows as CSV (RFC 4180) that a spreadsheet opens without running anything.

    Where ``table`` says what the columns hold, numbers stay numbers: those below zero begin with a
    sign, and no formula.
    """
    text = StringIO(newline="")
    typed = typed_places(table) if table else frozenset()
    csv.writer(text).writerows(
        [cell if place in typed else harmless(cell) for place, cell in enumerate(row)]
        for row in rows
    )
    return text.getvalue()


@cache
def typed_places(table: Table) -> frozenset[int]:
    """Return the places of the columns that hold no text, but numbers, dates, slugs or choices."""
    columns = enumerate(table.columns)
    return frozenset(place for place, name in columns if not is_text(table, name))


def harmless(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet could read as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def unharmed(text: str) -> str:
    """Return a cell without the apostrophe that a download put before what looks like a formula."""
    if "'" not in text:
        return text
    stripped = text.strip()
    is_harmless = stripped.startswith("'") and stripped[1:].startswith(FORMULA_SIGNS)
    return stripped[1:] if is_harmless else text
