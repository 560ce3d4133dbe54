"""What left a list since a moment: withdrawn, renamed, merged into another, or used no more."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ..models import (
    Import,
    Issue,
    Meeting,
    Publication,
    Publishable,
    Reaction,
    Redirect,
    Revision,
    Tombstone,
)
from .public_history import last_public_title, no_longer_public, status_of, were_public
from .redirects import address_folder, visible_paths

Left = dict[str, Any]


def left_since(model: Any, moment: datetime) -> list[Left]:
    """Return what left the public rows of a model: slug, address, what, when, and whereto.

    Of what was withdrawn also what its address says: title and reason. When a reference fell out of
    use is not recorded: it is listed always.
    """
    ended = ended_since(model, moment) if issubclass(model, Publishable) else unused(model)
    moved = [*renamed_since(model, moment), *merged_since(model, moment)]
    return [*ended, *moved, *purged_since(model, moment)]


def purged_since(model: Any, moment: datetime) -> Iterator[Left]:
    """Yield what was taken away for good on the day of a moment, or after it; without a title."""
    day = moment.astimezone(UTC).date()
    stones = Tombstone.objects.of_model(model).filter(purged_on__gte=day)
    for stone in stones.order_by("slug"):
        on = datetime.combine(stone.purged_on, time(), UTC)
        yield left(model, stone.slug, "purged", on, reason=stone.reason)


def ended_since(model: Any, moment: datetime) -> Iterator[Left]:
    """Yield the entries that were shown, and were so no longer at a moment or after it."""
    changed = Q(pk__in=ended_ids(model, moment))
    if model is Reaction:
        about = Reaction.issues.through.objects.filter(issue__in=ended_ids(Issue, moment))
        changed |= Q(meeting__in=ended_ids(Meeting, moment)) | Q(pk__in=about.values("reaction"))
    rows = model.objects.filter(changed)
    spans = no_longer_public(rows)
    entries = rows.in_bulk(spans)
    acts = Revision.objects.in_bulk({span.ended_by for span in spans.values() if span.ended_by})
    for pk, span in sorted(spans.items(), key=lambda item: entries[item[0]].slug):
        if span.until is None or span.until < moment:
            continue
        act, entry = acts.get(span.ended_by or 0), entries[pk]
        is_withdrawal = act is None or status_of(act) == Publishable.Status.WITHDRAWN
        yield left(
            model,
            entry.slug,
            "withdrawn" if is_withdrawal else "taken back",
            span.until,
            title=last_public_title(entry, act),
            reason=act.note if act else None,
        )


def ended_ids(model: Any, moment: datetime):
    """Return the ids of the entries of which a publication ended at a moment or after it."""
    periods = Publication.objects.of_model(model).begun().filter(until__gte=moment)
    return periods.order_by().values("object_id")


def unused(model: Any) -> Iterator[Left]:
    """Yield the references that were public, and are used by nothing public any more."""
    hidden = model.objects.exclude(pk__in=model.objects.published().order_by().values("pk"))
    slugs = dict(hidden.exclude(first_public_at=None).order_by("slug").values_list("pk", "slug"))
    shown = were_public(model, slugs)
    return (left(model, slug, "unused", None) for pk, slug in slugs.items() if pk in shown)


def renamed_since(model: Any, moment: datetime) -> Iterator[Left]:
    """Yield the former slugs of public rows that were renamed at a moment or after it."""
    acts = Revision.objects.filter(table=model._meta.model_name)
    others = acts.filter(object_id=OuterRef("pk")).exclude(slug=OuterRef("slug"))
    rows = model.objects.published().filter(Exists(others)).order_by()
    slugs = dict(rows.values_list("pk", "slug"))
    named: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    past = acts.filter(object_id__in_array=list(slugs)).order_by("object_id", "number")
    for pk, slug, made_at in past.values_list("object_id", "slug", "made_at"):
        named[pk].append((slug, made_at))
    moves = [
        (former, renamed_at)
        for pk, names in named.items()
        for (former, _), (slug, renamed_at) in pairwise(names)
        if former not in (slug, slugs[pk]) and renamed_at >= moment
    ]
    yield from led_on(model, moves, "renamed")


def merged_since(model: Any, moment: datetime) -> Iterator[Left]:
    """Yield the slugs of rows that were merged into others at a moment or after it."""
    acts = Revision.objects.filter(table=model._meta.model_name, act=Revision.Act.DELETE)
    merged = acts.filter(from_import__act=Import.Act.MERGE, made_at__gte=moment)
    moves = merged.order_by("made_at").values_list("slug", "made_at")
    yield from led_on(model, list(moves), "merged")


def led_on(model: Any, moves: list[tuple[str, datetime]], what: str) -> Iterator[Left]:
    """Yield those of former slugs whose addresses lead on to a page that the public may know."""
    folder = address_folder(model)
    paths = {f"{folder}{slug}/" for slug, _ in moves}
    found = Redirect.objects.filter(old_path__in=paths)
    onward = dict(found.values_list("old_path", "new_path"))
    known = visible_paths(onward.values())
    for slug, moment in dict(moves).items():
        to = onward.get(f"{folder}{slug}/")
        if to in known:
            yield left(model, slug, what, moment, to=to)


def left(model: Any, slug: str, what: str, moment: datetime | None, **more: Any) -> Left:
    """Return one that left; its addresses are paths."""
    values = {"slug": slug, "address": f"{address_folder(model)}{slug}/", "what": what}
    changed = moment and moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return values | {"changed": changed} | {"title": None, "reason": None, "to": None} | more
