"""The app, and signals: ``loaddata`` keeps what acts keep; what follows each run of ``migrate``."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate, pre_save

# Columns that the acts keep, and no fixture has.
KEPT_COLUMNS = ("revision", "first_public_at", "gone_address")


def keep_columns(sender, instance, raw, using, **kwargs):
    """Keep what acts know of a row, such as its revision number, when a fixture is loaded over."""
    names = [name for name in KEPT_COLUMNS if hasattr(instance, name)]
    if raw and instance.pk and names:
        stored = sender._default_manager.using(using).filter(pk=instance.pk)
        for name, value in (stored.values(*names).first() or {}).items():
            setattr(instance, name, value)


def mark_migrated(using, **kwargs):
    """Mark the state of the record as changed: migrations write rows without acts."""
    from .models import RecordState

    tables = connections[using].introspection.table_names()
    if RecordState._meta.db_table in tables:
        RecordState.objects.using(using).mark_changed(takes_out=True)


def let_readers_go_on(using, **kwargs):
    """Let readers of SQLite go on beside a writer, once and for all.

    The file remembers it. Asked for by each connection, it would be a write, which fails when the
    disk is full.
    """
    connection = connections[using]
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Record"
    last_ids: dict[str, int] = {}

    def ready(self):
        for model in self.get_models():
            pre_save.connect(keep_columns, sender=model)
        pre_migrate.connect(self.remember_last_ids, sender=self)
        post_migrate.connect(self.keep_last_ids, sender=self)
        post_migrate.connect(mark_migrated, sender=self)
        post_migrate.connect(let_readers_go_on, sender=self)

    def remember_last_ids(self, using, **kwargs):
        """Note the last id that each table of SQLite gave to a row."""
        connection = connections[using]
        self.last_ids = {}
        if connection.vendor == "sqlite" and connection.introspection.table_names():
            with connection.cursor() as cursor:
                cursor.execute("SELECT name, seq FROM sqlite_sequence")
                self.last_ids = dict(cursor.fetchall())

    def keep_last_ids(self, using, **kwargs):
        """Let no table of SQLite that a migration made again give a deleted row's id to another.

        A table is altered by making it again, which forgets the ids of rows that are gone; their
        revisions name them.
        """
        tables = connections[using].introspection.table_names()
        with connections[using].cursor() as cursor:
            for table in self.last_ids.keys() & tables:
                given = [self.last_ids[table], table]
                known = "UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s"
                cursor.execute(known, given)
                if not cursor.rowcount:
                    cursor.execute("INSERT INTO sqlite_sequence (seq, name) VALUES (%s, %s)", given)
