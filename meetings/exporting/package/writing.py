"""Writes the files of a package: raw cells as CSV, into a folder or a zip, all or nothing."""

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
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ...tables.isolation import consistent_read
from ...tables.registry import TABLES, Table
from ...tables.rows import Cells, table_rows
from ..downloads import table_batches
from . import descriptor
from .descriptor import PackageFile

BATCH_ROWS = 1_000
# The files of a zip bear no time of their own, so that the same record gives the same bytes.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
ZIP_SUFFIX = ".zip"

# Opens a file of a folder or a zip by its name, to write bytes to it.
FileOpener = Callable[[str], AbstractContextManager[IO[bytes]]]


class PackageError(Exception):
    """A path to which the record cannot be written; the message says what to do."""


def write(
    path: Path, tables: Sequence[Table] = TABLES, *, published: bool = False
) -> list[PackageFile]:
    """Write tables to a folder or, where the name ends in .zip, a zip; return the files.

    An earlier export is replaced once the new one is complete. Raises PackageError where the path
    holds anything else.
    """
    path = path.resolve()
    is_zip = path.suffix.lower() == ZIP_SUFFIX
    refuse_other_files(path, is_zip=is_zip)
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as name:
        new = Path(name) / "export"
        if is_zip:
            with new.open("wb") as stream:
                files = write_zip(stream, tables, published=published)
                flush_to_disk(stream)
            new.replace(path)
        else:
            new.mkdir()
            files = write_files(folder_opener(new), tables, published=published)
            replace_folder(new, path)
    return files


def refuse_other_files(path: Path, *, is_zip: bool) -> None:
    """Raise PackageError where the path is of another kind, or holds files of no export."""
    if is_zip:
        if path.is_dir():
            raise PackageError(f"{path} is a folder. Give the zip another name.")
        return
    if path.exists() and not path.is_dir():
        raise PackageError(f"{path} is a file. Name a folder, or a file that ends in .zip.")
    own = {descriptor.DESCRIPTOR_NAME, *(f"{table.name}.csv" for table in TABLES)}
    others = sorted({file.name for file in path.iterdir()} - own) if path.is_dir() else []
    if others:
        raise PackageError(
            f"{path} holds other files ({', '.join(others[:5])}). Name a folder that is empty, new"
            " or an earlier export."
        )


def replace_folder(new: Path, path: Path) -> None:
    """Move a folder to the path of another, which is put back if that fails."""
    old = new.with_name("old")
    if path.exists():
        path.replace(old)
    try:
        new.replace(path)
    except OSError:
        if old.exists():
            old.replace(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_zip(stream: BinaryIO, tables: Sequence[Table], *, published: bool) -> list[PackageFile]:
    """Write the files of tables as one zip to a stream; return the files."""
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:

        def opener(name: str) -> AbstractContextManager[IO[bytes]]:
            # A table may have more than two gigabytes, which is not known beforehand.
            return archive.open(zip_entry(name), "w", force_zip64=True)

        return write_files(opener, tables, published=published)


def zip_entry(name: str) -> ZipInfo:
    """Return the entry of a file in a zip, under the time that all of them bear."""
    info = ZipInfo(name, FIXED_TIME)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def add_texts(stream: BinaryIO, texts: dict[str, str]) -> None:
    """Add texts to a zip, by their names."""
    with ZipFile(stream, "a", ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zip_entry(name), text)


def folder_opener(folder: Path) -> FileOpener:
    """Return the opener of a folder's files."""

    @contextmanager
    def opener(name: str) -> Iterator[IO[bytes]]:
        with (folder / name).open("wb") as stream:
            yield stream
            flush_to_disk(stream)

    return opener


def flush_to_disk(stream: BinaryIO) -> None:
    """Flush a file to the disk, before it replaces another."""
    stream.flush()
    os.fsync(stream.fileno())


def write_files(
    opener: FileOpener, tables: Sequence[Table], *, published: bool
) -> list[PackageFile]:
    """Write a CSV file for each table, all of them read at one moment, and the descriptor."""
    with consistent_read():
        files = []
        for table in tables:
            with opener(f"{table.name}.csv") as stream:
                files.append(write_table(table, table_cells(table, published), stream))
    with opener(descriptor.DESCRIPTOR_NAME) as stream:
        stream.write(descriptor.descriptor_json(files, published=published))
    return files


def table_cells(table: Table, published: bool) -> Iterator[Cells]:
    """Yield the rows of a table in order of the key: all, or the public ones."""
    if published:
        return (cells for batch in table_batches(table) for cells in batch)
    return table_rows(table, table.model._default_manager.all())


def write_table(table: Table, rows: Iterator[Cells], stream: IO[bytes]) -> PackageFile:
    """Write the file of one table: its header, then its rows in batches."""
    digest, size, count = sha256(), 0, -1
    batch: Sequence[Sequence[str]] = [table.columns]
    while batch:
        text = csv_bytes(batch)
        stream.write(text)
        digest.update(text)
        size += len(text)
        count += len(batch)
        batch = list(islice(rows, BATCH_ROWS))
    return PackageFile(table, size, digest.hexdigest(), count)


def csv_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as CSV of RFC 4180 in UTF-8: CR LF ends a row, quotation marks are doubled."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
