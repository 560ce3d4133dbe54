"""Notes that editors leave each other on a row; they never leave the desk."""

from django.conf import settings
from django.db import models

from .fields import TextField


class DeskNoteQuerySet(models.QuerySet):
    def of(self, row):
        """Return the notes on one entry or reference, the newest first."""
        return self.filter(table=row._meta.model_name, object_id=row.pk).select_related("made_by")


class DeskNote(models.Model):
    """A note on an entry or reference, no part of its snapshot: of no revision, file or search."""

    table = models.CharField(max_length=20, help_text="The model's name: meeting, source …")
    object_id = models.PositiveBigIntegerField()
    text = TextField(max_length=2000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="desk_notes"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = DeskNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = []
        indexes = [models.Index(fields=["table", "object_id"], name="desk_note_of_row")]

    def __str__(self):
        return self.text
