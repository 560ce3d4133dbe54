"""The public record in one file (zip, workbook, database), made once for each of its states.

A small one is made by the first request, in a temporary file of each process. That of a large
record takes longer than a reader waits: the worker makes it (see ``made_ahead``), and each process
takes it over from the database.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from tempfile import TemporaryFile
from threading import Lock
from typing import BinaryIO
from weakref import finalize

from ...models import PublicPackage
from ...models.public_state import PublicState, cached_until_change, public_state
from ...tables.isolation import consistent_read
from ...tables.registry import TABLES
from ..catalogue import row_counts
from .database import write_database
from .documents import current_edition
from .workbook import write_workbook
from .writing import add_texts, write_zip

CHUNK_BYTES = 1 << 18
# So many rows are packed in less than a second.
MOST_ROWS_AT_ONCE = 2_000


def write_package(stream: BinaryIO) -> None:
    """Write the public tables as a Data Package, with README, licence and citation."""
    files = write_zip(stream, TABLES, published=True)
    add_texts(stream, current_edition(files).documents(files))


FORMATS: dict[str, Callable[[BinaryIO], object]] = {
    "zip": write_package,
    "xlsx": write_workbook,
    "sqlite": write_database,
}


class NotMadeYet(Exception):
    """There is no file that may be given: the worker makes one."""


@dataclass(frozen=True)
class PublicFile:
    """The public record in one state as a file, with its SHA-256 and its size in bytes."""

    state: PublicState
    digest: str
    size: int
    stream: BinaryIO

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield its bytes of a range; any number of threads may read at the same time."""
        for place in range(start, stop, CHUNK_BYTES):
            yield os.pread(self.stream.fileno(), min(CHUNK_BYTES, stop - place), place)


cached: dict[str, PublicFile] = {}
build_locks = {ending: Lock() for ending in FORMATS}


def public_file(ending: str) -> PublicFile:
    """Return the file of the public record as it is now in one of ``FORMATS``.

    Of a large record it is that of a former state until the worker has made another, unless
    something was taken out of public since; raises NotMadeYet without one.
    """
    state = public_state()
    found = cached.get(ending)
    if found and found.state == state:
        return found
    with build_locks[ending]:
        found = cached.get(ending)
        if found is None or found.state != state:
            found = stored_file(ending, state, found) if is_large() else build_file(ending, state)
            cached[ending] = found
        return found


def is_large() -> bool:
    """Return whether the public record has more rows than are packed while a reader waits."""
    count = cached_until_change(lambda: sum(row_counts().values()), "rows-of-package")
    return count > MOST_ROWS_AT_ONCE


def build_file(ending: str, state: PublicState) -> PublicFile:
    """Write the file and return it; it is closed once nothing refers to it."""
    return file_of(state, FORMATS[ending])


def stored_file(ending: str, state: PublicState, former: PublicFile | None) -> PublicFile:
    """Return the file that the worker made last, which a process may have already."""
    with consistent_read():
        stored = PublicPackage.objects.filter(ending=ending).order_by("pk").last()
        if stored is None or stored.withdrawals != state.withdrawals:
            raise NotMadeYet
        of = PublicState(stored.state, stored.withdrawals)
        if former and former.state == of:
            return former

        def copy(stream):
            for content in stored.parts.order_by("pk").values_list("content", flat=True).iterator():
                stream.write(content)

        return file_of(of, copy)


def file_of(state: PublicState, write: Callable[[BinaryIO], object]) -> PublicFile:
    """Return the file that ``write`` writes."""
    # Not closed here: it is read for as long as it is cached.
    stream = TemporaryFile()  # noqa: SIM115
    try:
        write(stream)
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        digest = file_digest(stream, "sha256").hexdigest()
    except BaseException:
        stream.close()
        raise
    built = PublicFile(state, digest, size, stream)
    finalize(built, stream.close)
    return built
