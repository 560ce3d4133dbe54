"""Recovering what was deleted: from its last revision, as a new draft."""

from typing import Any

from django.db.models import Exists, OuterRef

from ..models import Import, Publishable, Revision, VersionedModel
from ..tables.registry import TABLES_BY_MODEL
from . import acts
from .changes import with_cells
from .errors import Refused
from .snapshots import with_present_slugs


def deleted_revisions(model: type[VersionedModel]):
    """Return the last revisions of what was deleted of a model, the newest first.

    Without those whose address another row has, which what was recovered has again.
    """
    again = model.objects.filter(slug=OuterRef("slug"))
    found = Revision.objects.filter(table=model._meta.model_name, act=Revision.Act.DELETE)
    # What was merged comes back by an undo of the merge.
    found = found.exclude(from_import__act=Import.Act.MERGE)
    return found.exclude(Exists(again)).order_by("-made_at", "-pk")


def recover(*, revision: Revision, model: Any, user=None) -> VersionedModel:
    """Add again what was deleted, with its parts, an entry as a draft; return it.

    Raises PermissionDenied or Refused.
    """
    if not deleted_revisions(model).filter(pk=revision.pk).exists():
        raise Refused(["There is nothing to recover: it is here, or its address has another."])
    (state,) = with_present_slugs([revision.snapshot])
    if issubclass(model, Publishable):
        own = TABLES_BY_MODEL[model]
        state = with_cells(own, state, status=Publishable.Status.DRAFT, publish_at="")
    entry = model()
    note = f"Recovered: deleted {revision.made_at:%-d %B %Y}."
    acts.save(entry=entry, after=state, user=user, note=note)
    return entry
