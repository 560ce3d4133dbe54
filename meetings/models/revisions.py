"""Revisions: snapshots of every entry and reference after each act on it."""

from datetime import UTC

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce, Greatest

from .publication import Publication
from .publishable import Reference


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
    PROPOSAL = "proposal", "Proposal published"
    MERGE = "merge", "Merged"


class ChangeKind(models.TextChoices):
    ADDITION = "addition", "Addition"
    CORRECTION = "correction", "Correction"
    WORDING = "wording", "Wording"


def was_shown() -> Exists:
    """Return the condition that a revision of an entry was the newest one in a period."""
    # Revisions of an entry are made one after the other: their ids are in that order.
    periods = Publication.objects.begun().filter(
        Q(ended_by=None) | Q(ended_by__gt=OuterRef("pk")),
        table=OuterRef("table"),
        object_id=OuterRef("object_id"),
        began_by__lte=OuterRef("pk"),
    )
    return Exists(periods)


def changed_public_reference() -> Q:
    """Return the condition that a revision changed a reference that was in public before."""
    found = Q()
    for model in apps.get_app_config("meetings").get_models():
        if issubclass(model, Reference):
            shown = model.objects.filter(
                pk=OuterRef("object_id"), first_public_at__lt=OuterRef("made_at")
            )
            found |= Q(Exists(shown), table=model._meta.model_name)
    return found


class RevisionQuerySet(models.QuerySet):
    def of(self, entry):
        """Return the revisions of one entry or reference, the newest first."""
        return self.filter(table=entry._meta.model_name, object_id=entry.pk).order_by("-number")

    def latest_of(self, entry):
        """Return the newest revision of an entry or reference, or None."""
        return self.of(entry).select_related("made_by").first()

    def newest(self):
        """Return the newest of these revisions of each entry or reference, in no order."""
        top = Window(Max("number"), partition_by=["table", "object_id"])
        return self.annotate(top=top).filter(number=F("top")).order_by()

    def shown(self):
        """Return the revisions of entries that were shown: each was the newest in a period."""
        return self.filter(was_shown())

    def with_public_names(self):
        """Annotate ``public_name``: what its maker chose to be named in public, or None."""
        return self.annotate(public_name=F("made_by__public_name__name"))

    def with_times(self):
        """Annotate ``shown_at`` and ``replaced_at``: when a revision became the newest, was not.

        One that a schedule showed became so at its time. ``replaced_at`` is None for the newest.
        """
        scheduled = Publication.objects.filter(began_by=OuterRef("pk")).values("since")[:1]
        following = self.model.objects.filter(
            table=OuterRef("table"),
            object_id=OuterRef("object_id"),
            number=OuterRef("number") + 1,
        )
        return self.annotate(
            shown_at=Greatest("made_at", Coalesce(Subquery(scheduled), "made_at")),
            replaced_at=Subquery(following.values("made_at")[:1]),
        )

    def public(self):
        """Return the revisions by which something public changed: those shown, and the ends."""
        return self.filter(
            was_shown() | Exists(Publication.objects.filter(ended_by=OuterRef("pk")))
        )

    def changing_pages(self):
        """Return the revisions that changed public pages: of entries, and of public references."""
        return self.filter(was_shown() | changed_public_reference())

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
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="revisions_written",
        help_text="Who wrote the proposal, where somebody else published it.",
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
    was_wrong = models.TextField(
        blank=True, db_default="", help_text="What was wrong until then, where it is a correction."
    )
    hidden_because = models.TextField(
        blank=True, db_default="", help_text="The public reason why the public may not read it."
    )
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="revisions_hidden",
    )
    snapshot = models.JSONField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ["view"]
        permissions = [("hide_revision", "Can hide revisions from the public")]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "object_id", "number"], name="revision_numbered_once"
            )
        ]
        indexes = [models.Index(fields=["made_at"], name="revision_by_time")]

    def __str__(self):
        return f"Revision {self.number} of {self.slug}"
