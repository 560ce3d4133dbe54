"""Rows of files read into the rows of a plan, kept in the database until it is carried out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Max

from ...models import Import, ImportRow
from ...tables import bulk_insert
from ...tables.cells import TextWidget
from ...tables.registry import BY_NAME, Table
from ...tables.resources import widget_of
from ..problems import Problem
from ..readers import Sheet
from .changes import PlannedRow, RowProblem, entry_slug
from .duplicates import refuse_doubled_keys, refuse_doubled_sources

Action = ImportRow.Action
BATCH = 1_000
# So many cells of a column are remembered, and none longer.
KEPT = 5_000
SHORT = 200


Read = Callable[[str], str]


@cache
def readers(table: Table) -> dict[str, Read]:
    """Return what reads the cells of each column in their one form."""
    return {name: reader_of(widget_of(table, name)) for name in table.columns}


def reader_of(widget) -> Read:
    """Return what reads a cell; what is short and often the same, such as a day, is read once."""
    if type(widget) is TextWidget:
        return widget.canonical
    kept = lru_cache(maxsize=KEPT)(widget.canonical)
    return lambda text: kept(text) if len(text) <= SHORT else widget.canonical(text)


def read_cells(table: Table, columns: list[str], texts: list[str]):
    """Return the cells of a row, each in its one form, and what is wrong with it."""
    cells, faults = {}, []
    read = readers(table)
    for column, text in zip(columns, texts, strict=True):
        try:
            cells[column] = read[column](text)
        except ValidationError as error:
            hint = getattr(error, "suggestion", "")
            faults += [RowProblem(column, text, message, hint) for message in error.messages]
            cells[column] = ""
    wrong = {fault.column for fault in faults}
    for name in table.key:
        if not cells.get(name) and name not in wrong:
            faults.append(RowProblem(name, "", f"Every row needs its {name}. Write it."))
    return cells, faults


def stage(plan: Import, sheets: Iterable[Sheet]) -> None:
    """Keep the rows of a plan's files as its rows, those that cannot be read as wrong ones."""
    rows = staged(plan, sheets)
    while batch := list(islice(rows, BATCH)):
        number = batch[-1][COLUMNS.index("number")]
        bulk_insert.insert(ImportRow, COLUMNS, batch)
        Import.objects.filter(pk=plan.pk).update(done=number)
    refuse_doubled_keys(plan)
    refuse_doubled_sources(plan)


# The columns of a plan's row, in the order in which ``staged`` gives them.
COLUMNS = (
    *("plan_id", "number", "table", "file", "line", "row", "key", "entry", "action", "cells"),
    *("problems", "warnings", "old", "completed"),
)


NO_FAULTS: list[list[str]] = []
NOTHING_OLD: dict[str, str] = {}


def staged(plan: Import, sheets: Iterable[Sheet]) -> Iterator[list[Any]]:
    """Yield the rows of files as rows of a plan, numbered through."""
    number = 0
    for sheet in sheets:
        table = sheet.table
        for line, place, texts in sheet.rows:
            number += 1
            cells, faults = read_cells(table, sheet.columns, texts)
            yield [
                plan.pk,
                number,
                table.name,
                sheet.file[:255],
                line,
                place,
                "|".join(cells.get(name, "") for name in table.key)[:320],
                entry_slug(table, cells)[:300],
                Action.WRONG if faults else "",
                cells,
                [fault.as_list() for fault in faults] if faults else NO_FAULTS,
                NO_FAULTS,
                NOTHING_OLD,
                "",
            ]


def keep_problems(plan: Import, problems: Iterable[Problem]) -> None:
    """Keep what is wrong with files and unreadable rows, each place as a wrong row of the plan."""
    number = plan.rows.aggregate(last=Max("number"))["last"] or 0
    places = groupby(problems, key=lambda problem: (problem.file, problem.line, problem.row))
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                plan=plan,
                number=number + extra,
                file=file[:255],
                line=line,
                row=row,
                action=ImportRow.Action.WRONG,
                problems=[[p.column, p.value[:1_000], p.problem, p.suggestion] for p in found],
            )
            for extra, ((file, line, row), found) in enumerate(places, start=1)
        ),
        batch_size=BATCH,
    )


# What is read of a plan's row, in the order of ``Stored``.
STORED = ("pk", "number", "table", "key", "entry", "action", "cells", "old", "problems")


by_number = itemgetter(STORED.index("number"))


class Stored(NamedTuple):
    """A row of a plan as it is in the database."""

    pk: int
    number: int
    table: str
    key: str
    entry: str
    action: str
    cells: dict[str, str]
    old: dict[str, str]
    problems: list[list[str]]


def planned(values: tuple) -> PlannedRow:
    """Return a plan's row, given by ``STORED``, as one to lay over its entry."""
    row = Stored._make(values)
    table = BY_NAME[row.table]
    key = tuple(row.cells.get(name, "") for name in table.key)
    faults = [RowProblem(*problem) for problem in row.problems]
    return PlannedRow(table, key, row.cells, row, faults=faults)


def keep(plan: Import, rows: Iterable[PlannedRow], revisions: dict[str, int]) -> None:
    """Write what rows would do, over which revision, and what is wrong with them.

    Most would do no more than others do: be new, or change nothing.
    """
    alike: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    others = []
    for row in rows:
        stored, revision = row.stored, revisions.get(row.stored.entry)
        if not (row.old or row.completed or row.faults or row.warnings):
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
                problems=[fault.as_list() for fault in row.faults],
                warnings=[warning.as_list() for warning in row.warnings],
                completed=row.completed,
            )
        )
    for (action, revision), pks in alike.items():
        ImportRow.objects.filter(pk__among=pks).update(action=action, revision=revision)
    # An upsert by id: one statement for many rows, while bulk_update has a case for each.
    ImportRow.objects.bulk_create(
        others,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["action", "old", "revision", "problems", "warnings", "completed"],
    )
