"""Imports from the desk: storing an uploaded file, planning, confirming, stopping, undoing.

Small imports are done within the request. Large ones wait in a state that ``worker`` looks for.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from tempfile import TemporaryFile

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BinaryField, Func, QuerySet
from django.utils import timezone

from ..editing.errors import Refused
from ..editing.permissions import require_import_permission
from ..models import Import
from ..models.imports import PLAN_STATES
from . import imports, leases, progress, undo
from .leases import LeaseLost, Stopped
from .matching import add_remembered
from .plan.rows import ProblemStore
from .problems import Problem
from .progress import PlanningReporter, ProgressReporter
from .readers import Limits, Reading, Sheet, open_sheets, unpacked_size
from .summaries import Places, UploadSummary

State = Import.State
UPLOAD_LIMITS = Limits(rows=100_000, size=50_000_000, strings=100_000_000)
# By this the server tells that it takes in as many files as it may (diplomacy/server.py).
TOO_MANY_FILES = "HTTP_TOO_MANY_FILES"
# Imports of at most so many rows are done within the request.
SMALL_ROWS = 2_000
# A file that is larger than this, once unpacked, is opened outside of the request.
READ_ALREADY = "This file was read already, or was discarded."
QUICK_BYTES = 5_000_000
PIECE_BYTES = 5_000_000


def store_upload(*, user, name: str, content: bytes, table: str = "") -> Import:
    """Store a file for its user, for the lifetime of a plan."""
    require_import_permission(user, "import_record")
    return Import.objects.create(
        made_by=user,
        state=State.LOOKING if unpacked_size(content) > QUICK_BYTES else State.CHOSEN,
        name=name[:255],
        table=table,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        expires_at=timezone.now() + imports.PLAN_LIFETIME,
    )


def content_pieces(imported: Import) -> Iterator[bytes]:
    """Yield the stored file of an import; whole, PostgreSQL's driver takes six times its size."""
    for start in count(1, PIECE_BYTES):
        piece = Func("content", start, PIECE_BYTES, function="SUBSTR", output_field=BinaryField())
        found = Import.objects.filter(pk=imported.pk).values_list(piece, flat=True).first()
        if not found:
            return
        yield bytes(found)


def reading_of(imported: Import) -> Reading:
    """Return how the user of an import wants its file to be read."""
    return Reading(
        worksheet=imported.reading.get("worksheet", ""),
        matches=imported.reading.get("matches", {}),
    )


@contextmanager
def uploaded_sheets(
    imported: Import, problems: list[Problem], reporter: ProgressReporter
) -> Iterator[list[Sheet]]:
    """Return the tables of the stored file of an import, which is open meanwhile."""
    with TemporaryFile() as stream:
        stream.writelines(content_pieces(imported))
        sheets = open_sheets(
            stream,
            name=imported.name,
            table=imported.table,
            limits=UPLOAD_LIMITS,
            problems=problems,
            report=reporter.add,
            reading=reading_of(imported),
        )
        try:
            yield sheets
        finally:
            for sheet in sheets:
                # Rows that nobody read would keep the texts of a workbook in memory.
                sheet.rows = iter(())


def inspect_upload(imported: Import) -> UploadSummary:
    """Return the columns of a file's tables; the file is read the first time only."""
    if imported.headers is None:
        imported.headers = understand(imported, ProgressReporter()).as_json()
        values = {"headers": imported.headers, "reading": imported.reading}
        Import.objects.filter(pk=imported.pk).update(**values)
    return UploadSummary.from_json(imported.headers)


def understand(imported: Import, reporter: ProgressReporter) -> UploadSummary:
    """Return what a file holds, with its columns matched as the last ones with its header were."""
    found = read_headers(imported, reporter)
    return read_headers(imported, reporter) if add_remembered(imported, found) else found


def read_headers(imported: Import, reporter: ProgressReporter) -> UploadSummary:
    """Read the headers of a file, and count its rows."""
    problems: list[Problem] = []
    with uploaded_sheets(imported, problems, reporter) as sheets:
        header_problems = list(problems)
        number = sum(1 for sheet in sheets for _ in reporter.rows(sheet.rows))
        found = UploadSummary.of(sheets)
    places = Places(found.sheets, imported.reading.get("matches", {}))
    found.problems, found.is_small = list(places.locate(header_problems)), number <= SMALL_ROWS
    return found


def look_at_upload(imported: Import, reporter: ProgressReporter) -> None:
    """Store the headers of a file that takes too long to open for a request."""
    headers = understand(imported, reporter).as_json()
    values = {"headers": headers, "reading": imported.reading, "state": State.CHOSEN}
    mine = leases.own(imported).filter(state=State.LOOKING)
    if not mine.update(**values, **leases.WAITING):
        raise leases.reason_to_end(imported)


def read_otherwise(*, imported: Import, user, **choices) -> None:
    """Let a file be read in another way: another ``worksheet``, or other ``matches`` of columns.

    A large file is looked at again by ``worker``.
    """
    require_owner(imported, user)
    is_large = imported.size > QUICK_BYTES
    values = {
        "reading": imported.reading | choices,
        "headers": None,
        "state": State.LOOKING if is_large else State.CHOSEN,
    }
    chosen = Import.objects.filter(pk=imported.pk, state=State.CHOSEN)
    if not chosen.update(**values):
        raise Refused([READ_ALREADY])
    for name, value in values.items():
        setattr(imported, name, value)


def take_suggestions(*, imported: Import, user) -> None:
    """Read a file again, with every suggestion that is certain in the place of its cell."""
    require_owner(imported, user)
    reading = imported.reading | {"takes_suggestions": True}
    wrong = Import.objects.filter(pk=imported.pk, state=State.WRONG, content__isnull=False)
    wrong.update(reading=reading)
    imported.reading = reading
    if not begin_planning(imported, wrong, is_small=imported.row_count <= SMALL_ROWS):
        raise Refused(["Its file is no longer kept. Choose it again."])


def plan_upload(*, imported: Import, user) -> Import:
    """Make the plan of a file, at once if it is small; otherwise leave it to ``worker``."""
    require_owner(imported, user)
    found = inspect_upload(imported)
    if found.problems:
        raise Refused([str(problem) for problem in found.problems])
    chosen = Import.objects.filter(pk=imported.pk, state=State.CHOSEN)
    if not begin_planning(imported, chosen, is_small=found.is_small):
        raise Refused([READ_ALREADY])
    return imported


def plan_upload_again(*, imported: Import, user) -> Import:
    """Compare a plan with the record as it is now, at once or by ``worker``."""
    require_owner(imported, user)
    ready = Import.objects.filter(pk=imported.pk, state=State.READY)
    if not begin_planning(imported, ready, is_small=imported.row_count <= SMALL_ROWS):
        raise Refused(["This plan was carried out already, or was discarded."])
    return imported


def begin_planning(imported: Import, found: QuerySet[Import], *, is_small: bool) -> bool:
    """Plan an import that is among those found, or let it wait; return whether it was."""
    values = {"state": State.PLANNING, "refusal": [], "done": 0}
    if not is_small:
        return bool(found.update(**values, **leases.WAITING))
    is_taken = leases.take(imported, found, **values)
    if is_taken:
        plan_now(imported)
    return is_taken


def plan_now(imported: Import) -> None:
    """Make a plan; discard it if somebody stops it meanwhile."""
    try:
        with leases.kept(imported):
            make_plan(imported, PlanningReporter(imported))
    except Stopped:
        discard(leases.own(imported), State.STOPPED)
    except LeaseLost:
        # A request that stood still for half a minute: the worker makes the plan.
        return


def make_plan(imported: Import, reporter: ProgressReporter) -> None:
    """Read the stored file of an import into its plan; compare again if the file is gone.

    Rows of an earlier attempt are deleted first. Raises Stopped, leaving rows behind, if somebody
    stops it, and LeaseLost if another worker makes it.
    """
    if not Import.objects.filter(pk=imported.pk, content__isnull=False).exists():
        with leases.writing(imported):
            imported.rows.update(problems=[], warnings=[], action="")
        imports.compare_with_record(imported, reporter)
    else:
        with leases.writing(imported):
            imported.rows.all().delete()
        problems = ProblemStore(imported, reporter.add)
        with uploaded_sheets(imported, problems, reporter) as sheets:
            for sheet in sheets:
                sheet.rows = reporter.rows(sheet.rows)
            imports.plan_sheets(
                imported=imported, sheets=sheets, problems=problems, reporter=reporter
            )
    if imported.state == State.PLANNING:
        raise leases.reason_to_end(imported)


def confirm_upload(
    *, imported: Import, user, note: str, kind: str, accepts_warnings: bool = False
) -> Import:
    """Apply a plan, at once if it is small; otherwise leave it to ``worker``."""
    require_owner(imported, user)
    if not note.strip() or not kind:
        raise Refused(["Write a change note, and choose what kind of change it is."])
    with transaction.atomic():
        current = Import.objects.select_for_update().defer("content").get(pk=imported.pk)
        if current.state == State.APPLYING:
            raise Refused(["This plan is being carried out already."])
        imports.refuse_unless_ready(current, user)
        if current.warning_count and not accepts_warnings:
            raise Refused(["Look at the warnings, and confirm that they are meant."])
        if not current.effect_count:
            raise Refused(["All lines match the record. There is nothing to do."])
        if current.row_count <= SMALL_ROWS:
            return apply_and_clear(current, user, note, kind, ProgressReporter())
        progress.clear(current)
        values = {"state": State.APPLYING, "note": note, "kind": kind, "done": 0, "refusal": []}
        values |= leases.WAITING
        for name, value in values.items():
            setattr(current, name, value)
        current.save(update_fields=list(values))
    return current


def apply_and_clear(
    imported: Import, user, note: str, kind: str, reporter: ProgressReporter
) -> Import:
    """Apply a plan, and delete its rows: the revisions hold what they did."""
    done = imports.apply_plan(imported=imported, user=user, note=note, kind=kind, reporter=reporter)
    done.rows.all().delete()
    return done


def plan_undo(*, imported: Import, user) -> undo.UndoPlan:
    """Return what undoing an import would do; of a large one, what is known at once."""
    if imported.revisions.count() <= SMALL_ROWS:
        return undo.plan_undo(imported=imported, user=user)
    return undo.plan_large_undo(imported)


def request_undo(*, imported: Import, user, note: str, planned: str = "") -> Import:
    """Undo an import, at once if it is small; otherwise leave it to ``worker``.

    ``planned`` is the digest of the plan that the user was shown, if there is one.
    """
    undo.refuse_undo(imported, user, note)
    if imported.revisions.count() <= SMALL_ROWS:
        return undo.undo_import(imported=imported, user=user, note=note, planned=planned)
    with transaction.atomic():
        current = Import.objects.select_for_update().defer("content").get(pk=imported.pk)
        undo.refuse_undo(current, user, note)
        if current.undoings.filter(state=State.APPLYING).exists():
            raise Refused(["This import is being undone already."])
        undone = undo.create_undo(current, user, note)
    progress.clear(undone)
    return undone


def stop(*, imported: Import, user) -> Import:
    """Discard a plan, or request that the work on one stops; of others with a right of its own."""
    if imported.made_by_id == user.pk or not user.has_perm("meetings.manage_import"):
        require_owner(imported, user)
    waiting = Import.objects.filter(pk=imported.pk, state=State.APPLYING, held_until=None)
    if imported.state == State.APPLYING and imported.held_until:
        # Its row is locked until the work ends, so the request goes through the cache.
        progress.request_stop(imported)
        return imported
    discard(Import.objects.filter(pk=imported.pk, state__in=PLAN_STATES) | waiting, State.STOPPED)
    return imported


def discard(found, state: str) -> None:
    """End plans in a state, deleting their files and rows."""
    if not found.exists():
        return
    with transaction.atomic():
        ids = list(found.select_for_update().order_by("pk").values_list("pk", flat=True))
        for imported in Import.objects.filter(pk__in=ids).only("pk"):
            imported.rows.all().delete()
        Import.objects.filter(pk__in=ids).update(
            state=state, content=None, expires_at=None, finished_at=timezone.now()
        )


def expire() -> None:
    """Discard the plans that were not confirmed in time."""
    discard(Import.objects.expired(), State.EXPIRED)


def require_owner(imported: Import, user) -> None:
    """Raise PermissionDenied unless a plan is the user's own, who may still import."""
    needed = "undo_import" if imported.act == Import.Act.UNDO else "import_record"
    require_import_permission(user, needed)
    if imported.made_by_id != user.pk:
        raise PermissionDenied("A plan belongs to whoever made it.")
