"""The app, and a signal that keeps revision numbers when ``loaddata`` overwrites rows."""

from django.apps import AppConfig
from django.db.models.signals import pre_save


def keep_revision_number(sender, instance, raw, using, **kwargs):
    """Keep a row's revision number when a fixture, which has none, is loaded over it."""
    if raw and instance.pk and hasattr(instance, "revision"):
        rows = sender._default_manager.using(using).filter(pk=instance.pk)
        instance.revision = rows.values_list("revision", flat=True).first() or 0


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Record"

    def ready(self):
        for model in self.get_models():
            pre_save.connect(keep_revision_number, sender=model)
