"""The newest meetings and reactions as Atom feeds (RFC 4287)."""

from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from .exporting.responses import parameter_error, unknown_parameters
from .models import Meeting, Reaction, Revision
from .models.fields import FORBIDDEN
from .text.rendering import plain

NEWEST = 50


class RecordFeed(Feed):
    """The newest public entries of one kind: those that became public last come first."""

    feed_type = Atom1Feed
    model: Any = None
    word = ""
    day = ""

    def __call__(self, request, *args, **kwargs):
        problems = unknown_parameters(request, ())
        return parameter_error("txt", problems, ()) if problems else super().__call__(request)

    def title(self):
        return f"{settings.SITE_NAME}: {self.word}"

    def link(self):
        return settings.SITE_URL + reverse(self.word)

    def feed_url(self):
        return f"{settings.SITE_URL}/{self.word}.atom"

    def author_name(self):
        return settings.SITE_NAME

    def items(self):
        made = Revision.objects.filter(
            table=self.model._meta.model_name, object_id=OuterRef("pk"), is_published=True
        ).values("made_at")
        rows = self.model.objects.published().annotate(
            public_since=Coalesce("publish_at", Subquery(made.order_by("number")[:1])),
            revised_at=Subquery(made.order_by("-number")[:1]),
        )
        order = (F("public_since").desc(nulls_last=True), f"-{self.day}", "-slug")
        return rows.select_related(*rows.follow).order_by(*order)[:NEWEST]

    def item_title(self, item):
        return legible(f"{item.page_title}, {self.day_of(item):%Y-%m-%d}")

    def item_description(self, item):
        return legible(plain(item.summary))

    def item_link(self, item):
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item):
        return self.item_link(item)

    def item_pubdate(self, item):
        return item.public_since

    def item_updateddate(self, item):
        """Return when it last changed in public; the day it is about where no revision says."""
        times = [moment for moment in (item.public_since, item.revised_at) if moment]
        return max(times, default=datetime.combine(self.day_of(item), time(), UTC))

    def day_of(self, item):
        return getattr(item, self.day)


class MeetingFeed(RecordFeed):
    model = Meeting
    word = "meetings"
    day = "starts_on"


class ReactionFeed(RecordFeed):
    model = Reaction
    word = "reactions"
    day = "reacted_on"


def legible(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return FORBIDDEN.sub("", text)
