"""Rows of one plan that want the same: the first may, the others are told where that one stands.

They are looked for in the database, however many there are.
"""

from collections.abc import Iterable

from django.db.models import Count, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from ...models import Import, ImportRow
from ...tables.registry import BY_NAME


def refuse_doubled_keys(plan: Import) -> None:
    """Say of every row whose key another row of the plan has, where that one is."""
    rows = plan.rows.exclude(key="")
    for table, key in doubled(rows, "table", "key"):
        problem = "This key stands in line {line} too. Keep one of the two."
        refuse(rows.filter(table=table, key=key), BY_NAME[table].key[0], key, problem)


def refuse_doubled_sources(plan: Import) -> None:
    """Say of every source of a plan whose address another one has, where that one is."""
    url = Cast(KT("cells__url"), TextField())
    rows = plan.rows.filter(table="sources").annotate(url=url).exclude(url="")
    for (address,) in doubled(rows, "url"):
        problem = "Line {line} has this address too. Keep one of the two."
        refuse(rows.filter(url=address), "url", address, problem)


def doubled(rows: QuerySet[ImportRow], *columns: str) -> Iterable[tuple[str, ...]]:
    """Return the values of columns that more than one row has."""
    found = rows.values(*columns).order_by().annotate(times=Count("pk")).filter(times__gt=1)
    return found.values_list(*columns).iterator()


def refuse(rows: QuerySet[ImportRow], column: str, value: str, problem: str) -> None:
    """Add a problem, with the line of the first, to all rows but that one."""
    first, *others = rows.order_by("number")
    for row in others:
        row.problems.append([column, value, problem.format(line=first.line), ""])
        row.action = ImportRow.Action.WRONG
        row.save(update_fields=["problems", "action"])
