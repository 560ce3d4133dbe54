"""The public record as a workbook: a sheet for each table."""

from typing import BinaryIO

from ...tables.isolation import consistent_read
from ...tables.registry import TABLES
from ...tables.xlsx import Sheet, columns_of, xlsx_pieces
from ..downloads import table_batches


def write_workbook(stream: BinaryIO) -> None:
    """Write the public rows of all tables, read at one moment, to a stream."""
    sheets = (Sheet(table.name, columns_of(table), table_batches(table)) for table in TABLES)
    with consistent_read():
        for piece in xlsx_pieces(sheets):
            stream.write(piece)
