"""The record's own words: home, about, method, accessibility."""

from django.urls import reverse

from .fields import LineField, ProseField, TextField
from .publishable import EntryQuerySet, Publishable, entry_meta

HOME = "home"


class PageQuerySet(EntryQuerySet):
    def record_lookups(self, user):
        return ["sources"]


class Page(Publishable):
    """A page about the record itself, written at the desk."""

    title = LineField(max_length=200)
    summary = TextField(blank=True)
    body = ProseField(blank=True, help_text="Markdown. Begin headings with ##.")

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        permissions = [("publish_page", "Can publish, withdraw and correct pages")]
        constraints = entry_meta("page")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("home") if self.slug == HOME else reverse("page", args=[self.slug])
