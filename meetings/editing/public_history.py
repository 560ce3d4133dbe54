"""Whether rows were ever public, and how entries ceased to be, by their publications."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import reduce
from itertools import product
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from ..models import (
    Issue,
    Meeting,
    Publication,
    Publishable,
    Reaction,
    Reference,
    Revision,
    Tombstone,
)
from ..tables.registry import TABLES_BY_MODEL

Status = Publishable.Status
# Loaded as withdrawn, without a revision yet: it was public before it came here.
CAME_WITHDRAWN = Q(status=Status.WITHDRAWN, revision=0)
UNUSED = "Nothing that is public refers to this any more"
PURGED = "What stood here was taken away for good"
# The columns one of which is an entry's title.
TITLE_COLUMNS = ("title", "attribution")


def were_public(model: type[Model], ids: Iterable[int]) -> set[int]:
    """Return the ids of those entries or references that are public or ever were."""
    ids = set(ids)
    if not ids or not issubclass(model, Publishable | Reference):
        return set()
    rows = model.objects.filter(pk__in_array=ids).order_by()
    if issubclass(model, Publishable):
        now = rows.filter(model.public_now() | CAME_WITHDRAWN)
        known = set(now.values_list("pk", flat=True))
        return known | had_periods(model, ids - known)
    marked = set(rows.exclude(first_public_at=None).values_list("pk", flat=True))
    if left := ids - marked:
        # Shown by an entry that became public by its schedule: no act has marked it yet.
        shown = model.objects.published().filter(pk__in_array=left).order_by()
        marked.update(shown.values_list("pk", flat=True))
    return marked


def had_periods(model: type[Model], ids: Iterable[int]) -> set[int]:
    """Return the ids of the entries that have been public, as far as their acts are recorded."""
    found = Publication.objects.of_model(model).begun().filter(object_id__in_array=set(ids))
    return set(found.order_by().values_list("object_id", flat=True))


@dataclass(frozen=True)
class Span:
    """A time in which an entry's page was shown; None is an open end."""

    since: datetime | None
    until: datetime | None
    ended_by: int | None

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether it had ended before the entry came here: nobody knows when it was."""
        return self.until is not None and self.ended_by is None

    def overlap(self, other: "Span") -> "Span | None":
        """Return the time that two spans share, with the end of the one that ends first."""
        begins = [span.since for span in (self, other) if span.since]
        ends = [span for span in (self, other) if span.until]
        first = min(ends, key=lambda span: span.until or timezone.now(), default=self)
        since = max(begins, default=None)
        if since and first.until and since >= first.until:
            return None
        return Span(since, first.until, first.ended_by)


@dataclass(frozen=True)
class Ending:
    """What the address of an entry tells that is no longer public, and nothing else."""

    title: str
    ended_on: date | None
    reason: str
    is_withdrawal: bool
    is_purged: bool = False
    what: str = "entry"

    @property
    def sentence(self) -> str:
        """What happened to the entry, as a heading; a reference, without a title, is unused."""
        if self.is_purged:
            return PURGED
        return f"This {self.what} was {self.verb}" if self.title else UNUSED

    @property
    def verb(self) -> str:
        return "withdrawn" if self.is_withdrawal else "taken back"


def no_longer_public(rows: Any) -> dict[int, Span]:
    """Return the last time in which each entry of a queryset was shown that is not any more."""
    model = rows.model
    public = model.objects.published().filter(pk__in=rows.order_by().values("pk"))
    ids = set(rows.order_by().values_list("pk", flat=True))
    ids -= set(public.order_by().values_list("pk", flat=True))
    found = {pk: shown for pk, shown in shown_spans(model, ids).items() if shown}
    last = {
        pk: max(shown, key=lambda span: span.until or timezone.now()) for pk, shown in found.items()
    }
    return {pk: span for pk, span in last.items() if span.until}


def shown_spans(model: type[Model], ids: set[int]) -> dict[int, list[Span]]:
    """Return the times in which entries were shown: with all that they join, as their page is."""
    own = spans(model, ids)
    if model is not Reaction or not own:
        return own
    joined: dict[int, list[list[Span]]] = defaultdict(list)
    through = Reaction.issues.through.objects.filter(reaction__in=own)
    pairs = [
        (Meeting, Reaction.objects.filter(pk__in=own).order_by().values_list("pk", "meeting")),
        (Issue, through.order_by().values_list("reaction", "issue")),
    ]
    for other, links in pairs:
        theirs = spans(other, {pk for _, pk in links})
        for pk, linked in links:
            joined[pk].append(theirs.get(linked, []))
    return {
        pk: [span for span in shown if span.is_from_elsewhere]
        + reduce(overlaps, joined[pk], known_here(shown))
        for pk, shown in own.items()
    }


def known_here(shown: list[Span]) -> list[Span]:
    """Return the spans of which somebody knows when they were."""
    return [span for span in shown if not span.is_from_elsewhere]


def overlaps(some: list[Span], others: list[Span]) -> list[Span]:
    """Return the times that are in one span of each list."""
    pairs = product(some, known_here(others))
    return [shared for one, other in pairs if (shared := one.overlap(other))]


def spans(model: Any, ids: Iterable[int]) -> dict[int, list[Span]]:
    """Return the times in which entries were public by their own status and time."""
    found: dict[int, list[Span]] = defaultdict(list)
    rows = Publication.objects.of_model(model).begun().filter(object_id__in_array=set(ids))
    for pk, *values in rows.values_list("object_id", "since", "until", "ended_by"):
        found[pk].append(Span(*values))
    unrecorded = model.objects.filter(pk__in_array=set(ids) - found.keys(), revision=0)
    for pk, status in unrecorded.filter(model.public_now() | CAME_WITHDRAWN).values_list(
        "pk", "status"
    ):
        until = timezone.now() if status == Status.WITHDRAWN else None
        found[pk].append(Span(None, until, None))
    return found


def ending_of(model: type[Model], slug: str) -> Ending | None:
    """Return how the row with a slug ceased to be public; None if it never was, or is."""
    if issubclass(model, Reference) and is_unused(model, slug):
        return Ending("", None, "", is_withdrawal=False)
    if issubclass(model, Publishable) and (ending := ending_of_entry(model, slug)):
        return ending
    stone = Tombstone.objects.of_model(model).filter(slug=slug).first()
    if stone:
        return Ending("", stone.purged_on, stone.reason, is_withdrawal=False, is_purged=True)
    return None


def ending_of_entry(model: type[Publishable], slug: str) -> Ending | None:
    """Return how the entry with a slug ceased to be public; None if it never was, or is."""
    ended = no_longer_public(model.objects.filter(slug=slug))
    for pk, span in ended.items():
        act = Revision.objects.filter(pk=span.ended_by).first() if span.ended_by else None
        return Ending(
            last_public_title(model.objects.get(pk=pk), act),
            act.made_at.astimezone(UTC).date() if act else None,
            act.note if act else "",
            act is None or status_of(act) == Status.WITHDRAWN,
        )
    return None


def purged_slugs(model: type[Model], slugs: Iterable[str]) -> set[str]:
    """Return those of slugs whose rows were taken away for good: their keys stay reserved."""
    stones = Tombstone.objects.of_model(model).filter(slug__in_array=set(slugs))
    return set(stones.values_list("slug", flat=True))


def is_unused(model: Any, slug: str) -> bool:
    """Return whether a reference was public, while something used it, and is not any more."""
    ids = list(model.objects.filter(slug=slug).values_list("pk", flat=True))
    return bool(were_public(model, ids)) and not model.objects.published().filter(pk__in=ids)


def last_public_title(entry: Publishable, ended_by: Revision | None) -> str:
    """Return the title that an entry had when it was last public: a later one is a draft's."""
    past = Revision.objects.of(entry)
    shown = past.filter(pk__lt=ended_by.pk).first() if ended_by else past.last()
    if shown is None:
        return str(entry)
    own = shown.snapshot[TABLES_BY_MODEL[type(entry)].name][0]
    return next(own[name] for name in TITLE_COLUMNS if name in own)


def status_of(revision: Revision) -> str:
    """Return the status that an entry had after an act."""
    own = next(rows[0] for rows in revision.snapshot.values() if "status" in rows[0])
    return own["status"]
