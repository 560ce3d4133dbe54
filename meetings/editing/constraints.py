"""Models' ``clean`` and check constraints, evaluated in Python on the cells of a row.

The constraints are read from the models, once for each table. The database would only say that one
of many rows is wrong. A lookup that no constraint uses so far must be added to ``LOOKUPS``.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Regex

from ..tables.registry import Table
from ..tables.resources import column_widget
from .snapshots import Row

Values = dict[str, Any]
# Column of a constraint, its message, and a function that returns whether values satisfy it.
ConstraintCheck = tuple[str, str, Callable[[Values], bool]]


Problem = tuple[str, str, str]


def model_problems(table: Table, cells: Row) -> list[Problem]:
    """Return what a row's model refuses, by its ``clean`` or else its constraints.

    Each problem is a column, or none for the whole row, its value, and a sentence.
    """
    values = {name: parse(cells[name]) for name, parse in value_parsers(table)}
    if problems := clean_problems(table, cells, values):
        return problems
    return [
        (column, cells[column] if column else "", problem)
        for column, problem, holds in constraint_checks(table)
        if not holds(values)
    ]


def clean_problems(table: Table, cells: Row, values: Values) -> list[Problem]:
    """Return the problems that the model's ``clean`` finds."""
    if table.model.clean is models.Model.clean:
        return []
    own = {name: value for name, value in values.items() if name not in table.foreign_keys}
    # Without the constructor, which takes as long as all other checks of a row together.
    row = table.model.__new__(table.model)
    row.__dict__.update(own)
    try:
        row.clean()
    except ValidationError as error:
        by_column = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return [
            (column, cells.get(column, ""), message)
            for column, messages in by_column.items()
            for message in messages
        ]
    return []


@cache
def value_parsers(table: Table) -> list[tuple[str, Callable[[str], Any]]]:
    """Return the parsers of a row's own columns; those of foreign keys return slugs."""
    own = (name for name in table.columns if name not in table.many_to_many)
    return [
        (name, slug_or_none if name in table.foreign_keys else column_widget(table, name).value)
        for name in own
    ]


def slug_or_none(cell: str) -> str | None:
    return cell or None


@cache
def constraint_checks(table: Table) -> list[ConstraintCheck]:
    """Return the checks of a table's constraints."""
    found: list[ConstraintCheck] = []
    for constraint in table.model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            condition: Any = constraint.condition
            problem = str(constraint.violation_error_message)
            if isinstance(condition, Regex):
                column = condition.lhs.expression.name
                found.append((column, problem, partial(matches, column, condition.rhs)))
            else:
                found.append(("", problem, condition_check(condition)))
    return found


def matches(column: str, pattern: str, values: Values) -> bool:
    return re.search(pattern, str(values[column] or "")) is not None


def condition_check(condition: Q) -> Callable[[Values], bool]:
    """Return a function that evaluates a condition, of lookups by name, on a row's values."""
    children: list[Any] = list(condition.children)
    checks = [
        condition_check(child) if isinstance(child, Q) else lookup_check(child[0], child[1])
        for child in children
    ]
    together = any if condition.connector == Q.OR else all
    return lambda values: together(holds(values) for holds in checks) is not condition.negated


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


def lookup_check(path: str, right: Any) -> Callable[[Values], bool]:
    """Return a function that evaluates one lookup; None compares as false, except in ``isnull``."""
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
