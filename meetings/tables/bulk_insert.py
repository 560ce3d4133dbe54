"""Bulk insert of values by column: one statement for many rows, and no object for each.

For rows that were validated. To make and prepare an object for each row takes many times as long
as the database needs to write it.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from django.db import connection, models

# Fields whose values the database takes as they are.
UNPREPARED_FIELDS = {
    "BooleanField",
    "CharField",
    "ForeignKey",
    "PositiveBigIntegerField",
    "PositiveIntegerField",
    "TextField",
}
# A value that no row holds.
NO_VALUE = object()


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[list[Any]]) -> None:
    """Insert rows, given as lists of values in the order of ``columns``; the lists are changed.

    Columns are the model's attributes (``meeting_id``); those left out need a default in the
    database. Raises IntegrityError where a constraint refuses a row.
    """
    by_name: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in columns]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    ready: list[Any] = list(prepare_rows(fields, rows))
    if not ready:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = cursor.copy(f"COPY {table} ({names}) FROM STDIN")
            # Django does not wrap the driver's errors during a copy.
            with connection.wrap_database_errors, copying as copy:
                for row in ready:
                    copy.write_row(row)
        else:
            # Full-text triggers have a cost per statement: few statements, each of many rows.
            limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
            size = limit // len(fields)
            placeholders = f"({', '.join(['%s'] * len(fields))})"
            for start in range(0, len(ready), size):
                batch = ready[start : start + size]
                values = ", ".join([placeholders] * len(batch))
                statement = f"INSERT INTO {table} ({names}) VALUES {values}"
                cursor.execute(statement, list(chain.from_iterable(batch)))


def prepare_rows(fields: list[Any], rows: Iterable[list[Any]]) -> Iterable[list[Any]]:
    """Yield rows with each value as the database takes it; a repeated value is prepared once."""
    prepared_fields = [
        (index, field.get_db_prep_save)
        for index, field in enumerate(fields)
        if field.get_internal_type() not in UNPREPARED_FIELDS
    ]
    last: dict[int, tuple[Any, Any]] = {index: (NO_VALUE, None) for index, _ in prepared_fields}
    for row in rows:
        for index, prepare in prepared_fields:
            value, prepared = last[index]
            if row[index] is not value:
                value = row[index]
                prepared = prepare(value, connection)
                last[index] = (value, prepared)
            row[index] = prepared
        yield row
