"""Tombstones: keys of rows that were taken away for good, and stay reserved."""

from django.db import models


class TombstoneQuerySet(models.QuerySet):
    def of_model(self, model):
        """Return the tombstones of the rows of one model."""
        return self.filter(table=model._meta.model_name)


class Tombstone(models.Model):
    """What is left of a row that was in public by mistake: its key, the day and the reason.

    Its addresses answer 410, and nothing else is ever given its key.
    """

    table = models.CharField(max_length=20, help_text="The model's name: meeting, source …")
    slug = models.CharField(max_length=100)
    purged_on = models.DateField()
    reason = models.TextField(help_text="Public.")

    objects = TombstoneQuerySet.as_manager()

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["table", "slug"], name="tombstone_reserves_a_key_once")
        ]

    def __str__(self):
        return f"{self.table} {self.slug}"
