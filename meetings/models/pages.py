"""The record's own words: home, about, method, accessibility."""

from django.core.exceptions import ValidationError
from django.urls import reverse

from .fields import LineField, ProseField, TextField, address_taken
from .publishable import EntryQuerySet, Publishable, entry_meta

HOME = "home"
# The first words of the site's own addresses; a test compares them with those of ``urls.py``.
SITE_ADDRESSES = (
    "admin",
    "appearance",
    "card",
    "data",
    "healthz",
    "issues",
    "meetings",
    "milestones",
    "people",
    "places",
    "reactions",
    "robots",
    "search",
    "sitemap",
    "sources",
    "static",
    "themes",
    "timeline",
)
# Its own pages, which are there whatever the record holds; the same test compares them.
SITE_PAGES = (
    "/",
    "/appearance/",
    "/data/",
    "/data/codebook/",
    "/issues/",
    "/issues/by-meeting/",
    "/meetings/",
    "/people/",
    "/places/",
    "/reactions/",
    "/search/",
    "/sources/",
    "/themes/",
    "/timeline/",
)
DESK = "/admin/"


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

    def clean(self):
        if self.slug in SITE_ADDRESSES:
            raise ValidationError({"slug": address_taken(self.slug)})

    def get_absolute_url(self):
        return reverse("home") if self.slug == HOME else reverse("page", args=[self.slug])
