"""Checks of zips and workbooks by their directory, before anything of them is unpacked."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from .errors import FileError
from .limits import UNPACKED_RATIO
from .rows import DAMAGE_ERRORS

MOST_FILES = 2_000
# Text is packed to a twentieth at best. A large file that claims to expand more is a bomb.
MOST_EXPANSION = 200
UNSUSPECTED_BYTES = 10_000_000
MEMORY_BYTES = 5_000_000


@contextmanager
def open_source(source: Path | BinaryIO, *, is_whole: bool = True) -> Iterator[BinaryIO]:
    """Open a file at its start; a stream stays open. ``is_whole`` is as in ``open_member``."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        source.seek(0)
        yield source


@contextmanager
def open_member(
    source: Path | BinaryIO, info: ZipInfo, *, is_whole: bool = False
) -> Iterator[BinaryIO]:
    """Open one file of a zip, read up to its declared size; seekable if ``is_whole``."""
    with open_source(source) as stream, ZipFile(stream) as archive, archive.open(info) as packed:
        if not is_whole:
            yield cast(BinaryIO, packed)
            return
        with SpooledTemporaryFile(MEMORY_BYTES) as whole:
            copyfileobj(packed, whole)
            whole.seek(0)
            yield cast(BinaryIO, whole)


def unpacked_size(content: bytes) -> int:
    """Return the bytes that a zip or a workbook unpacks to by its directory, or a file's own.

    A workbook in a zip counts as much as it would unpack to itself.
    """
    if not content.startswith(b"PK"):
        return len(content)
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except DAMAGE_ERRORS:
        return len(content)
    return sum(
        entry.file_size * (UNPACKED_RATIO if entry.filename.casefold().endswith(".xlsx") else 1)
        for entry in entries
    )


def refuse_bomb(stream: IO[bytes], most: int | None) -> None:
    """Raise FileError for a zip that declares more than ``most`` bytes, or an absurd expansion."""
    with ZipFile(stream) as archive:
        entries = archive.infolist()
    stream.seek(0)
    if len(entries) > MOST_FILES:
        raise FileError(f"There are {len(entries):,} files in it. At most {MOST_FILES:,} are read.")
    size = sum(entry.file_size for entry in entries)
    if most is not None and size > most:
        raise FileError(
            f"It would unpack to {size:,} bytes; the limit here is {most:,}."
            " Split it, or use import_record."
        )
    for entry in entries:
        is_bomb = (
            entry.file_size > UNSUSPECTED_BYTES
            and entry.file_size > entry.compress_size * MOST_EXPANSION
        )
        if is_bomb and most is not None:
            raise FileError(
                f"“{entry.filename[:60]}” claims to unpack to {entry.file_size:,} bytes."
            )


def entry_problem(entry: ZipInfo) -> str:
    """Return the problem of a zip's entry that is not read, or nothing."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "The name leads out of the zip. Pack the files again, beside each other."
    if entry.flag_bits & 0x1:
        return "The file has a password. Pack it without one."
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "This is a link to another file. Pack the file itself."
    return ""
