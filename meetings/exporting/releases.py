"""Making a release: the public record as a Data Package, with what a library deposits beside it."""

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from hashlib import file_digest
from tempfile import TemporaryFile
from zipfile import ZipFile

from django.utils import timezone

from ..editing import releases
from ..editing.errors import Refused
from ..models import Release
from ..tables.registry import TABLES, VERSIONED_TABLES
from .bibliography import Work, dataset_work
from .package.changes import TableChanges, changes_between, rows_of
from .package.descriptor import record_digest
from .package.documents import changes_text, release_edition
from .package.writing import add_texts, write_zip

DIGEST_CHARACTERS = 12


def make_release(*, note: str, user=None) -> Release:
    """Freeze the public record as it is at this moment; return the release.

    Raises PermissionDenied or Refused, with nothing kept.
    """
    releases.refuse_release(note, user)
    former = releases.newest()
    release = Release(made_at=timezone.now(), made_by=user, note=note.strip(), former=former)
    with TemporaryFile() as stream:
        files = write_zip(stream, TABLES, published=True)
        release.digest = record_digest(files)
        releases.refuse_same(release.digest)
        release.version = f"{release.made_at:%Y-%m-%d}-{release.digest[:DIGEST_CHARACTERS]}"
        release.rows = sum(file.rows for file in files)
        changes = compare(release, stream)
        release.changes = {table.table: table.counts for table in changes}
        work = release_work(release, today=release.made_at.date())
        texts = release_edition(release, work).documents(files)
        add_texts(stream, texts | {"CHANGES.md": changes_text(release, changes)})
        release.size = stream.seek(0, 2)
        stream.seek(0)
        release.sha256 = file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        return releases.keep_release(release, stream)


def compare(release: Release, stream) -> Sequence[TableChanges]:
    """Return what changed since the former release, and set the slugs of the new one."""
    with ZipFile(stream) as new, former_package(release.former) as former:
        release.slugs = {
            table.name: [row["slug"] for row in rows_of(new, table)] for table in VERSIONED_TABLES
        }
        return changes_between(former, new)


@contextmanager
def former_package(former: Release | None):
    """Open the file of the former release, if there is one; raise Refused where it is lost."""
    if former is None:
        yield None
        return
    if not former.file.storage.exists(str(former.file.name)):
        text = (
            f"The file of release {former.version} is not in the storage, so that nobody can say"
            " what changed since. Put it back, or withdraw that release."
        )
        raise Refused([text])
    with former.file.open("rb") as stream, ZipFile(stream) as archive:
        yield archive


def release_work(release: Release, *, today: date) -> Work:
    """Return a release as a work; it does not change, so that no day of access is named."""
    work = dataset_work(release, changed=release.made_at.date(), today=today)
    return replace(work, is_revised=False)
