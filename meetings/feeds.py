"""What is new of each kind, under the filters of its list, and what changed, as Atom (RFC 4287)."""

from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import escape

from .answers.parameters import ANY
from .editing.public_changes import public_changes
from .editing.redirects import public_entry_at
from .exporting.responses import parameter_error, unknown_parameters
from .lists.filters import (
    ActorFilter,
    IssueFilter,
    MeetingFilter,
    ReactionFilter,
    RecordFilter,
    SourceFilter,
)
from .models import (
    Actor,
    Issue,
    Meeting,
    Milestone,
    Place,
    Publication,
    Publishable,
    Reaction,
    Release,
    Revision,
    Source,
    Theme,
)
from .models.fields import FORBIDDEN_CHARACTER
from .text.rendering import plain_text

MOST_ENTRIES = 50
# The day that a row is about, the columns with its text, and those that say of what kind it is.
DAYS: dict[Any, str] = {
    Meeting: "starts_on",
    Reaction: "reacted_on",
    Milestone: "occurred_on",
}
TEXTS = ("summary", "description", "publisher")
CATEGORIES = ("format", "event_status", "stance", "capacity", "kind")
NO_DAY = date(1970, 1, 1)
# Of all ids of entries, for which it stands alone.
IDS = UUID("5f0c1f0e-6a55-4a5e-9a4b-0d6f3c1f7a29")


class RecordAtom(Atom1Feed):
    """An Atom feed of the same bytes until an entry changes, also where it has no entry."""

    def latest_post_date(self):
        # The standard wants a time, and Django gives that of the clock.
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


class AtomFeed(Feed):
    """What all feeds say of themselves."""

    parameters = ANY
    feed_type = RecordAtom
    language = "en"

    def author_name(self):
        return settings.SITE_NAME

    def feed_copyright(self):
        return settings.CONTENT_LICENCE

    item_copyright = feed_copyright


class ListFeed(AtomFeed):
    """The newest public rows of one kind under the filters of their list, the newest first.

    A row is new when it first became public.
    """

    def __init__(self, name: str, model: Any, filters: type[RecordFilter] | None = None, page=""):
        self.name, self.model, self.filters, self.page = name, model, filters, page or name

    def __call__(self, request, *args, **kwargs):
        known = [*self.filters.base_filters] if self.filters else []
        problems = unknown_parameters(request, known)
        rows = self.model.objects.published()
        found = self.filters(request.GET, rows) if self.filters and not problems else None
        problems += found.ignored if found else []
        if problems:
            return parameter_error("txt", problems, known)
        return super().__call__(request, rows=rows, found=found)

    def get_object(self, request, rows, found):
        query, words = [], []
        if found:
            # A feed is of all kinds, until one is chosen.
            rows = found.rows_under(found.chosen)
            query = [(name, value) for name, values in found.chosen.items() for value in values]
            words = [chip["text"] for chip in found.chips]
        return {"rows": rows, "query": f"?{urlencode(query)}" if query else "", "words": words}

    def title(self, feed):
        about = f" ({', '.join(feed['words'])})" if feed["words"] else ""
        return without_forbidden_characters(f"{settings.SITE_NAME}: {self.name}{about}")

    def link(self, feed):
        return settings.SITE_URL + reverse(self.page) + feed["query"]

    def feed_url(self, feed):
        return f"{settings.SITE_URL}/{self.name}.atom{feed['query']}"

    def items(self, feed):
        acts = Revision.objects.filter(
            table=self.model._meta.model_name, object_id=OuterRef("pk")
        ).order_by("number")
        if issubclass(self.model, Publishable):
            rows = feed["rows"].annotate(
                public_since=Publication.objects.first_since(self.model),
                public_again=Publication.objects.latest_since(self.model),
                revised_at=Subquery(acts.shown().reverse().values("made_at")[:1]),
            )
        else:
            rows = feed["rows"].annotate(
                public_since=F("first_public_at"),
                public_again=F("first_public_at"),
                revised_at=Subquery(acts.reverse().values("made_at")[:1]),
            )
        rows = rows.annotate(
            first_slug=Subquery(acts.values("slug")[:1]),
            first_made_at=Subquery(acts.values("made_at")[:1]),
        )
        days = [f"-{DAYS[self.model]}"] if self.model in DAYS else []
        order = (F("public_since").desc(nulls_last=True), *days, "-slug")
        lists = ["issues"] if self.model is Reaction else []
        found = rows.select_related(*rows.select_related_fields).prefetch_related(*lists)
        return found.order_by(*order)[:MOST_ENTRIES]

    def item_title(self, item):
        day = self.day_of(item)
        return without_forbidden_characters(f"{item.heading}, {day}" if day else item.page_title)

    def item_description(self, item):
        # Django's summaries are HTML, in which a text is to be escaped once more.
        text = next((text for name in TEXTS if (text := getattr(item, name, ""))), "")
        return escape(without_forbidden_characters(plain_text(text)))

    def item_link(self, item):
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item):
        table = self.model._meta.model_name
        return permanent_id(table, item.first_slug or item.slug, 1, item.first_made_at)

    def item_author_name(self, item):
        """Return whose words a reaction is, or who wrote a source; other entries are the site's."""
        name = getattr(item, "attribution", "") or getattr(item, "authors", "")
        return without_forbidden_characters(name) or None

    def item_categories(self, item):
        named = [
            getattr(item, f"get_{name}_display")() for name in CATEGORIES if hasattr(item, name)
        ]
        named += [issue.title for issue in item.issues.all()] if self.model is Reaction else []
        found = (without_forbidden_characters(str(name)) for name in named if name)
        return list(dict.fromkeys(found))

    def item_pubdate(self, item):
        return item.public_since

    def item_updateddate(self, item):
        """Return the time of the last public change; without one, the day it is about."""
        times = [moment for moment in (item.public_again, item.revised_at) if moment]
        return max(times, default=datetime.combine(self.day_of(item) or NO_DAY, time(), UTC))

    def day_of(self, item):
        return getattr(item, DAYS[self.model]) if self.model in DAYS else None


FEEDS = (
    ListFeed("meetings", Meeting, MeetingFilter),
    ListFeed("issues", Issue, IssueFilter),
    ListFeed("reactions", Reaction, ReactionFilter),
    ListFeed("themes", Theme),
    ListFeed("milestones", Milestone, page="timeline"),
    ListFeed("people", Actor, ActorFilter),
    ListFeed("places", Place),
    ListFeed("sources", Source, SourceFilter),
)


class ChangeFeed(AtomFeed):
    """The newest public changes, of all entries or of the one at the address ``entry``."""

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
        row = item.row
        return permanent_id("change", row.table, row.slug, row.number, row.made_at)

    def item_categories(self, item):
        return [item.what]

    def item_pubdate(self, item):
        return item.since

    item_updateddate = item_pubdate


class CorrectionFeed(ChangeFeed):
    name = "corrections"
    corrections = True


class ReleaseFeed(AtomFeed):
    """The newest releases; one that was withdrawn says so, and has no file any more."""

    def __call__(self, request, *args, **kwargs):
        problems = unknown_parameters(request, ())
        return parameter_error("txt", problems, ()) if problems else super().__call__(request)

    def title(self):
        return without_forbidden_characters(f"{settings.SITE_NAME}: releases")

    def link(self):
        return settings.SITE_URL + reverse("releases")

    def feed_url(self):
        return f"{settings.SITE_URL}/data/releases.atom"

    def items(self):
        return Release.objects.defer("slugs")[:MOST_ENTRIES]

    def item_title(self, item):
        return f"{item}, withdrawn" if item.withdrawn_at else str(item)

    def item_description(self, item):
        return escape(without_forbidden_characters(item.withdrawn_because or item.note))

    def item_link(self, item):
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item):
        return permanent_id("release", item.version, item.made_at)

    def item_enclosures(self, item):
        address = settings.SITE_URL + item.zip_url
        file = Enclosure(address, str(item.size), "application/zip")
        return [] if item.withdrawn_at else [file]

    def item_pubdate(self, item):
        return item.made_at

    def item_updateddate(self, item):
        return item.withdrawn_at or item.made_at


def permanent_id(*parts: Any) -> str:
    """Return an id that stays when a page or the site moves, as RFC 4287 (4.2.6) demands.

    The moment of an act, to the microsecond, is among its parts: no other site has the same.
    """
    return uuid5(IDS, " ".join(str(part) for part in parts)).urn


def without_forbidden_characters(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return FORBIDDEN_CHARACTER.sub("", text)
