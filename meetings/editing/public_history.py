"""Whether entries were ever public, by status and publication time in their revisions."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model, Q
from django.db.models.fields.json import KT
from django.utils import timezone

from ..models import Publishable, Revision
from ..tables.registry import BY_MODEL

Status = Publishable.Status


def were_public(model: type[Model], ids: Iterable[int]) -> set[int]:
    """Return the ids of those entries that are public or ever were."""
    ids = set(ids)
    if not ids or not issubclass(model, Publishable):
        return set()
    # Loaded as withdrawn, without a revision yet: it was public before it came here.
    came_withdrawn = Q(status=Status.WITHDRAWN, revision=0)
    rows = model.objects.filter(pk__in_array=ids).filter(model.public_now() | came_withdrawn)
    known = set(rows.order_by().values_list("pk", flat=True))
    return known | public_in_revisions(model, ids - known)


def public_in_revisions(model: type[Model], ids: Iterable[int]) -> set[int]:
    """Return the ids of the entries that a revision shows as public before the next one was made.

    An entry whose first revision is withdrawn counts: it was public before it came here.
    """
    own = BY_MODEL[model].name
    status, publish_at = (KT(f"snapshot__{own}__0__{name}") for name in ("status", "publish_at"))
    past = Revision.objects.filter(table=model._meta.model_name, object_id__in_array=ids)
    rows = past.order_by("object_id", "-number").annotate(had=status, due=publish_at)
    now = timezone.now()
    found: set[int] = set()
    ends: dict[int, datetime] = {}
    for pk, number, made_at, act, had, due in rows.values_list(
        "object_id", "number", "made_at", "act", "had", "due"
    ).iterator():
        is_shown = had == Status.PUBLISHED or (had == Status.WITHDRAWN and number == 1)
        is_due = not due or datetime.fromisoformat(due) <= ends.get(pk, now)
        if is_shown and is_due and act != Revision.Act.DELETE:
            found.add(pk)
        ends[pk] = made_at
    return found


def withdrawn(rows):
    """Return the entries of a queryset that were public and are withdrawn."""
    rows = rows.filter(status=Status.WITHDRAWN)
    ids = rows.order_by().values_list("pk", flat=True)
    return rows.filter(pk__in_array=were_public(rows.model, ids))
