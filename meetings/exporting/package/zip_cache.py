"""The zip of the public record, built on the first request and cached until the record changes.

Each process has its own, in a temporary file that ends with the process.
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
from ...tables.registry import TABLES, TABLES_BY_MODEL
from ..catalogue import row_counts
from ..downloads import table_batches
from .writing import csv_bytes, write_zip

CHUNK_BYTES = 1 << 18


@dataclass(frozen=True)
class PublicZip:
    """A zip of the public record in one state, with its SHA-256 and its size in bytes."""

    state: str
    digest: str
    size: int
    stream: BinaryIO

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield its bytes of a range; any number of threads may read at the same time."""
        for place in range(start, stop, CHUNK_BYTES):
            yield os.pread(self.stream.fileno(), min(CHUNK_BYTES, stop - place), place)


cached_zip: PublicZip | None = None
build_lock = Lock()


def public_zip() -> PublicZip:
    """Return the zip of the public record as it is now."""
    global cached_zip
    with build_lock:
        state = content_state()
        if cached_zip is None or cached_zip.state != state:
            cached_zip = build_zip(state)
        return cached_zip


def build_zip(state: str) -> PublicZip:
    """Write the zip and return it; its file is closed once nothing refers to it."""
    # Not closed here: it is read for as long as the zip is cached.
    stream = TemporaryFile()  # noqa: SIM115
    try:
        write_zip(stream, TABLES, published=True)
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        digest = file_digest(stream, "sha256").hexdigest()
    except BaseException:
        stream.close()
        raise
    built = PublicZip(state, digest, size, stream)
    finalize(built, stream.close)
    return built


def content_state() -> str:
    """Cache key that changes with every change to the content of the zip, without reading it.

    Rows loaded from a fixture change the number of public rows. Redirects have no revisions;
    they are few and are read.
    """
    redirects = sha256()
    for batch in table_batches(TABLES_BY_MODEL[Redirect]):
        redirects.update(csv_bytes(batch))
    return f"{public_state().changes} {row_counts()} {redirects.hexdigest()}"
