"""Worker for large imports, which are done one after another outside of requests.

Any number of workers may run: each holds the import that it works on by a lease.
"""

import logging

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.utils import timezone

from ..editing.errors import Refused
from ..models import Import
from . import leases, progress, undo, uploads
from .leases import LeaseLost, Stopped
from .progress import ApplyingReporter, PlanningReporter

State = Import.State
INTERRUPTED = "The work was cut off. Nothing was written."
GIVEN_UP = (
    f"The work was begun {leases.MOST_ATTEMPTS} times and was cut off each time. Nothing was"
    " written. Split the file, or ask whoever runs the site to use import_record."
)
INTERNAL_ERROR = (
    "Something went wrong on our side, and the error was recorded. Nothing was written."
)
logger = logging.getLogger(__name__)


def run_next() -> bool:
    """Work on the oldest waiting import; return whether there was one."""
    uploads.expire()
    fail_interrupted()
    found = leases.free().defer("content").order_by("pk").first()
    if found is None:
        return False
    # Of several workers, the one that updates the row first takes it.
    if leases.take(found, leases.free().filter(state=found.state)):
        work_on(found)
    return True


def work_on(imported: Import) -> None:
    """Look at, plan or apply one import, and store how that ended.

    Raises OperationalError where the database is busy or away; the import waits for another time.
    """
    try:
        do_work(imported)
    except Stopped:
        uploads.discard(leases.own(imported), State.STOPPED)
    except LeaseLost:
        logger.warning("Import %s was taken over by another worker.", imported.pk)
    except Refused as refusal:
        # A plan that was refused can be looked at and made again.
        is_plan = imported.act == Import.Act.IMPORT
        store_refusal(imported, State.READY if is_plan else State.FAILED, refusal.problems)
    except PermissionDenied as refusal:
        store_refusal(imported, State.FAILED, [f"{refusal} Nothing was written."])
    except OperationalError:
        leases.release(imported)
        raise
    except Exception:
        logger.exception("Import %s failed", imported.pk)
        store_refusal(imported, State.FAILED, [INTERNAL_ERROR])
    finally:
        progress.clear(imported)


def do_work(imported: Import) -> None:
    """Do what the state of an import asks for."""
    if imported.attempts >= leases.MOST_ATTEMPTS:
        store_refusal(imported, State.FAILED, [GIVEN_UP])
    elif imported.state == State.APPLYING:
        apply_import(imported)
    else:
        do_next = {State.LOOKING: uploads.look_at_upload, State.PLANNING: uploads.make_plan}
        with leases.kept(imported):
            do_next[State(imported.state)](imported, PlanningReporter(imported))


@transaction.atomic
def apply_import(imported: Import) -> None:
    """Apply a plan, or undo an import, with its row locked all the time."""
    current = Import.objects.select_for_update().defer("content").get(pk=imported.pk)
    if current.state != State.APPLYING or current.held_by != imported.held_by:
        raise leases.reason_to_end(imported)
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
    """Store why an import was not applied, unless another worker took it over."""
    values = {"state": state, "refusal": reasons, "content": None, "finished_at": timezone.now()}
    with transaction.atomic():
        is_own = leases.own(imported).update(**values, **leases.WAITING)
        if is_own and state == State.FAILED:
            imported.rows.all().delete()


def fail_interrupted() -> None:
    """Mark imports whose process was killed as failed; their transaction was rolled back."""
    for imported in leases.interrupted().only("pk", "held_by"):
        try:
            with transaction.atomic():
                rows = leases.interrupted().select_for_update(skip_locked=True)
                if rows.filter(pk=imported.pk).values_list("pk", flat=True).first():
                    store_refusal(imported, State.FAILED, [INTERRUPTED])
        except OperationalError:
            # SQLite: somebody has been writing for longer than the timeout; it may be a worker.
            continue
