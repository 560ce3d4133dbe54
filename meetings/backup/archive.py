"""The file of a backup: a zip of one file of lines for each table, and a manifest that counts them.

What is read is compared with the manifest: rows, and the digest of all lines of a table.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile
from zlib import error as ZlibError

from .errors import BackupError

FORMAT = "meetings-record-backup"
VERSION = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class TableFile:
    """A table in a backup: how many rows, in which columns, and the digest of their lines."""

    name: str
    columns: list[str]
    rows: int
    sha256: str
    last_id: int | None

    @property
    def path(self) -> str:
        return f"{self.name}.jsonl"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; ``migrations`` are those that its tables had run."""

    made_at: str
    database: str
    migrations: list[list[str]]
    tables: list[TableFile]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def digest(self) -> str:
        """A digest of all rows, which is the same for the same rows in either database."""
        parts = sorted(f"{t.name} {t.rows} {t.sha256}" for t in self.tables if t.rows)
        return sha256("\n".join(parts).encode()).hexdigest()[:16]

    def text(self) -> str:
        return json.dumps({"format": FORMAT, "version": VERSION, **asdict(self)}, indent=1)


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that takes the place of another once it is complete, and is its owner's alone.

    It holds the digests of passwords.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as stream:
        new = Path(stream.name)
        try:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Writer:
    """Writes tables, one after the other, into a zip."""

    def __init__(self, stream: IO[bytes]):
        self.zip = ZipFile(stream, "w", ZIP_DEFLATED)
        self.tables: list[TableFile] = []

    def add(self, name: str, columns: list[str], lines: Iterable[bytes], last_id: int | None):
        """Write the lines of a table."""
        digest, rows = sha256(), 0
        # A table may have more than two gigabytes, which is not known beforehand.
        with self.zip.open(f"{name}.jsonl", "w", force_zip64=True) as file:
            for line in lines:
                file.write(line)
                digest.update(line)
                rows += 1
        self.tables.append(TableFile(name, columns, rows, digest.hexdigest(), last_id))

    def finish(self, made_at: str, database: str, migrations: list[list[str]]) -> Manifest:
        """Write the manifest, which ends the zip."""
        manifest = Manifest(made_at, database, migrations, self.tables)
        self.zip.writestr(MANIFEST, manifest.text())
        self.zip.close()
        return manifest


class Reader:
    """Reads a backup; raises BackupError where it is none, or not as its manifest says."""

    def __init__(self, source: Path | IO[bytes]):
        self.name = source if isinstance(source, Path) else getattr(source, "name", "The backup")
        with self.damage_named():
            self.zip = ZipFile(source)
            self.manifest = self.read_manifest()

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.zip.close()

    @contextmanager
    def damage_named(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise BackupError(f"There is no file {self.name}.") from error
        except (BadZipFile, ZlibError, EOFError, ValueError, KeyError, TypeError) as error:
            raise BackupError(
                f"{self.name} is not a backup, or is damaged: {error}. Take another one."
            ) from error

    def read_manifest(self) -> Manifest:
        found: dict[str, Any] = json.loads(self.zip.read(MANIFEST))
        if found.pop("format") != FORMAT:
            raise ValueError("its manifest is that of another kind of file")
        if (version := found.pop("version")) > VERSION:
            raise BackupError(
                f"{self.name} is in version {version} of the format, and this release reads"
                f" {VERSION}. Restore it with the release that made it, or a later one."
            )
        files = [TableFile(**table) for table in found.pop("tables")]
        return Manifest(tables=files, **found)

    def lines(self, table: TableFile) -> Iterator[bytes]:
        """Yield the lines of a table; at its end, raise BackupError if they are not all there."""
        digest, rows = sha256(), 0
        with self.damage_named():
            with self.zip.open(table.path) as file:
                for line in file:
                    digest.update(line)
                    rows += 1
                    yield line
            if (rows, digest.hexdigest()) != (table.rows, table.sha256):
                raise ValueError(f"{table.name} has {rows:,} rows that are not those written")

    def check(self) -> None:
        """Read everything once."""
        for table in self.manifest.tables:
            for _ in self.lines(table):
                pass
