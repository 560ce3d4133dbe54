"""What a backup holds: the rows of every table as lines of JSON, the same from either database."""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from datetime import time as clock_time
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection, models
from django.utils.duration import duration_string

Model: TypeAlias = type[models.Model]

# Sessions and attempts to sign in end; the rest is made again from the record.
LEFT_OUT = {
    "access.desksession",
    "access.signinattempt",
    "sessions.session",
    "meetings.publicpackage",
    "meetings.recordstate",
    "meetings.searchdocument",
    "meetings.searchword",
}
BATCH_ROWS = 200
# Memory is that of one batch: a row with a file may have many megabytes.
BATCH_BYTES = 4 << 20


def tables(apps: Apps) -> list[Model]:
    """Return the models whose rows a backup holds, those that others refer to first.

    What belongs to rows that are left out is left out with them.
    """
    kept = {model for model in apps.get_models(include_auto_created=True) if is_kept(model)}
    ordered: dict[Model, None] = {}
    started: set[Model] = set()

    def visit(model: Model) -> None:
        # A circle, as of imports and revisions, has no order; constraints are checked at the end.
        if model in kept and model not in started:
            started.add(model)
            for other in references(model):
                visit(other)
            ordered[model] = None

    for model in sorted(kept, key=lambda model: model._meta.label_lower):
        visit(model)
    return list(ordered)


def is_kept(model: Model) -> bool:
    options = model._meta
    if not options.managed or options.proxy or options.label_lower in LEFT_OUT:
        return False
    return all(other._meta.label_lower not in LEFT_OUT for other in references(model))


def references(model: Model) -> list[Model]:
    """Return the models that the foreign keys of a model name."""
    fields = model._meta.concrete_fields
    # The models are loaded: none is a name any more, as the stubs would allow.
    return [f.related_model for f in fields if isinstance(f, models.ForeignKey)]  # type: ignore[misc]


def columns(model: Model) -> list[str]:
    """Return the columns of a model, in the order of their names: migrations add them anywhere."""
    return sorted(field.attname for field in model._meta.concrete_fields)


def lines(model: Model) -> Iterator[bytes]:
    """Yield each row of a table as a line of JSON, in order of the primary key."""
    names = columns(model)
    has_files = any(isinstance(f, models.BinaryField) for f in model._meta.concrete_fields)
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=1 if has_files else BATCH_ROWS):
        text = json.dumps(row, default=plain, ensure_ascii=False, sort_keys=True)
        yield text.encode() + b"\n"


def plain(value: Any) -> str:
    """Return a value that JSON has not as text, without loss; ``to_python`` reads it back."""
    if isinstance(value, date | clock_time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    if isinstance(value, timedelta):
        return duration_string(value)
    raise TypeError(f"A backup cannot hold a value of the type {type(value).__name__}.")


def values(model: Model, found: Iterator[bytes]) -> Iterator[list[list[Any]]]:
    """Yield the rows of lines in batches, each as values in the order of ``columns``."""
    fields: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    readers = [reader(fields[name]) for name in columns(model)]
    batch: list[list[Any]] = []
    size = 0
    for line in found:
        row = json.loads(line)
        batch.append([read(cell) for read, cell in zip(readers, row, strict=True)])
        size += len(line)
        if len(batch) == BATCH_ROWS or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def reader(field: models.Field):
    """Return the function that reads a value of a field from JSON."""
    return field.target_field.to_python if isinstance(field, models.ForeignKey) else field.to_python


def last_id(model: Model) -> int | None:
    """Return the last number that the database gave to a row of a table, or None.

    A deleted row leaves its number to nobody: its revisions name it.
    """
    field = model._meta.auto_field
    if field is None:
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [connection.ops.quote_name(model._meta.db_table), field.column],
            )
        else:
            cursor.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table]
            )
        row = cursor.fetchone()
    return row[0] if row else None


def set_last_id(model: Model, number: int | None) -> None:
    """Let the next row of a table have a number after this one, and after those of its rows."""
    field = model._meta.auto_field
    if field is None:
        return
    newest = model._base_manager.aggregate(newest=models.Max("pk"))["newest"]
    last = max(number or 0, newest or 0)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                [connection.ops.quote_name(table), field.column, last or 1, bool(last)],
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def existing(found: Sequence[str]) -> list[str]:
    """Return those of some tables that the database has."""
    there = set(connection.introspection.table_names())
    return [name for name in found if name in there]
