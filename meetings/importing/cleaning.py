"""Cleaning up: what expired or ended imports left, and sessions that ended.

Imports themselves stay, with their counts, notes and hashes: the list of imports is the history of
the record, and revisions name them. An undo needs revisions alone. Of its own rows, those that say
what was kept and why are shown on its page, and stay too.
"""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ..models import Import, ImportRow
from . import uploads

State = Import.State
# The states of an import with which nothing more happens.
ENDED_STATES = (State.DONE, State.STOPPED, State.EXPIRED, State.FAILED)
BATCH_ROWS = 10_000


@dataclass(frozen=True)
class CleaningResult:
    """Number of plans, of rows of imports, of files and of sessions that were taken away."""

    plans: int
    rows: int
    files: int
    sessions: int


def clean_up(*, before: datetime) -> CleaningResult:
    """Delete expired plans and sessions, and what is left of imports that ended before a time."""
    plans = Import.objects.expired().count()
    uploads.expire()
    ended = Import.objects.filter(state__in=ENDED_STATES).filter(
        Q(finished_at__lt=before) | Q(finished_at=None, made_at__lt=before)
    )
    rows = delete_rows(ended)
    # Files are dropped when an import ends; one that was killed at that moment may have kept its.
    files = ended.filter(content__isnull=False).update(content=None)
    return CleaningResult(plans, rows, files, delete_sessions())


def delete_rows(ended: QuerySet[Import]) -> int:
    """Delete the rows that ended imports have left, and that no page shows; return their number.

    In batches: one statement for millions of rows would hold up whoever writes on SQLite.
    """
    of_ended = Exists(ended.filter(pk=OuterRef("plan")))
    found = ImportRow.objects.filter(of_ended).exclude(action=ImportRow.Action.KEPT).order_by()
    count = 0
    while batch := list(found.values_list("pk", flat=True)[:BATCH_ROWS]):
        count += ImportRow.objects.filter(pk__in_array=batch).delete()[0]
    return count


def delete_sessions() -> int:
    """Delete expired sessions as ``clearsessions`` does; return how many of them rows were."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    count = store.get_model_class().objects.filter(expire_date__lt=timezone.now()).count()
    store.clear_expired()
    return count
