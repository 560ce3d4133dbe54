"""Rows of one plan with the same key, or the same source URL: all but the first are wrong.

They are found by the database, however many there are.
"""

from collections.abc import Iterable

from django.db.models import Count, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from ...models import Import, ImportRow
from ...tables.registry import BY_NAME


def refuse_duplicate_keys(plan: Import) -> None:
    """Refuse rows whose key an earlier row of the plan has, naming its line."""
    rows = plan.rows.exclude(key="")
    for table, key in duplicated_values(rows, "table", "key"):
        problem = "This key stands in line {line} too. Keep one of the two."
        refuse_all_but_first(rows.filter(table=table, key=key), BY_NAME[table].key[0], key, problem)


def refuse_duplicate_sources(plan: Import) -> None:
    """Refuse sources whose URL an earlier row of the plan has, naming its line."""
    url = Cast(KT("cells__url"), TextField())
    rows = plan.rows.filter(table="sources").annotate(url=url).exclude(url="")
    for (address,) in duplicated_values(rows, "url"):
        problem = "Line {line} has this address too. Keep one of the two."
        refuse_all_but_first(rows.filter(url=address), "url", address, problem)


def duplicated_values(rows: QuerySet[ImportRow], *columns: str) -> Iterable[tuple[str, ...]]:
    """Return the combinations of columns' values that more than one row has."""
    found = rows.values(*columns).order_by().annotate(times=Count("pk")).filter(times__gt=1)
    return found.values_list(*columns).iterator()


def refuse_all_but_first(rows: QuerySet[ImportRow], column: str, value: str, problem: str) -> None:
    """Add a problem, with the line of the first row, to all others."""
    first, *others = rows.order_by("number")
    for row in others:
        row.problems.append([column, value, problem.format(line=first.line), ""])
        row.action = ImportRow.Action.WRONG
        row.save(update_fields=["problems", "action"])
