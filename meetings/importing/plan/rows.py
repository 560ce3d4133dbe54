"""Rows of a plan: parsed from files, and stored in the database until the plan is applied."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Max, QuerySet, Sum, TextField
from django.db.models.functions import Cast, Length

from ...editing.changes import CellProblem
from ...models import Import, ImportRow
from ...tables import bulk_insert
from ...tables.registry import NEW_SLUG, REMOVE, TABLES_BY_NAME
from .. import leases
from ..problems import Problem
from ..readers import Sheet
from .cells import CellReader
from .changes import PlannedRow, entry_slug
from .duplicates import nothing_to_tell, refuse_duplicate_keys, refuse_duplicate_sources

Action = ImportRow.Action
BATCH_ROWS = 1_000
# Rows with long texts go into the database sooner.
BATCH_CHARACTERS = 1_000_000
# Of rows that are compared together, as JSON.
BATCH_LENGTH = 8_000_000
FIRST_MEASURED = 8
MOST_HELD_PROBLEMS = 5_000
LAST_ROW_NUMBER = 1 << 30


def store_rows(
    plan: Import, sheets: Iterable[Sheet], report: Callable[[], None] = nothing_to_tell
) -> None:
    """Store the rows of files as rows of a plan; those with unreadable cells are wrong.

    Readers report while they are read, ``report`` does what comes after.
    """
    for batch in batches_of_rows(staged_rows(plan, sheets)):
        with leases.writing(plan):
            bulk_insert.insert(ImportRow, ROW_COLUMNS, batch)
    refuse_duplicate_keys(plan, report)
    refuse_duplicate_sources(plan, report)


def batches_of_rows(rows: Iterable[list[Any]]) -> Iterator[list[list[Any]]]:
    """Yield rows in batches of at most so many rows, and about so many characters."""
    cells = ROW_COLUMNS.index("cells")
    batch: list[list[Any]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(map(len, row[cells].values()))
        if len(batch) == BATCH_ROWS or size > BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


# In the order of ``staged_rows``.
ROW_COLUMNS = (
    "plan_id",
    "number",
    "table",
    "file",
    "line",
    "row",
    "key",
    "entry",
    "action",
    "cells",
    "problems",
    "warnings",
    "old",
    "corrected",
    "completed",
)
NO_PROBLEMS: list[list[str]] = []
NOTHING_OLD: dict[str, str] = {}


def staged_rows(plan: Import, sheets: Iterable[Sheet]) -> Iterator[list[Any]]:
    """Yield the values of a plan's rows, numbered over all files."""
    number = 0
    reader = CellReader(takes_suggestions=plan.reading.get("takes_suggestions", False))
    for sheet in sheets:
        table = sheet.table
        for line, row, texts in sheet.rows:
            number += 1
            cells, problems, corrected = reader.read(table, sheet.columns, texts)
            yield [
                plan.pk,
                number,
                table.name,
                sheet.file[:255],
                line,
                row,
                "|".join(cells.get(name, "") for name in table.key)[:320],
                entry_slug(table, cells)[:300],
                Action.WRONG if problems else "",
                cells,
                [problem.as_list() for problem in problems] if problems else NO_PROBLEMS,
                NO_PROBLEMS,
                NOTHING_OLD,
                corrected,
                "",
            ]
        if {NEW_SLUG, REMOVE} & {*sheet.columns}:
            plan.reading["has_acts"] = True
    plan.reading["suggestions"] = reader.certain_count


class ProblemStore(list[Problem]):
    """The problems that readers add to a plan, stored before they are many.

    ``report`` is called each time.
    """

    def __init__(self, plan: Import, report: Callable[[], None]):
        super().__init__()
        self.plan, self.report = plan, report

    # A list's own ``+=`` is typed for lists of any kind of item; readers add problems alone.
    def __iadd__(self, found: Iterable[Problem]):  # type: ignore[override, misc]
        super().__iadd__(found)
        if len(self) > MOST_HELD_PROBLEMS:
            store_problems(self.plan, self)
            self.clear()
            self.report()
        return self


def store_problems(plan: Import, problems: Iterable[Problem]) -> None:
    """Store the problems of files and unreadable rows, as one wrong row for each line.

    They are numbered after all rows, of which more may come.
    """
    last = plan.rows.aggregate(last=Max("number"))["last"] or 0
    number = max(last, LAST_ROW_NUMBER)
    groups = groupby(problems, key=lambda problem: (problem.file, problem.line, problem.row))
    found = (
        ImportRow(
            plan=plan,
            number=number + extra,
            file=file[:255],
            line=line,
            row=row,
            action=ImportRow.Action.WRONG,
            problems=[[p.column, p.value[:1_000], p.problem, p.suggestion] for p in some],
        )
        for extra, ((file, line, row), some) in enumerate(groups, start=1)
    )
    while batch := list(islice(found, BATCH_ROWS)):
        with leases.writing(plan):
            ImportRow.objects.bulk_create(batch)


class StoredRow(NamedTuple):
    """A row of a plan in the database, with the columns that planning reads."""

    pk: int
    number: int
    table: str
    key: str
    entry: str
    action: str
    cells: dict[str, str]
    old: dict[str, str]
    problems: list[list[str]]


STORED_COLUMNS = StoredRow._fields
CELLS_LENGTH = Sum(Length(Cast("cells", TextField())))
by_number = itemgetter(STORED_COLUMNS.index("number"))


def planned_row(values: tuple) -> PlannedRow:
    """Return a plan's row from its values, in the order of ``STORED_COLUMNS``."""
    row = StoredRow._make(values)
    table = TABLES_BY_NAME[row.table]
    cells = dict(row.cells)
    new_slug, removal = cells.pop(NEW_SLUG, ""), cells.pop(REMOVE, "")
    key = tuple(cells.get(name, "") for name in table.key)
    problems = [CellProblem.from_list(problem) for problem in row.problems]
    return PlannedRow(
        table, key, cells, row, problems=problems, new_slug=new_slug, is_removed=bool(removal)
    )


def few_enough(found: QuerySet[ImportRow], slugs: list[str]) -> list[str]:
    """Return the first of some entries whose rows have few enough characters for one batch.

    That is at least one. Few are measured first, since to measure long texts takes as long as to
    read them.
    """
    total, start, end = 0, 0, FIRST_MEASURED
    while start < len(slugs):
        some = slugs[start:end]
        sizes = found.filter(entry__in_array=some).order_by().values_list("entry")
        by_slug = dict(sizes.annotate(size=CELLS_LENGTH))
        for number, slug in enumerate(some, start=start):
            total += by_slug[slug]
            if total > BATCH_LENGTH:
                return slugs[: max(number, 1)]
        start, end = end, end * 4
    return slugs


def store_results(plan: Import, rows: Iterable[PlannedRow], revisions: dict[str, int]) -> None:
    """Store the actions, problems and warnings of rows, and the revisions of their entries.

    Most rows are new or unchanged and have nothing else to store: one statement updates them.
    """
    alike: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    others = []
    for row in rows:
        stored, revision = row.stored, revisions.get(row.stored.entry)
        if not (row.old or row.completed or row.problems or row.warnings):
            alike[row.action, revision].append(stored.pk)
            continue
        others.append(
            ImportRow(
                pk=stored.pk,
                plan=plan,
                number=stored.number,
                action=row.action,
                old=row.old,
                revision=revision,
                problems=[problem.as_list() for problem in row.problems],
                warnings=[warning.as_list() for warning in row.warnings],
                completed=row.completed,
            )
        )
    with leases.writing(plan):
        for (action, revision), pks in alike.items():
            ImportRow.objects.filter(pk__in_array=pks).update(action=action, revision=revision)
        # An upsert by id: one statement for many rows, while bulk_update has a case for each.
        ImportRow.objects.bulk_create(
            others,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=["action", "old", "revision", "problems", "warnings", "completed"],
        )
