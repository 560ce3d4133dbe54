"""The public pages, for search engines: an index, and a map for each kind."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from .models import Actor, Issue, Meeting, Milestone, Page, Place, Reaction, Source, Theme


class RecordSitemap(Sitemap):
    """The public rows of one kind, under the site's own address."""

    model = None
    limit = 10_000

    def items(self):
        return self.model.objects.published().order_by("pk").only("slug")

    def get_protocol(self, protocol=None):
        return settings.SITE_URL.partition("://")[0]

    def get_domain(self, site=None):
        return settings.SITE_URL.partition("://")[2]


class ListSitemap(RecordSitemap):
    """The lists."""

    NAMES = (
        *("meetings", "issues", "by_meeting", "reactions", "themes", "timeline"),
        *("people", "places", "sources"),
    )

    def items(self):
        return self.NAMES

    def location(self, item):
        return reverse(item)


SITEMAPS = {"lists": ListSitemap} | {
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
