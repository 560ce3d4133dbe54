"""Writes a backup while the site goes on: all tables as of one moment, and read back."""

from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.db import connection

from ..tables.isolation import consistent_read, take_time
from . import contents, versions
from .archive import MANIFEST, Manifest, Reader, Writer, new_file
from .errors import BackupError


def write(path: Path) -> Manifest:
    """Write everything that the database holds to a file; return what the file says of itself.

    An earlier backup of that name is replaced once the new one was read back. Raises BackupError.
    """
    path = path.resolve()
    refuse_other_files(path)
    versions.refuse_unmigrated()
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_file(path) as stream:
        with consistent_read():
            take_time()
            writer = Writer(stream)
            made_at = datetime.now(UTC).isoformat(timespec="seconds")
            for model in contents.tables(apps):
                name, names = model._meta.label_lower, contents.columns(model)
                writer.add(name, names, contents.lines(model), contents.last_id(model))
            migrations = sorted(map(list, versions.applied()))
            manifest = writer.finish(made_at, connection.vendor, migrations)
        stream.flush()
        with Reader(Path(stream.name)) as reader:
            reader.check()
            if reader.manifest != manifest:
                raise BackupError(f"{path} could not be read back as it was written.")
    return manifest


def refuse_other_files(path: Path) -> None:
    """Raise BackupError where another kind of file has the name."""
    if path.is_dir():
        raise BackupError(
            f"{path} is a folder. Name a file in it, such as {path / 'record.backup'}."
        )
    if path.exists():
        try:
            Reader(path).zip.close()
        except BackupError as error:
            raise BackupError(
                f"{path} is there and is not a backup (it has no readable {MANIFEST}). Give the"
                " backup another name."
            ) from error
