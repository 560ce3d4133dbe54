"""Sitemaps of the public pages: an index, and a sitemap for each kind."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from .answers.parameters import reads
from .models import (
    Actor,
    Issue,
    Meeting,
    Milestone,
    Page,
    Place,
    Publication,
    Reaction,
    Release,
    Revision,
    Source,
    Theme,
)


class RecordSitemap(Sitemap):
    """The public rows of one kind, under the site's own address."""

    model = None
    limit = 10_000

    def items(self):
        acts = Revision.objects.filter(table=self.model._meta.model_name, object_id=OuterRef("pk"))
        revised_at = Subquery(acts.order_by("-number").values("made_at")[:1])
        rows = self.model.objects.published().order_by("pk").only("slug")
        # A scheduled entry becomes public without an act.
        shown_at = Publication.objects.latest_since(self.model)
        return rows.annotate(revised_at=revised_at, shown_at=shown_at)

    def lastmod(self, item):
        times = (getattr(item, name, None) for name in ("revised_at", "shown_at"))
        return max((time for time in times if time), default=None)

    def get_latest_lastmod(self):
        """Return None: the index would query it of every row."""

    def get_protocol(self, protocol=None):
        return settings.SITE_URL.partition("://")[0]

    def get_domain(self, site=None):
        return settings.SITE_URL.partition("://")[2]


class ListSitemap(RecordSitemap):
    """The lists."""

    NAMES = (
        "meetings",
        "issues",
        "by_meeting",
        "accounts",
        "reactions",
        "themes",
        "timeline",
        "people",
        "places",
        "sources",
        "data",
        "codebook",
        "releases",
        "changes",
        "corrections",
    )

    def items(self):
        return self.NAMES

    def location(self, item):
        return reverse(item)


class ReleaseSitemap(RecordSitemap):
    """The releases that were not withdrawn."""

    def items(self):
        return Release.objects.standing().defer("slugs")

    def lastmod(self, item):
        return item.made_at


SITEMAPS = {"lists": ListSitemap, "releases": ReleaseSitemap} | {
    name: type(f"{model.__name__}Sitemap", (RecordSitemap,), {"model": model})
    for name, model in (
        ("pages", Page),
        ("meetings", Meeting),
        ("issues", Issue),
        ("reactions", Reaction),
        ("themes", Theme),
        ("milestones", Milestone),
        ("people", Actor),
        ("places", Place),
        ("sources", Source),
    )
}


@reads("p")
def sitemap(request, section):
    """Answer with the sitemap of one kind."""
    return views.sitemap(request, SITEMAPS, section)


@reads()
def sitemap_index(request):
    """Answer with the index, its addresses under SITE_URL and not the host of the request."""
    response = views.index(request, SITEMAPS)
    for item in response.context_data["sitemaps"]:
        path = urlsplit(item.location)._replace(scheme="", netloc="").geturl()
        item.location = settings.SITE_URL + path
    return response
