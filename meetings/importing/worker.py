"""The work on large imports, one after another, outside the requests that asked for it.

Any number of loops may run. Whoever is at work on a plan says so every second, and whoever carries
one out holds its row; what is neither is left behind by a process that was killed.
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
LOST_AFTER = timedelta(seconds=20)
INTERRUPTED = "The work was cut off. Nothing was written."
INTERNAL_ERROR = (
    "Something went wrong on our side, and the error was recorded. Nothing was written."
)
logger = logging.getLogger(__name__)


def run_next() -> bool:
    """Do the oldest piece of work there is, and return whether there was one."""
    uploads.expire()
    fail_interrupted()
    now = timezone.now()
    silent = Q(state=State.PLANNING, beat_at__lt=now - LOST_AFTER)
    new = Q(state__in=(State.PLANNING, State.APPLYING), beat_at=None)
    found = Import.objects.filter(new | silent).order_by("pk").first()
    if found is None:
        return False
    # Whoever writes the time first has it.
    mine = Import.objects.filter(pk=found.pk, state=found.state, beat_at=found.beat_at)
    if mine.update(beat_at=now):
        work_on(found)
    return True


def work_on(imported: Import) -> None:
    """Plan or carry out one import, and write down how that ended."""
    try:
        if imported.state == State.PLANNING:
            uploads.make_plan(imported, PlanningReporter(imported))
        else:
            apply_import(imported)
    except Stopped:
        uploads.discard(Import.objects.filter(pk=imported.pk), State.STOPPED)
    except Refused as refusal:
        # A plan that was refused can be looked at, and made anew.
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
    """Carry a plan out, or take an import back, holding its row from the first to the last."""
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
    """Write down why an import was not carried out."""
    if state == State.FAILED:
        imported.rows.all().delete()
    Import.objects.filter(pk=imported.pk).update(
        state=state, refusal=reasons, content=None, beat_at=None, finished_at=timezone.now()
    )


def fail_interrupted() -> None:
    """Say of imports whose work ended in the middle that they failed; nothing of them is written.

    Their transaction went back with the process. One that still holds its row is at work.
    """
    found = Import.objects.filter(state=State.APPLYING, beat_at__lt=timezone.now() - LOST_AFTER)
    for imported in found.only("pk"):
        try:
            with transaction.atomic():
                rows = Import.objects.select_for_update(skip_locked=True)
                if rows.filter(pk=imported.pk, state=State.APPLYING).exists():
                    store_refusal(imported, State.FAILED, [INTERRUPTED])
        except OperationalError:
            # SQLite: somebody writes for longer than one waits, so that the work may go on.
            continue
