"""Writing many rows at once: values by column, one statement for all, no object for each.

For rows that were checked as a form checks them. An object made and prepared for each row costs
many times what the database takes to write it.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from django.db import connection, models

# Fields whose values are what the database takes.
PLAIN = {
    "BooleanField",
    "CharField",
    "ForeignKey",
    "PositiveBigIntegerField",
    "PositiveIntegerField",
    "TextField",
}
# What no row holds.
NO_VALUE = object()


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[list[Any]]) -> None:
    """Insert rows, given as lists of values in the order of columns; they may be changed here.

    Columns are the model's attributes (``meeting_id``); those left out need a default of the
    database's. Raises IntegrityError where a constraint refuses a row.
    """
    by_name: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in columns]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    ready: list[Any] = list(prepared(fields, rows))
    if not ready:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = cursor.copy(f"COPY {table} ({names}) FROM STDIN")
            # A copy's errors are the driver's own unless Django is told of them.
            with connection.wrap_database_errors, copying as copy:
                for row in ready:
                    copy.write_row(row)
        else:
            # With every statement search writes its index: few statements, each of many rows.
            limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
            size = limit // len(fields)
            marks = f"({', '.join(['%s'] * len(fields))})"
            for start in range(0, len(ready), size):
                some = ready[start : start + size]
                statement = f"INSERT INTO {table} ({names}) VALUES {', '.join([marks] * len(some))}"
                cursor.execute(statement, list(chain.from_iterable(some)))


def prepared(fields: list[Any], rows: Iterable[list[Any]]) -> Iterable[list[Any]]:
    """Yield rows with each value as the database takes it; what is the same for all, made once."""
    others = [
        (place, field.get_db_prep_save)
        for place, field in enumerate(fields)
        if field.get_internal_type() not in PLAIN
    ]
    last: dict[int, tuple[Any, Any]] = {place: (NO_VALUE, None) for place, _ in others}
    for row in rows:
        for place, prepare in others:
            value, ready = last[place]
            if row[place] is not value:
                value = row[place]
                ready = prepare(value, connection)
                last[place] = (value, ready)
            row[place] = ready
        yield row
