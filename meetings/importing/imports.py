"""Imports: planning what files would do, and applying exactly that plan, all or nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ..editing.apply import apply_changes
from ..editing.changes import TABLES_IN_ORDER, Attribution, CellProblem
from ..editing.checks import NEEDS_NOTE
from ..editing.conflicts import refuse_on_conflict
from ..editing.errors import Refused
from ..editing.permissions import require_import_permission
from ..editing.slug_lookup import SlugLookup
from ..editing.writing import write_postponed_relations
from ..models import Import, ImportRow, Revision
from ..tables.registry import NEW_SLUG, REMOVE, TABLES_BY_NAME, Table
from . import leases, streaming
from .plan import rows
from .plan.changes import BATCH_ENTRIES, PlannedChange, PlannedRow
from .plan.fill_in import checked_changes
from .plan.stale_rows import conflicts_of
from .plan.warnings import WarningFinder
from .problems import Problem
from .progress import ProgressReporter
from .readers import Sheet, digest_of, open_sheets
from .summaries import Places, UploadSummary

State = Import.State
Action = ImportRow.Action
PLAN_LIFETIME = timedelta(hours=24)
REVISION_ACTS = {Import.Act.IMPORT: Revision.Act.IMPORT, Import.Act.UNDO: Revision.Act.UNDO}


def plan_sheets(
    *,
    imported: Import,
    sheets: Iterable[Sheet],
    problems: list[Problem],
    reporter: ProgressReporter | None = None,
    attribution: Attribution | None = None,
) -> None:
    """Store the rows of files as an import's plan, with what each would do; write nothing else.

    ``problems`` are those of files and lines as a whole; readers add to them while they read.
    With ``attribution`` the rows are applied at the same time, until one is wrong; the caller then
    rolls everything back. Raises Stopped if somebody stops it.
    """
    reporter = reporter or ProgressReporter()
    sheets = list(sheets)
    rows.store_rows(imported, sheets, reporter.add)
    rows.store_problems(imported, problems)
    imported.headers = imported.headers or UploadSummary.of(sheets).as_json()
    compare_with_record(imported, reporter, attribution)


def compare_with_record(
    imported: Import, reporter: ProgressReporter, attribution: Attribution | None = None
) -> None:
    """Store what each row of a plan would do to the record as it is now, and count the rows."""
    reporter.restart()
    is_valid = not imported.rows.filter(action=Action.WRONG).exists()
    lookup, doubts = plan_lookup(imported), WarningFinder(imported)
    counts: Counter[str] = Counter(imported.rows.filter(entry="").values_list("action", flat=True))
    for entry_table in TABLES_IN_ORDER:
        for found in reporter.batches(planned_entry_batches(imported, entry_table)):
            changes = checked_changes(
                entry_table, found, lookup, imported.made_by, is_locked=bool(attribution)
            )
            counts.update(row.action for row in found)
            counts["warnings"] += doubts.find(found)
            is_valid = is_valid and not any(row.problems for row in found)
            if attribution is None:
                revisions = {
                    change.former_slug or change.slug: change.revision
                    for change in changes
                    if change.pk
                }
                rows.store_results(imported, found, revisions)
                continue
            if is_valid:
                apply_and_follow(entry_table, changes, attribution, lookup)
            reported = [row for row in found if row.problems or row.warnings]
            rows.store_results(imported, reported, {})
    if doubt := doubts.of_file():
        add_warning(*doubt)
        counts["warnings"] += 1
    if attribution is not None and is_valid:
        write_postponed_relations(lookup)
    store_counts(imported, counts)


def add_warning(row: PlannedRow, warning: CellProblem) -> None:
    """Add a warning to a row of a plan that is stored already."""
    warnings = [each.as_list() for each in (*row.warnings, warning)]
    ImportRow.objects.filter(pk=row.stored.pk).update(warnings=warnings)


def plan_lookup(imported: Import) -> SlugLookup:
    """Return a lookup that knows the rows which a plan adds, and how far it says they were read."""
    return SlugLookup(
        lambda table, slugs: slugs_in_plan(imported, table, slugs),
        lambda slugs: reading_in_plan(imported, slugs),
        lambda table, slugs: removed_in_plan(imported, table, slugs),
    )


def apply_and_follow(
    entry_table: Table, changes: list[PlannedChange], attribution: Attribution, lookup: SlugLookup
) -> None:
    """Apply changes; rows to come may name what they rename as before."""
    apply_changes(entry_table, changes, attribution, lookup)
    for change in changes:
        if change.is_renamed:
            lookup.add_renamed(entry_table.model, change.former_slug, change.slug)


def reading_in_plan(imported: Import, slugs: list[str]) -> dict[str, str]:
    """Return how far sources were read by a plan's own rows; those that do not say it are out."""
    found = imported.rows.filter(table="sources", entry__in_array=slugs)
    cells = found.values_list("entry", "cells")
    return {entry: row["read"] for entry, row in cells if "read" in row}


def slugs_in_plan(imported: Import, table: Table, slugs: list[str]) -> set[str]:
    """Return the slugs that are among a plan's own rows of a table, or that it gives to rows."""
    rows = imported.rows.filter(table=table.name)
    found = set(rows.filter(entry__in_array=slugs).values_list("entry", flat=True))
    if imported.reading.get("has_acts"):
        renamed = rows.filter(**{f"cells__{NEW_SLUG}__in": slugs})
        found |= {cells[NEW_SLUG] for cells in renamed.values_list("cells", flat=True)}
        found -= removed_in_plan(imported, table, slugs)
    return found


def removed_in_plan(imported: Import, table: Table, slugs: list[str]) -> set[str]:
    """Return those of some slugs whose rows a plan takes out."""
    if not imported.reading.get("has_acts"):
        return set()
    rows = imported.rows.filter(**{"table": table.name, f"cells__{REMOVE}": "true"})
    return set(rows.filter(entry__in_array=slugs).values_list("entry", flat=True))


def planned_entry_batches(imported: Import, entry_table: Table) -> Iterator[list[PlannedRow]]:
    """Yield the rows of a plan for entries of one table, ``BATCH_ENTRIES`` entries at a time."""
    tables = [table.name for table in (entry_table, *entry_table.parts)]
    found = imported.rows.filter(table__in=tables).exclude(entry="")
    last = ""
    while True:
        slugs = found.filter(entry__gt=last).order_by("entry").values_list("entry", flat=True)
        batch = rows.few_enough(found, list(slugs.distinct()[:BATCH_ENTRIES]))
        if not batch:
            return
        last = batch[-1]
        # Sorted here: to sort them, SQLite would scan the whole plan.
        some = found.filter(entry__in_array=batch).order_by().values_list(*rows.STORED_COLUMNS)
        yield [rows.planned_row(row) for row in sorted(some, key=rows.by_number)]


def store_counts(imported: Import, counts: Counter[str]) -> None:
    """Store how many rows of each kind a plan has, and whether it can be confirmed.

    Does nothing if the plan was stopped meanwhile, or taken over.
    """
    found = imported.rows.filter(action=Action.WRONG).values_list("problems", flat=True)
    problem_count = sum(len(problems) for problems in found.iterator())
    values = {name: counts[name] for name in ("new", "changed", "unchanged", "wrong")} | {
        "removed": counts[Action.GONE],
        "reading": imported.reading,
        "headers": imported.headers,
        "problem_count": problem_count,
        "warning_count": counts["warnings"],
        "state": State.WRONG if problem_count else State.READY,
        "expires_at": timezone.now() + PLAN_LIFETIME,
        **({} if is_correctable(imported, problem_count) else {"content": None}),
        **leases.WAITING,
    }
    if leases.own(imported).filter(state=State.PLANNING).update(**values):
        for name, value in values.items():
            setattr(imported, name, value)


def is_correctable(imported: Import, problem_count: int) -> bool:
    """Return whether a plan is wrong and has suggestions to take, for which its file is kept."""
    reading = imported.reading
    return bool(problem_count and reading.get("suggestions")) and not reading.get(
        "takes_suggestions"
    )


def apply_plan(
    *, imported: Import, user, note: str, kind: str = "", reporter: ProgressReporter | None = None
) -> Import:
    """Apply a plan and nothing else; raise Refused, with nothing written, if it cannot be."""
    require_import_permission(user, "import_record")
    if user is not None and not note.strip():
        raise Refused([NEEDS_NOTE])
    reporter = reporter or ProgressReporter()
    with transaction.atomic():
        current = Import.objects.select_for_update().get(pk=imported.pk)
        refuse_unless_ready(current, user)
        current.note, current.kind = note, kind
        act = REVISION_ACTS[Import.Act(current.act)]
        attribution = Attribution(act, user, note, kind, current)
        lookup = plan_lookup(current)
        with refuse_on_conflict("Plan again."):
            for entry_table in TABLES_IN_ORDER:
                for found in reporter.batches(planned_entry_batches(current, entry_table)):
                    apply_batch(entry_table, found, lookup, attribution)
            write_postponed_relations(lookup)
        current.state, current.finished_at = State.DONE, timezone.now()
        current.save()
    return current


def refuse_unless_ready(imported: Import, user) -> None:
    """Raise Refused or PermissionDenied unless a plan is its user's own, ready and not expired.

    One that waits for the worker was checked before.
    """
    if user is not None and imported.made_by_id != user.pk:
        raise PermissionDenied("A plan is confirmed by whoever made it.")
    if imported.state == State.DONE:
        raise Refused(["This plan was carried out already."])
    if imported.state == State.APPLYING:
        return
    if imported.state != State.READY:
        raise Refused(["This plan cannot be carried out: it has errors, or was stopped."])
    if imported.expires_at and imported.expires_at <= timezone.now():
        what = "revision" if imported.act == Import.Act.RESTORE else "file"
        raise Refused([f"This plan is older than a day. Choose the {what} again."])


def apply_batch(
    entry_table: Table, found: list[PlannedRow], lookup: SlugLookup, attribution
) -> None:
    """Apply the rows of some entries; raise Refused if they would not do what was planned."""
    changes = checked_changes(entry_table, found, lookup, attribution.user, is_locked=True)
    if conflicts := [text for change in changes for text in conflicts_of(change)]:
        raise Refused(["Rows were changed since the plan was made. Plan again.", *conflicts])
    if problems := [problem.problem for change in changes for problem in change.problems]:
        raise Refused(problems)
    apply_and_follow(entry_table, changes, attribution, lookup)


@dataclass(frozen=True)
class ImportResult:
    """Result of an import from a path: its problems, or its counts, warnings and notices."""

    imported: Import
    problems: list[Problem]
    is_dry: bool
    warnings: list[Problem]

    @property
    def notices(self) -> list[str]:
        """What its reader did that is not to be passed over in silence."""
        headers = self.imported.headers
        return UploadSummary.from_json(headers).notices if headers else []

    @property
    def summary(self) -> str:
        counts = self.imported
        removed = f" and {'take' if self.is_dry else 'took'} out {counts.removed:,}"
        removed = removed if counts.removed else ""
        would = "Would add" if self.is_dry else f"Import {counts.pk}: added"
        return (
            f"{would} {counts.new:,} rows and {'change' if self.is_dry else 'changed'}"
            f" {counts.changed:,}{removed}; {counts.unchanged:,} stay as they are."
        )


def import_path(
    *,
    path,
    table="",
    user=None,
    note="",
    kind="",
    is_dry=False,
    accepts_warnings=False,
    on_plan: Callable[[Import], None] | None = None,
) -> ImportResult:
    """Import a file or a folder at once, all or nothing; a dry run only returns the result.

    Rows with warnings are imported only with ``accepts_warnings``. ``on_plan`` is called with the
    plan, whose rows are kept for that long alone; without it, a file may go in without a plan.
    """
    require_import_permission(user, "import_record")
    with refuse_on_conflict("Import it again."), transaction.atomic():
        imported = Import.objects.create(made_by=user, name=path.name[:255], table=table)
        imported.note, imported.kind = note, kind
        attribution = Attribution(Revision.Act.IMPORT, user, note, kind, imported)
        problems: list[Problem] = []
        warnings: list[Problem] = []
        is_planned = is_dry or on_plan is not None
        if is_planned or not streaming.apply_while_reading(
            imported, path, table, attribution, accepts_warnings
        ):
            sheets = open_sheets(path, name=path.name, table=table, problems=problems)
            plan_sheets(
                imported=imported,
                sheets=sheets,
                problems=problems,
                attribution=None if is_planned else attribution,
            )
            problems = list(problems_of(imported))
            warnings = list(warnings_of(imported))
            if on_plan:
                on_plan(imported)
        if problems or is_dry or (warnings and not accepts_warnings):
            transaction.set_rollback(True)
            return ImportResult(imported, problems, is_dry, warnings)
        if is_planned:
            imported = apply_plan(imported=imported, user=user, note=note, kind=kind)
        imported.state, imported.finished_at = State.DONE, timezone.now()
        if path.is_file():
            imported.sha256, imported.size = digest_of(path), path.stat().st_size
        imported.save()
        # The revisions hold what the rows did.
        imported.rows.all().delete()
    return ImportResult(imported, [], is_dry, warnings)


def problems_of(imported: Import) -> Iterator[Problem]:
    """Yield the problems of a plan's files and rows, in the order of the files."""
    places = Places.of(imported)
    wrong = imported.rows.filter(action=Action.WRONG).order_by("file", "line", "number")
    for row in wrong.iterator():
        columns = TABLES_BY_NAME[row.table].columns if row.table else ()
        for column, value, problem, suggestion in sorted(
            row.problems, key=lambda p: columns.index(p[0]) if p[0] in columns else -1
        ):
            cell = places.cell(row.file, row.line, column)
            yield Problem(row.file, row.line, row.row, column, value, problem, suggestion, cell)


def warnings_of(imported: Import) -> Iterator[Problem]:
    """Yield the warnings about a plan's rows, in the order of the files."""
    places = Places.of(imported)
    doubtful = imported.rows.exclude(warnings=[]).order_by("file", "line", "number")
    for row in doubtful.iterator() if imported.warning_count else ():
        for column, value, problem, suggestion in row.warnings:
            cell = places.cell(row.file, row.line, column)
            yield Problem(row.file, row.line, row.row, column, value, problem, suggestion, cell)
