"""What changed in public since a moment, and when a row last did.

A row changes by its own acts, and by becoming public: by its time, or through what it joins.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, Model, OuterRef, Q
from django.utils import timezone

from ..models import Issue, Meeting, Publication, Publishable, Reaction, Revision
from ..tables.registry import TABLES

Times = dict[int, datetime]


def last_changes(model: type[Model], ids: list[int]) -> dict[int, tuple[int, datetime | None]]:
    """Return the newest revision's number and the last change of public rows of a model, by id.

    A row that was loaded and has no revision yet has number 0, and no time.
    """
    acts = Revision.objects.filter(table=model._meta.model_name, object_id__in_array=ids)
    newest = acts.order_by().values_list("object_id").annotate(Max("number"), Max("made_at"))
    revised = {pk: (number, moment) for pk, number, moment in newest}
    shown = became_public(model, ids)
    found = {}
    for pk in ids:
        number, moment = revised.get(pk, (0, None))
        times = [time for time in (moment, shown.get(pk)) if time]
        found[pk] = (number, max(times, default=None))
    return found


def became_public(model: Any, ids: Iterable[int]) -> Times:
    """Return when public rows of a model last became public, as far as that is recorded."""
    ids = list(ids)
    if not issubclass(model, Publishable):
        marked = model.objects.filter(pk__in_array=ids).exclude(first_public_at=None).order_by()
        return dict(marked.values_list("pk", "first_public_at"))
    found = began(model, ids)
    for joined, links in joined_rows(model, ids):
        theirs = began(joined, {other for _, other in links})
        for pk, other in links:
            if other in theirs:
                found[pk] = max(theirs[other], found.get(pk, theirs[other]))
    return found


def began(model: type[Model], ids: Iterable[int]) -> Times:
    """Return when the last publication of entries began, by id."""
    periods = Publication.objects.of_model(model).filter(object_id__in_array=list(ids))
    begun = periods.filter(since__lte=timezone.now()).order_by()
    return dict(begun.values_list("object_id").annotate(Max("since")))


def joined_rows(model: type[Model], ids: list[int]):
    """Yield the models whose rows a row of another is public with, and the ids of both."""
    if model is Reaction:
        rows = Reaction.objects.filter(pk__in_array=ids).order_by()
        yield Meeting, list(rows.values_list("pk", "meeting"))
        links = Reaction.issues.through.objects.filter(reaction__in_array=ids).order_by()
        yield Issue, list(links.values_list("reaction", "issue"))


def changed_since(model: Any, moment: datetime) -> Q:
    """Return the condition that a public row changed at a moment or after it.

    Of people, places and sources also what an entry shows that became public since then: whether
    the public saw them before that is not recorded.
    """
    acts = Revision.objects.filter(table=model._meta.model_name, object_id=OuterRef("pk"))
    changed = Q(Exists(acts.filter(made_at__gte=moment))) | ~Q(Exists(acts))
    if issubclass(model, Publishable):
        return changed | shown_since(model, moment)
    unmarked = Q(first_public_at=None)
    return changed | unmarked | Q(first_public_at__gte=moment) | shown_by_new(model, moment)


def shown_since(model: Any, moment: datetime) -> Q:
    """Return the condition that an entry became public at a moment or after it."""
    shown = Q(pk__in=begun_since(model, moment))
    if model is Reaction:
        about = Reaction.issues.through.objects.filter(issue__in=begun_since(Issue, moment))
        shown |= Q(meeting__in=begun_since(Meeting, moment)) | Q(pk__in=about.values("reaction"))
    return shown


def shown_by_new(model: Any, moment: datetime) -> Q:
    """Return the condition that an entry which became public since then names a reference."""
    found = Q()
    for table in TABLES:
        owner = table.model._meta.get_field(table.owner).related_model if table.owner else None
        entry: Any = owner or table.model
        if not issubclass(entry, Publishable):
            continue
        new = entry.objects.filter(shown_since(entry, moment)).order_by().values("pk")
        rows = table.model._default_manager.filter(**{f"{table.owner or 'pk'}__in": new}).order_by()
        for column, named in (table.foreign_keys | table.many_to_many).items():
            if named is model:
                found |= Q(pk__in=rows.exclude(**{column: None}).values(column))
    return found


def begun_since(model: type[Model], moment: datetime):
    """Return the ids of the entries of which a publication began at a moment or after it."""
    begun = Publication.objects.of_model(model).filter(since__lte=timezone.now())
    return begun.filter(since__gte=moment).order_by().values("object_id")
