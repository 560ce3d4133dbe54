"""Revisions: snapshots of every entry and reference after each act on it."""

from datetime import UTC

from django.conf import settings
from django.db import models


class Act(models.TextChoices):
    LOAD = "load", "Loaded"
    SAVE = "save", "Saved"
    PUBLISH = "publish", "Published"
    WITHDRAW = "withdraw", "Withdrawn"
    DRAFT = "draft", "Back to draft"
    SUBMIT = "submit", "Sent to review"
    DELETE = "delete", "Deleted"
    IMPORT = "import", "Imported"
    UNDO = "undo", "Import undone"
    RESTORE = "restore", "Restored"


class ChangeKind(models.TextChoices):
    ADDITION = "addition", "Addition"
    CORRECTION = "correction", "Correction"
    WORDING = "wording", "Wording"


class RevisionQuerySet(models.QuerySet):
    def of(self, entry):
        """Return the revisions of one entry or reference, the newest first."""
        return self.filter(table=entry._meta.model_name, object_id=entry.pk).order_by("-number")

    def latest_of(self, entry):
        """Return the newest revision of an entry or reference, or None."""
        return self.of(entry).select_related("made_by").first()

    def withdrawal_of(self, entry):
        """Return the revision by which an entry ceased to be published, whatever its act."""
        revisions = self.of(entry)
        last_published = revisions.filter(is_published=True).values("number")[:1]
        return revisions.filter(number__gt=last_published).last()

    def changed_on(self, entry):
        """Return the day (UTC) of an entry's or reference's last change, or None."""
        made_at = self.of(entry).values_list("made_at", flat=True).first()
        return made_at.astimezone(UTC).date() if made_at else None


class Revision(models.Model):
    """The state of an entry or reference, with its parts, after one act.

    ``snapshot`` maps each table to rows, and each row maps columns to cells as in a CSV file. The
    entry is named by table and id, not by a foreign key, so that revisions outlive it.
    """

    Act = Act
    Kind = ChangeKind

    table = models.CharField(max_length=20, help_text="The model's name: meeting, source …")
    object_id = models.PositiveBigIntegerField()
    slug = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="revisions",
    )
    act = models.CharField(max_length=10, choices=Act)
    note = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=ChangeKind, blank=True)
    from_import = models.ForeignKey(
        "meetings.Import",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="revisions",
        help_text="The import or undo that made it, if one did.",
    )
    is_published = models.BooleanField(
        default=False, help_text="Whether the entry had the status published after the act."
    )
    snapshot = models.JSONField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ["view"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "object_id", "number"], name="revision_numbered_once"
            )
        ]
        indexes = [models.Index(fields=["made_at"], name="revision_by_time")]

    def __str__(self):
        return f"Revision {self.number} of {self.slug}"
