"""The app, and signals: ``loaddata`` keeps revision numbers, migrations mark the record's state."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_save


def keep_revision_number(sender, instance, raw, using, **kwargs):
    """Keep a row's revision number when a fixture, which has none, is loaded over it."""
    if raw and instance.pk and hasattr(instance, "revision"):
        rows = sender._default_manager.using(using).filter(pk=instance.pk)
        instance.revision = rows.values_list("revision", flat=True).first() or 0


def mark_migrated(using, **kwargs):
    """Mark the state of the record as changed: migrations write rows without acts."""
    from .models import RecordState

    tables = connections[using].introspection.table_names()
    if RecordState._meta.db_table in tables:
        RecordState.objects.using(using).mark_changed(takes_out=True)


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Record"

    def ready(self):
        for model in self.get_models():
            pre_save.connect(keep_revision_number, sender=model)
        post_migrate.connect(mark_migrated, sender=self)
