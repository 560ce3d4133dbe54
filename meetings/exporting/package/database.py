"""The public record as a database of SQLite: typed tables with their keys.

A column of several slugs is text as in a CSV file; beside it is a table of its pairs, such as
``meetings_sources``, for joins.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from ...tables.cells import SEPARATOR
from ...tables.isolation import consistent_read
from ...tables.registry import TABLES, TABLES_BY_MODEL, Table
from ...tables.rows import Cells
from .. import codebook
from ..downloads import cell_value, table_batches
from .fields import is_never_empty

TYPES = {"PositiveIntegerField": "INTEGER", "DecimalField": "REAL"}


def write_database(stream: BinaryIO) -> None:
    """Write the public rows of all tables, read at one moment, to a stream."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "record.sqlite"
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            # Nothing is lost: a file that is not written to its end is thrown away.
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
            with consistent_read():
                for table in TABLES:
                    write_table(database, table)
            database.execute("COMMIT")
        with path.open("rb") as written:
            shutil.copyfileobj(written, stream)


def write_table(database: sqlite3.Connection, table: Table) -> None:
    """Write one table with its rows, and the tables of its pairs."""
    for statement in statements(table):
        database.execute(statement)
    marks = ", ".join("?" * len(table.columns))
    for batch in table_batches(table):
        database.executemany(
            f"INSERT INTO {quoted(table.name)} VALUES ({marks})",
            [values(table, cells) for cells in batch],
        )
        for column in table.many_to_many:
            marks_of_pair = ", ".join("?" * (len(table.key) + 1))
            database.executemany(
                f"INSERT INTO {quoted(pairs_name(table, column))} VALUES ({marks_of_pair})",
                pairs(table, column, batch),
            )


def values(table: Table, cells: Cells) -> list[Any]:
    """Return the values of a row; a column of several slugs is text, and empty is NULL."""
    return [
        cell or None if name in table.many_to_many else cell_value(table.field(name), cell)
        for name, cell in zip(table.columns, cells, strict=True)
    ]


def pairs(table: Table, column: str, rows: Iterable[Cells]) -> Iterator[list[Any]]:
    """Yield a row's key with each slug in its column of several."""
    index = table.columns.index(column)
    keys = [(table.columns.index(name), table.field(name)) for name in table.key]
    for cells in rows:
        for slug in filter(None, cells[index].split(SEPARATOR)):
            yield [*(cell_value(field, cells[place]) for place, field in keys), slug]


def statements(table: Table) -> Iterator[str]:
    """Yield the statements that make a table, and those of its pairs."""
    lines = [column_line(table, name) for name in table.columns]
    lines.append(f"PRIMARY KEY ({names(table.key)})")
    lines += [foreign_key([name], model) for name, model in table.foreign_keys.items()]
    yield create(table.name, lines)
    for column, model in table.many_to_many.items():
        # A key of one slug is named after its table: meeting, source.
        own = [str(table.model._meta.model_name)] if len(table.key) == 1 else [*table.key]
        other = str(model._meta.model_name)
        lines = [
            f"{quoted(name)} {type_of(table, key)} NOT NULL"
            for name, key in zip(own, table.key, strict=True)
        ]
        lines += [
            f"{quoted(other)} TEXT NOT NULL",
            f"PRIMARY KEY ({names([*own, other])})",
            f"FOREIGN KEY ({names(own)}) REFERENCES {quoted(table.name)} ({names(table.key)})",
            foreign_key([other], model),
        ]
        yield create(pairs_name(table, column), lines)


def create(name: str, lines: list[str]) -> str:
    inside = ",\n  ".join(lines)
    return f"CREATE TABLE {quoted(name)} (\n  {inside}\n)"


def column_line(table: Table, name: str) -> str:
    """Return the definition of a column: type, whether it may be empty, and its choices."""
    line = f"{quoted(name)} {type_of(table, name)}"
    if name in table.key or is_never_empty(table, name, published=True):
        line += " NOT NULL"
    if name in table.foreign_keys or name in table.many_to_many:
        return line
    codes = [value for value, _ in codebook.column_meaning(table, name).values]
    if codes:
        listed = ", ".join(f"'{code}'" for code in codes)
        line += f" CHECK ({quoted(name)} IN ({listed}))"
    return line


def type_of(table: Table, name: str) -> str:
    return TYPES.get(table.field(name).get_internal_type(), "TEXT")


def foreign_key(columns: list[str], model: Any) -> str:
    target = TABLES_BY_MODEL[model].name
    return f'FOREIGN KEY ({names(columns)}) REFERENCES {quoted(target)} ("slug")'


def pairs_name(table: Table, column: str) -> str:
    return f"{table.name}_{column}"


def names(columns: Iterable[str]) -> str:
    return ", ".join(map(quoted, columns))


def quoted(name: str) -> str:
    return f'"{name}"'
