"""Rows of one plan with the same key, or the same source URL: all but the first are wrong.

Those with the same title and day are doubtful. They are found by the database in one query, however
many there are.
"""

from array import array
from collections.abc import Callable, Iterator

from django.db.models import F, Max, Min, QuerySet, TextField, Window
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, FirstValue, RowNumber

from ...editing.changes import CellProblem
from ...editing.twins import LIKENESS_COLUMNS
from ...models import Import, ImportRow, Source
from ...tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME
from .. import leases

BATCH_ROWS = 1_000
KEY_PROBLEM = "This key stands in line {line} too. Keep one of the two."
SOURCE_PROBLEM = "Line {line} has this address too. Keep one of the two."
# Sources of one file are told apart by their addresses: none may stand twice.
TABLES_ALIKE = [TABLES_BY_MODEL[model] for model in LIKENESS_COLUMNS if model is not Source]


def nothing_to_tell() -> None:
    """Report to nobody."""


def refuse_duplicate_keys(plan: Import, report: Callable[[], None] = nothing_to_tell) -> None:
    """Refuse rows whose key an earlier row of the plan has, naming its line."""
    refuse_duplicates(plan, plan.rows.exclude(key=""), ("table", "key"), KEY_PROBLEM, report)


def refuse_duplicate_sources(plan: Import, report: Callable[[], None] = nothing_to_tell) -> None:
    """Refuse sources whose URL an earlier row of the plan has, naming its line."""
    url = Cast(KT("cells__url"), TextField())
    rows = plan.rows.filter(table="sources").annotate(url=url).exclude(url="")
    refuse_duplicates(plan, rows, ("url",), SOURCE_PROBLEM, report)


def refuse_duplicates(
    plan: Import,
    rows: QuerySet[ImportRow],
    columns: tuple[str, ...],
    problem: str,
    report: Callable[[], None],
) -> None:
    """Add a problem, with the line of the first row, to all others with the same values.

    The last of the columns is the one that the problem is about. ``report`` is called after each
    thousand rows.
    """
    name = columns[-1]
    ids, lines = duplicates(rows, columns)
    for start in range(0, len(ids), BATCH_ROWS):
        first_lines = dict(zip(ids[start : start + BATCH_ROWS], lines[start:], strict=False))
        found = rows.filter(pk__in_array=list(first_lines)).order_by()
        with leases.writing(plan):
            # An upsert by id: one statement for many rows, while bulk_update has a case for each.
            ImportRow.objects.bulk_create(
                [
                    refused_row(plan, row, name, problem.format(line=first_lines[row[0]]))
                    for row in found.values_list("pk", "number", "problems", "table", name)
                ],
                update_conflicts=True,
                unique_fields=["pk"],
                update_fields=["problems", "action"],
            )
        report()


def duplicates(rows: QuerySet[ImportRow], columns: tuple[str, ...]) -> tuple[array, array]:
    """Return the ids of rows that are not the first with their values, and the first ones' lines.

    In arrays: at the limit of rows, tuples would take twenty times as much memory.
    """
    alike = [F(name) for name in columns]
    found = rows.annotate(
        position=Window(RowNumber(), partition_by=alike, order_by="number"),
        first_line=Window(FirstValue("line"), partition_by=alike, order_by="number"),
    ).filter(position__gt=1)
    ids, lines = array("q"), array("q")
    for pk, line in found.order_by().values_list("pk", "first_line").iterator():
        ids.append(pk)
        lines.append(line)
    return ids, lines


def lines_alike(plan: Import) -> dict[int, int]:
    """Return the line of another row of a plan with the same title and day, by a row's id."""
    return {
        pk: line
        for table in TABLES_ALIKE
        for pk, line in lines_of_others(
            plan.rows.filter(table=table.name), LIKENESS_COLUMNS[table.model]
        )
    }


def lines_of_others(
    rows: QuerySet[ImportRow], columns: tuple[str, ...]
) -> Iterator[tuple[int, int]]:
    """Yield the ids of rows that have some cells alike, each with the line of another of them."""
    cells = {f"cell_{name}": Cast(KT(f"cells__{name}"), TextField()) for name in columns}
    filled = {f"{name}__gt": "" for name in cells}
    alike = [F(name) for name in cells]
    found = (
        rows.annotate(**cells)
        .filter(**filled)
        .annotate(
            first=Window(Min("line"), partition_by=alike),
            last=Window(Max("line"), partition_by=alike),
        )
    )
    found = found.filter(first__lt=F("last")).order_by()
    for pk, line, first, last in found.values_list("pk", "line", "first", "last").iterator():
        yield pk, last if line == first else first


def refused_row(plan: Import, values: tuple, name: str, problem: str) -> ImportRow:
    """Return a row with one more problem, from its id, number, problems, table and value.

    A key, which may be of several columns, is named by its first.
    """
    pk, number, problems, table, value = values
    column = TABLES_BY_NAME[table].key[0] if name == "key" else name
    problems = [*problems, CellProblem(column, value, problem).as_list()]
    return ImportRow(
        pk=pk, plan=plan, number=number, problems=problems, action=ImportRow.Action.WRONG
    )
