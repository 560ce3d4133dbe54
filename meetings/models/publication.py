"""Publications: the periods in which entries were public, are, or will be."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone


class PublicationQuerySet(models.QuerySet):
    def begun(self):
        """Return the periods that have begun; those of scheduled entries have not."""
        return self.filter(Q(since=None) | Q(since__lte=timezone.now()))

    def of_model(self, model):
        """Return the periods of the entries of one model."""
        return self.filter(table=model._meta.model_name)

    def first_since(self, model):
        """Return the expression for when an entry of the outer query first became public."""
        return Subquery(self.since_of_entry(model).order_by("since").values("since")[:1])

    def latest_since(self, model):
        """Return the expression for when an entry of the outer query last became public."""
        return Subquery(self.since_of_entry(model).order_by("-since").values("since")[:1])

    def since_of_entry(self, model):
        """Return the begun periods of an entry of the outer query whose beginning is known."""
        periods = self.of_model(model).filter(object_id=OuterRef("pk"))
        return periods.filter(since__lte=timezone.now())


class Publication(models.Model):
    """A period in which an entry was public by its own status and time; open while it lasts.

    Written with each revision, by ``editing.publication``. A scheduled entry has one that begins
    later. The entry is named by table and id, as in its revisions.
    """

    table = models.CharField(max_length=20, help_text="The model's name: meeting, issue …")
    object_id = models.PositiveBigIntegerField()
    since = models.DateTimeField(null=True, help_text="Empty: before the entry came here.")
    until = models.DateTimeField(null=True, help_text="Empty while it lasts.")
    began_by = models.ForeignKey(
        "meetings.Revision",
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="publications_begun",
        help_text="The revision that was the first to be shown; empty if that was not here.",
    )
    ended_by = models.ForeignKey(
        "meetings.Revision",
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="publications_ended",
        help_text="The revision that was not shown any more; empty if it ended before it came.",
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["table", "object_id", "pk"]
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["table", "object_id"],
                condition=Q(until=None),
                name="publication_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="publication_ends_after_it_begins",
            ),
        ]
        indexes = [
            # Few and small: a large import writes one row for each entry.
            models.Index(fields=["object_id"], name="publication_of_entry"),
            models.Index(fields=["since"], name="publication_by_beginning"),
            models.Index(
                fields=["until"], condition=Q(until__isnull=False), name="publication_by_end"
            ),
        ]

    def __str__(self):
        return f"{self.table} {self.object_id}, {self.since} to {self.until}"
