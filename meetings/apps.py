"""The app, and signals: ``loaddata`` keeps what acts keep; what follows each run of ``migrate``."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_save

# Columns that the acts keep, and no fixture has.
KEPT_COLUMNS = ("revision", "first_public_at")


def keep_columns(sender, instance, raw, using, **kwargs):
    """Keep a row's revision number, and since when it was public, when a fixture is loaded over."""
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

    def ready(self):
        for model in self.get_models():
            pre_save.connect(keep_columns, sender=model)
        post_migrate.connect(mark_migrated, sender=self)
        post_migrate.connect(let_readers_go_on, sender=self)
