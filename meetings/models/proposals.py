"""Proposals: changes of what is public, prepared beside it."""

from django.conf import settings
from django.db import models
from django.db.models import OuterRef
from django.utils import timezone

from .revisions import ChangeKind, Revision


class ProposalStatus(models.TextChoices):
    DRAFT = "draft", "In preparation"
    REVIEW = "review", "In review"
    SCHEDULED = "scheduled", "Scheduled"
    REFUSED = "refused", "Refused at its time"


class ProposalQuerySet(models.QuerySet):
    def of(self, entry):
        """Return the open change of an entry or reference: one, or none."""
        return self.filter(table=entry._meta.model_name, object_id=entry.pk)

    def of_model(self, model):
        """Return the open changes of a row of the outer query, which is of a model."""
        return self.filter(table=model._meta.model_name, object_id=OuterRef("pk"))

    def sent_back(self):
        """Return the open changes that a reviewer gave back, with the reason."""
        return self.filter(status=ProposalStatus.DRAFT).exclude(message="")

    def due(self):
        """Return the proposals whose time of publication has come, the earliest first."""
        return self.filter(
            status=ProposalStatus.SCHEDULED, publish_at__lte=timezone.now()
        ).order_by("publish_at", "pk")


class Proposal(models.Model):
    """An open change of one entry or reference with its parts, which the public does not see.

    ``snapshot`` is what it is to be, as in a revision, and ``base`` the revision that it was made
    from. ``number`` is raised by each save, so that two people do not overwrite each other.
    Address, status and time of publication are no part of it: they stay those of the public row.
    """

    Status = ProposalStatus

    table = models.CharField(max_length=20, help_text="The model's name: meeting, source …")
    object_id = models.PositiveBigIntegerField()
    base = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="proposals")
    snapshot = models.JSONField()
    number = models.PositiveIntegerField(default=1)
    status = models.CharField(
        max_length=9, choices=ProposalStatus, default=ProposalStatus.DRAFT, db_index=True
    )
    publish_at = models.DateTimeField(
        null=True, help_text="When the worker publishes it, as the one who approved it."
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="proposals_approved",
        help_text="Who gave it its time; none for the operator.",
    )
    note = models.TextField(blank=True, help_text="The change note that is to become public.")
    kind = models.CharField(max_length=10, choices=ChangeKind, blank=True)
    was_wrong = models.TextField(blank=True, help_text="What a correction is to say was wrong.")
    message = models.TextField(
        blank=True,
        help_text="What writer and reviewer told each other last, or why it was refused.",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="proposals_made",
    )
    made_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="proposals_changed",
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["table", "object_id"], name="proposal_open_once"),
            models.CheckConstraint(
                condition=models.Q(status=ProposalStatus.SCHEDULED, publish_at__isnull=False)
                | ~models.Q(status=ProposalStatus.SCHEDULED) & models.Q(publish_at__isnull=True),
                name="proposal_scheduled_has_time",
            ),
        ]

    def __str__(self):
        return f"Change of {self.base.slug}"

    @property
    def words(self) -> dict[str, str]:
        """What the public is to be told of the change."""
        return {"note": self.note, "kind": self.kind, "was_wrong": self.was_wrong}
