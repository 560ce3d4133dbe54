"""Writing the files: raw cells as CSV, into a folder or a zip, all of it or nothing."""

import csv
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from io import StringIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import connection, connections, transaction

from ...tables.registry import TABLES, Table
from ...tables.rows import Cells, table_rows
from ..downloads import table_batches
from . import descriptor
from .descriptor import File

BATCH_ROWS = 1_000
# No file of a zip has a time: the same record is to give the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)
ZIP = ".zip"

# Opens a file of a folder or a zip by its name, for writing bytes.
Opener = Callable[[str], AbstractContextManager[IO[bytes]]]


class CannotWrite(Exception):
    """A place to which the record cannot be written, and what to do."""


def write(path: Path, tables: Sequence[Table] = TABLES, *, published: bool = False) -> list[File]:
    """Write tables to a folder or, where the name ends in .zip, a zip; return the files.

    An earlier export there is replaced, once the new one is whole. Raises CannotWrite where
    something else is in the way.
    """
    path = path.resolve()
    is_zip = path.suffix.lower() == ZIP
    refuse_other_things(path, is_zip=is_zip)
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as name:
        made = Path(name) / "export"
        if is_zip:
            with made.open("wb") as stream:
                files = write_zip(stream, tables, published=published)
                finish(stream)
            made.replace(path)
        else:
            made.mkdir()
            files = write_files(folder_opener(made), tables, published=published)
            swap(made, path)
    return files


def refuse_other_things(path: Path, *, is_zip: bool) -> None:
    """Raise CannotWrite where the path is of another kind, or holds what no export wrote."""
    if is_zip:
        if path.is_dir():
            raise CannotWrite(f"{path} is a folder. Give the zip another name.")
        return
    if path.exists() and not path.is_dir():
        raise CannotWrite(f"{path} is a file. Name a folder, or a file that ends in .zip.")
    own = {descriptor.NAME, *(f"{table.name}.csv" for table in TABLES)}
    others = sorted({file.name for file in path.iterdir()} - own) if path.is_dir() else []
    if others:
        raise CannotWrite(
            f"{path} holds other files ({', '.join(others[:5])}). Name a folder that is empty, new"
            " or an earlier export."
        )


def swap(made: Path, path: Path) -> None:
    """Put a folder in the place of another, which is there again if that fails."""
    old = made.with_name("old")
    if path.exists():
        path.replace(old)
    try:
        made.replace(path)
    except OSError:
        if old.exists():
            old.replace(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_zip(stream: BinaryIO, tables: Sequence[Table], *, published: bool) -> list[File]:
    """Write the files of tables as one zip to a stream; return what was written."""
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:

        def opener(name: str) -> AbstractContextManager[IO[bytes]]:
            info = ZipInfo(name, NO_TIME)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            # A table may have more than two gigabytes; nobody knows before it is written.
            return archive.open(info, "w", force_zip64=True)

        return write_files(opener, tables, published=published)


def folder_opener(folder: Path) -> Opener:
    """Return what opens the files of a folder."""

    @contextmanager
    def opener(name: str) -> Iterator[IO[bytes]]:
        with (folder / name).open("wb") as stream:
            yield stream
            finish(stream)

    return opener


def finish(stream: BinaryIO) -> None:
    """Have what was written reach the disk, before it takes the place of anything."""
    stream.flush()
    os.fsync(stream.fileno())


def write_files(opener: Opener, tables: Sequence[Table], *, published: bool) -> list[File]:
    """Write a CSV file for each table, as they all are at one moment, and the descriptor."""
    with one_moment():
        files = []
        for table in tables:
            with opener(f"{table.name}.csv") as stream:
                files.append(write_table(table, cells_of(table, published), stream))
    with opener(descriptor.NAME) as stream:
        stream.write(descriptor.text_of(files, published=published))
    return files


def cells_of(table: Table, published: bool) -> Iterator[Cells]:
    """Yield the rows of a table in order of the key: all of them, or what the public may read."""
    if published:
        return (cells for batch in table_batches(table) for cells in batch)
    return table_rows(table, table.model._default_manager.all())


def write_table(table: Table, rows: Iterator[Cells], stream: IO[bytes]) -> File:
    """Write the file of one table: its header, then its rows as they come."""
    digest, size, count = sha256(), 0, -1
    batch: Sequence[Sequence[str]] = [table.columns]
    while batch:
        text = csv_bytes(batch)
        stream.write(text)
        digest.update(text)
        size += len(text)
        count += len(batch)
        batch = list(islice(rows, BATCH_ROWS))
    return File(table, size, digest.hexdigest(), count)


def csv_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as RFC 4180 has them, in UTF-8: CR LF ends a row, quotation marks are doubled."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


@contextmanager
def one_moment() -> Iterator[None]:
    """Read all tables as they are at one moment, and let others write meanwhile.

    Within a transaction, what it sees is what is read.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Of SQLite's transactions only a deferred one leaves the lock for writing to others.
        connection.ensure_connection()
        database: Any = connections[connection.alias]
        usual, database.transaction_mode = database.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            database.transaction_mode = usual
