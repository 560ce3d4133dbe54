"""The newest meetings and reactions as Atom feeds (RFC 4287)."""

from datetime import UTC, datetime, time
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from .answers.parameters import ANY
from .editing.public_changes import public_changes
from .editing.redirects import public_entry_at
from .exporting.responses import parameter_error, unknown_parameters
from .models import Meeting, Publication, Reaction, Revision
from .models.fields import FORBIDDEN_CHARACTER
from .text.rendering import plain_text

MOST_ENTRIES = 50


class RecordAtom(Atom1Feed):
    """An Atom feed of the same bytes until an entry changes, also where it has no entry."""

    def latest_post_date(self):
        # The standard wants a time, and Django gives that of the clock.
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


class RecordFeed(Feed):
    """The newest public entries of one kind, in order of when they became public."""

    parameters = ANY
    feed_type = RecordAtom
    model: Any = None
    list_name = ""
    date_field = ""

    def __call__(self, request, *args, **kwargs):
        problems = unknown_parameters(request, ())
        return parameter_error("txt", problems, ()) if problems else super().__call__(request)

    def title(self):
        return f"{settings.SITE_NAME}: {self.list_name}"

    def link(self):
        return settings.SITE_URL + reverse(self.list_name)

    def feed_url(self):
        return f"{settings.SITE_URL}/{self.list_name}.atom"

    def author_name(self):
        return settings.SITE_NAME

    def items(self):
        name = self.model._meta.model_name
        acts = Revision.objects.filter(table=name, object_id=OuterRef("pk")).shown()
        rows = self.model.objects.published().annotate(
            public_since=Publication.objects.first_since(self.model),
            public_again=Publication.objects.latest_since(self.model),
            revised_at=Subquery(acts.order_by("-number").values("made_at")[:1]),
        )
        order = (F("public_since").desc(nulls_last=True), f"-{self.date_field}", "-slug")
        return rows.select_related(*rows.select_related_fields).order_by(*order)[:MOST_ENTRIES]

    def item_title(self, item):
        return without_forbidden_characters(f"{item.heading}, {self.date_of(item):%Y-%m-%d}")

    def item_description(self, item):
        # Django's summaries are HTML, in which a text is to be escaped once more.
        return escape(without_forbidden_characters(plain_text(item.summary)))

    def item_link(self, item):
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item):
        return self.item_link(item)

    def item_pubdate(self, item):
        return item.public_since

    def item_updateddate(self, item):
        """Return the time of the last public change; without one, the day it is about."""
        times = [moment for moment in (item.public_again, item.revised_at) if moment]
        return max(times, default=datetime.combine(self.date_of(item), time(), UTC))

    def date_of(self, item):
        return getattr(item, self.date_field)


class MeetingFeed(RecordFeed):
    model = Meeting
    list_name = "meetings"
    date_field = "starts_on"


class ReactionFeed(RecordFeed):
    model = Reaction
    list_name = "reactions"
    date_field = "reacted_on"


class ChangeFeed(Feed):
    """The newest public changes, of all entries or of the one at the address ``entry``."""

    parameters = ANY
    feed_type = RecordAtom
    name = "changes"
    corrections = False

    def __call__(self, request, *args, **kwargs):
        problems = unknown_parameters(request, ["entry"])
        path = request.GET.get("entry", "")
        entry = public_entry_at(path) if path else None
        problems += [f"entry={path}"] if path and entry is None else []
        return (
            parameter_error("txt", problems, ["entry"])
            if problems
            else super().__call__(request, entry=entry, path=path)
        )

    def get_object(self, request, entry, path):
        found = public_changes(entry=entry, corrections=self.corrections)
        changes = list(islice(found, MOST_ENTRIES))
        query = f"?{urlencode({'entry': path})}" if entry else ""
        about = f", {changes[0].entry.page_title}" if entry and changes else ""
        return {"changes": changes, "query": query, "about": about}

    def title(self, feed):
        return without_forbidden_characters(f"{settings.SITE_NAME}: {self.name}{feed['about']}")

    def link(self, feed):
        return f"{settings.SITE_URL}/{self.name}/{feed['query']}"

    def feed_url(self, feed):
        return f"{settings.SITE_URL}/{self.name}.atom{feed['query']}"

    def author_name(self):
        return settings.SITE_NAME

    def items(self, feed):
        return feed["changes"]

    def item_title(self, item):
        return without_forbidden_characters(f"{item.entry.page_title}: {item.what}")

    def item_description(self, item):
        return escape(without_forbidden_characters(" ".join(item.public_words)))

    def item_link(self, item):
        end = f"{item.address}changes/" if item.is_readable else item.entry.get_absolute_url()
        return settings.SITE_URL + end

    def item_guid(self, item):
        return settings.SITE_URL + item.address

    def item_pubdate(self, item):
        return item.since

    item_updateddate = item_pubdate


class CorrectionFeed(ChangeFeed):
    name = "corrections"
    corrections = True


def without_forbidden_characters(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return FORBIDDEN_CHARACTER.sub("", text)
