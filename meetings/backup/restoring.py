"""Restores a backup into either database: all of it, or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction

from ..models import RecordState, Revision
from ..search import index
from ..tables import bulk_insert
from ..tables.isolation import one_at_a_time, take_time
from ..tables.registry import TABLES, refresh_statistics
from . import contents, versions
from .archive import Manifest, Reader, TableFile
from .contents import Model
from .errors import BackupError


def restore(
    path: Path, *, replace: bool = False, report: Callable[[str], None] = lambda words: None
) -> Manifest:
    """Restore a backup; return what it says of itself.

    It is read whole before anything is written. The tables are brought to the release that it was
    made with, filled, read back, and brought to this release. Raises BackupError.
    """
    with Reader(path) as reader:
        reader.check()
        manifest = reader.manifest
        wanted = {(app, name) for app, name in manifest.migrations}
        versions.refuse_unknown(wanted)
        report("The backup is whole.")
        with one_at_a_time(), one_transaction():
            if not replace:
                refuse_rows()
            empty(installed)
            past = versions.migrate_to(wanted)
            empty(past)
            fill(past, reader)
            report("Its rows are written, and were read back.")
            bring_up_to_date()
            # A table that SQLite alters is made again, and forgets its numbers.
            keep_last_ids(manifest)
    ContentType.objects.clear_cache()
    refresh_statistics()
    return manifest


@contextmanager
def one_transaction() -> Iterator[None]:
    """Write and migrate in one transaction, so that whatever goes wrong leaves all as it was.

    SQLite migrates only where foreign keys are not enforced, which is decided before a transaction;
    they are checked before it ends.
    """
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            take_time()
            yield
            connection.check_constraints()
    finally:
        connection.enable_constraint_checking()


def refuse_rows() -> None:
    """Raise BackupError if the database has an account, an entry or a revision."""
    models = [get_user_model(), Revision, *(table.model for table in TABLES)]
    there = set(connection.introspection.table_names())
    for model in models:
        if model._meta.db_table in there and model._base_manager.exists():
            raise BackupError(
                f"The database has rows already ({model._meta.verbose_name_plural}). Restore into"
                " a new one, or give --replace to delete all that it holds."
            )


def empty(apps: Apps) -> None:
    """Delete the rows of all tables, also those that migrations wrote."""
    models = apps.get_models(include_auto_created=True)
    names = [model._meta.db_table for model in models if model._meta.managed]
    found = contents.existing(sorted({*names}))
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), found))


def fill(apps: Apps, reader: Reader) -> None:
    """Write the rows of a backup into tables of its release, and read them back."""
    models = {model._meta.label_lower: model for model in contents.tables(apps)}
    for table in reader.manifest.tables:
        model = models.get(table.name)
        if model is None or contents.columns(model) != table.columns:
            raise BackupError(f"This release cannot read the table {table.name} of the backup.")
        for batch in contents.values(model, reader.lines(table)):
            bulk_insert.insert(model, table.columns, batch)
        refuse_difference(model, table)
    connection.check_constraints()


def refuse_difference(model: Model, table: TableFile) -> None:
    """Raise BackupError if a table does not read as its lines in the backup."""
    digest = sha256()
    for line in contents.lines(model):
        digest.update(line)
    if digest.hexdigest() != table.sha256:
        raise BackupError(
            f"The rows of {table.name} are not read back as they were written. Nothing is restored."
        )


def bring_up_to_date() -> None:
    """Migrate to this release, make again what a backup leaves out, and mark the record changed."""
    versions.migrate_forward()
    ContentType.objects.clear_cache()
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    index.index_missing()
    RecordState.objects.mark_changed(takes_out=True)


def keep_last_ids(manifest: Manifest) -> None:
    """Let new rows have numbers that no row had before, also none that was deleted."""
    last = {table.name: table.last_id for table in manifest.tables}
    for model in contents.tables(installed):
        contents.set_last_id(model, last.get(model._meta.label_lower))
