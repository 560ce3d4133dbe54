"""Pages about the record itself: home, about, method, accessibility."""

from django.core.exceptions import ValidationError
from django.urls import reverse

from .addresses import entry_address
from .fields import LineField, ProseField, TextField, reserved_slug_error
from .publishable import EntryQuerySet, Publishable, entry_constraints

HOME_SLUG = "home"
METHOD_SLUG = "method"
# The first parts of the site's own paths; a test compares them with ``urls.py``.
SITE_ADDRESSES = (
    "accounts",
    "admin",
    "appearance",
    "card",
    "changes",
    "corrections",
    "data",
    "favicon",
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
# The paths of pages that exist whatever the record holds; the same test compares them.
SITE_PAGES = (
    "/",
    "/accounts/",
    "/appearance/",
    "/changes/",
    "/corrections/",
    "/data/",
    "/data/codebook/",
    "/data/releases/",
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
ADMIN_PATH = "/admin/"


class PageQuerySet(EntryQuerySet):
    def prefetches(self, user):
        return ["sources"]


class Page(Publishable):
    """A page about the record itself, written by its editors."""

    title = LineField(max_length=200)
    summary = TextField(blank=True)
    body = ProseField(blank=True, help_text="Markdown. Begin headings with ##.")

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        permissions = [("publish_page", "Can publish, withdraw and correct pages")]
        constraints = entry_constraints("page")

    def __str__(self):
        return self.title

    def clean(self):
        if self.slug in SITE_ADDRESSES:
            raise ValidationError({"slug": reserved_slug_error(self.slug)})

    def get_absolute_url(self):
        return reverse("home") if self.slug == HOME_SLUG else entry_address("page", self.slug)
