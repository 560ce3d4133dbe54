"""Worker for large imports, which are done one after another outside of requests.

Any number of workers may run. A worker updates ``beat_at`` of a plan that it makes every second,
and locks the row of one that it applies; otherwise the import was left by a killed process.
"""

import logging
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from ..editing.errors import Refused
from ..models import Import
from . import progress, undo, uploads
from .progress import ApplyingReporter, PlanningReporter, Stopped

State = Import.State
# Without a sign of life for so long, an import counts as abandoned.
LOST_AFTER = timedelta(seconds=20)
INTERRUPTED = "The work was cut off. Nothing was written."
INTERNAL_ERROR = (
    "Something went wrong on our side, and the error was recorded. Nothing was written."
)
logger = logging.getLogger(__name__)


def run_next() -> bool:
    """Work on the oldest waiting import; return whether there was one."""
    uploads.expire()
    fail_interrupted()
    now = timezone.now()
    abandoned = Q(state=State.PLANNING, beat_at__lt=now - LOST_AFTER)
    new = Q(state__in=(State.PLANNING, State.APPLYING), beat_at=None)
    found = Import.objects.filter(new | abandoned).order_by("pk").first()
    if found is None:
        return False
    # Of several workers, the one that updates the row first takes it.
    waiting = Import.objects.filter(pk=found.pk, state=found.state, beat_at=found.beat_at)
    if waiting.update(beat_at=now):
        work_on(found)
    return True


def work_on(imported: Import) -> None:
    """Plan or apply one import, and store how that ended."""
    try:
        if imported.state == State.PLANNING:
            uploads.make_plan(imported, PlanningReporter(imported))
        else:
            apply_import(imported)
    except Stopped:
        uploads.discard(Import.objects.filter(pk=imported.pk), State.STOPPED)
    except Refused as refusal:
        # A plan that was refused can be looked at and made again.
        is_plan = imported.act == Import.Act.IMPORT
        store_refusal(imported, State.READY if is_plan else State.FAILED, refusal.problems)
    except PermissionDenied as refusal:
        store_refusal(imported, State.FAILED, [f"{refusal} Nothing was written."])
    except Exception:
        logger.exception("Import %s failed", imported.pk)
        store_refusal(imported, State.FAILED, [INTERNAL_ERROR])
    finally:
        progress.clear(imported)


@transaction.atomic
def apply_import(imported: Import) -> None:
    """Apply a plan, or undo an import, with its row locked all the time."""
    current = Import.objects.select_for_update().defer("content").get(pk=imported.pk)
    if current.state != State.APPLYING:
        return
    reporter = ApplyingReporter(current)
    if current.undoes:
        undo.undo_import(
            imported=current.undoes,
            user=current.made_by,
            note=current.note,
            undone=current,
            reporter=reporter,
        )
    else:
        uploads.apply_and_clear(current, current.made_by, current.note, current.kind, reporter)


def store_refusal(imported: Import, state: str, reasons: list[str]) -> None:
    """Store why an import was not applied."""
    if state == State.FAILED:
        imported.rows.all().delete()
    Import.objects.filter(pk=imported.pk).update(
        state=state, refusal=reasons, content=None, beat_at=None, finished_at=timezone.now()
    )


def fail_interrupted() -> None:
    """Mark imports whose process was killed as failed; their transaction was rolled back.

    An import whose row is locked is still being applied.
    """
    found = Import.objects.filter(state=State.APPLYING, beat_at__lt=timezone.now() - LOST_AFTER)
    for imported in found.only("pk"):
        try:
            with transaction.atomic():
                rows = Import.objects.select_for_update(skip_locked=True)
                if rows.filter(pk=imported.pk, state=State.APPLYING).exists():
                    store_refusal(imported, State.FAILED, [INTERRUPTED])
        except OperationalError:
            # SQLite: somebody has been writing for longer than the timeout; it may be a worker.
            continue
