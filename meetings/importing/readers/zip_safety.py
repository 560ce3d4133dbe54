"""Zips, of tables or as the inside of a workbook: judged by their list before they are unpacked."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from .sniffing import Unlike

ENTRIES = 2_000
# Text packs to a twentieth at best; what claims more than this, beyond some size, is a bomb.
RATIO = 200
SMALL = 10_000_000
IN_MEMORY = 5_000_000


@contextmanager
def opened(source: Path | BinaryIO, *, is_whole: bool = True) -> Iterator[BinaryIO]:
    """Give a file from its start, which is whole anyway; what is not a path stays open after."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        source.seek(0)
        yield source


@contextmanager
def member(source: Path | BinaryIO, info: ZipInfo, *, is_whole: bool = False) -> Iterator[BinaryIO]:
    """Give one file of a zip, up to its declared size; if whole, unpacked, to go to and fro in."""
    with opened(source) as stream, ZipFile(stream) as archive, archive.open(info) as packed:
        if not is_whole:
            yield cast(BinaryIO, packed)
            return
        with SpooledTemporaryFile(IN_MEMORY) as whole:
            copyfileobj(packed, whole)
            whole.seek(0)
            yield cast(BinaryIO, whole)


def refuse_bomb(stream: IO[bytes], most: int | None) -> None:
    """Raise Unlike for a zip that would unpack to more than ``most`` bytes, by what it declares."""
    with ZipFile(stream) as archive:
        entries = archive.infolist()
    stream.seek(0)
    if len(entries) > ENTRIES:
        raise Unlike(f"There are {len(entries):,} files in it. At most {ENTRIES:,} are read.")
    size = sum(entry.file_size for entry in entries)
    if most is not None and size > most:
        raise Unlike(
            f"It would unpack to {size:,} bytes; the limit here is {most:,}."
            " Split it, or use import_record."
        )
    for entry in entries:
        is_bomb = entry.file_size > SMALL and entry.file_size > entry.compress_size * RATIO
        if is_bomb and most is not None:
            raise Unlike(f"“{entry.filename[:60]}” claims to unpack to {entry.file_size:,} bytes.")


def what_is_wrong(entry: ZipInfo) -> str:
    """Return why an entry of a zip is not read, or nothing."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "The name leads out of the zip. Pack the files anew, beside each other."
    if entry.flag_bits & 0x1:
        return "The file has a password. Pack it without one."
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "This is a link to another file. Pack the file itself."
    return ""
