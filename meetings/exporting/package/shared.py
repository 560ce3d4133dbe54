"""The public record as one zip, made when it is first asked for and kept while it holds.

Each process keeps its own, in a file without a name that goes with it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from tempfile import TemporaryFile
from threading import Lock
from typing import BinaryIO
from weakref import finalize

from ...models import Redirect
from ...models.public_state import public_state
from ...tables.registry import BY_MODEL, TABLES
from ..catalogue import row_counts
from ..downloads import table_batches
from .writing import csv_bytes, write_zip

CHUNK = 1 << 18


@dataclass(frozen=True)
class Zip:
    """A zip of the public record: of which state of it, its digest, its size in bytes."""

    state: str
    digest: str
    size: int
    stream: BinaryIO

    def chunks(self) -> Iterator[bytes]:
        """Yield its bytes; several readers do not disturb each other."""
        for start in range(0, self.size, CHUNK):
            yield os.pread(self.stream.fileno(), CHUNK, start)


kept: Zip | None = None
making = Lock()


def public_zip() -> Zip:
    """Return the zip of what the public may read now."""
    global kept
    with making:
        now = state()
        if kept is None or kept.state != now:
            kept = made(now)
        return kept


def made(now: str) -> Zip:
    """Return the zip, newly written; its file is closed with the last who reads it."""
    # Left open: it is read for as long as the zip is kept, and closed below.
    stream = TemporaryFile()  # noqa: SIM115
    try:
        write_zip(stream, TABLES, published=True)
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        digest = file_digest(stream, "sha256").hexdigest()
    except BaseException:
        stream.close()
        raise
    found = Zip(now, digest, size, stream)
    finalize(found, stream.close)
    return found


def state() -> str:
    """Return what the content of the zip depends on, without reading the rows.

    What came in without an act, as from a fixture, changes the number of public rows. Redirects
    have no revisions; they are few and are read.
    """
    moved = sha256()
    for batch in table_batches(BY_MODEL[Redirect]):
        moved.update(csv_bytes(batch))
    return f"{public_state()} {row_counts()} {moved.hexdigest()}"
