"""What a model refuses of a row: its ``clean`` and its constraints, asked of cells in Python.

The constraints are those of the models, read once for each table. Nothing is asked of the database,
which would only say that one of many rows was wrong.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Regex

from ...tables.registry import Table
from ...tables.resources import widget_of
from .changes import Row, RowProblem

Values = dict[str, Any]
# The column of a constraint, what to say where it does not hold, and whether it does.
Asked = tuple[str, str, Callable[[Values], bool]]


def broken_rules(table: Table, cells: Row) -> list[RowProblem]:
    """Return what the model's ``clean`` and its constraints refuse of a row's cells."""
    values = {name: read(cells[name]) for name, read in readers(table)}
    if faults := unclean(table, cells, values):
        return faults
    return [
        RowProblem(column, cells[column] if column else "", problem)
        for column, problem, holds in constraints(table)
        if not holds(values)
    ]


def unclean(table: Table, cells: Row, values: Values) -> list[RowProblem]:
    """Return what the model's ``clean`` refuses, by column where it names one."""
    if table.model.clean is models.Model.clean:
        return []
    own = {name: value for name, value in values.items() if name not in table.foreign_keys}
    # Not by its constructor, which for one of many takes as long as all else that is asked of it.
    row = table.model.__new__(table.model)
    row.__dict__.update(own)
    try:
        row.clean()
    except ValidationError as error:
        by_column = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return [
            RowProblem(column, cells.get(column, ""), message)
            for column, messages in by_column.items()
            for message in messages
        ]
    return []


@cache
def readers(table: Table) -> list[tuple[str, Callable[[str], Any]]]:
    """Return what gives the values of a row's own columns; of keys to other rows the slugs."""
    own = (name for name in table.columns if name not in table.many_to_many)
    return [
        (name, slug_or_none if name in table.foreign_keys else widget_of(table, name).value)
        for name in own
    ]


def slug_or_none(cell: str) -> str | None:
    return cell or None


@cache
def constraints(table: Table) -> list[Asked]:
    """Return a table's constraints as they are asked of values."""
    found: list[Asked] = []
    for constraint in table.model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            condition: Any = constraint.condition
            problem = str(constraint.violation_error_message)
            if isinstance(condition, Regex):
                column = condition.lhs.expression.name
                found.append((column, problem, partial(matches, column, condition.rhs)))
            else:
                found.append(("", problem, holding(condition)))
    return found


def matches(column: str, pattern: str, values: Values) -> bool:
    return re.search(pattern, str(values[column] or "")) is not None


def holding(condition: Q) -> Callable[[Values], bool]:
    """Return whether a condition, of lookups by name, is true of a row's values."""
    children: list[Any] = list(condition.children)
    asked = [
        holding(child) if isinstance(child, Q) else leaf_holding(child[0], child[1])
        for child in children
    ]
    together = any if condition.connector == Q.OR else all
    return lambda values: together(holds(values) for holds in asked) is not condition.negated


LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda left, right: left == right,
    "in": lambda left, right: left in right,
    "isnull": lambda left, right: (left is None) == right,
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
    "range": lambda left, right: right[0] <= left <= right[1],
}


def leaf_holding(path: str, right: Any) -> Callable[[Values], bool]:
    """Return whether one lookup is true; comparing with nothing is not, but for ``isnull``."""
    column, _, lookup = path.partition("__")
    compare = LOOKUPS[lookup or "exact"]
    if lookup == "isnull":
        return lambda values: compare(values[column], right)
    if right is None:
        return lambda values: values[column] is None
    if isinstance(right, F):
        other = right.name  # type: ignore[attr-defined]  # Not in the stubs.
        return lambda values: values[column] is not None and compare(values[column], values[other])
    return lambda values: values[column] is not None and compare(values[column], right)
