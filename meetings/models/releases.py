"""Releases: the public record frozen on a day, under a version, as a file that stays."""

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.urls import reverse

from .fields import TextField

VERSION_PATTERN = r"\d{4}-\d{2}-\d{2}-[0-9a-f]{12}"


def release_storage():
    """Return the storage of the files of releases."""
    return storages["releases"]


class ReleaseQuerySet(models.QuerySet):
    def standing(self):
        """Return the releases that were not withdrawn, the newest first."""
        return self.filter(withdrawn_at=None).order_by("-made_at", "-pk")


class Release(models.Model):
    """A frozen version of the public record: its day and the digest of its rows are its name.

    ``slugs`` are those of its entries and references by table, and ``changes`` count the rows by
    table that differ from those of the release before it.
    """

    version = models.CharField(max_length=40, unique=True)
    digest = models.CharField("SHA-256 of the rows", max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="releases",
    )
    note = TextField("change note")
    former = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="following"
    )
    file = models.FileField(storage=release_storage, max_length=200)
    size = models.PositiveBigIntegerField("size in bytes")
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    rows = models.PositiveIntegerField()
    slugs = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="releases_withdrawn",
    )
    withdrawn_because = models.TextField(blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ["view"]
        permissions = [("make_release", "Can make and withdraw releases")]

    def __str__(self):
        return f"Release {self.version}"

    def get_absolute_url(self):
        return reverse("release", args=[self.version])

    @property
    def zip_url(self):
        return reverse("release_zip", args=[self.version])

    @property
    def page_title(self):
        """The title by which it is cited."""
        return f"{settings.SITE_NAME}: data, release {self.version}"

    @property
    def description(self):
        day = f"{self.made_at:%-d %B %Y}"
        return f"The public tables of {settings.SITE_NAME}, frozen on {day}. {self.note}"
