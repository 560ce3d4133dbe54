"""The rows of the database, read without the code of backups."""

import json
from hashlib import sha256

from django.db import connection

# Left out of backups, kept by the database itself, or in its own way.
NOT_COMPARED = (
    "access_desksession",
    "access_signinattempt",
    "django_migrations",
    "django_session",
    "meetings_recordstate",
    "meetings_search",
    "sqlite_",
)


def row_digests() -> dict[str, str]:
    """Return a digest of the rows of each table that a backup holds."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(NOT_COMPARED):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                rows = sorted(repr([*map(comparable, row)]) for row in cursor.fetchall())
                found[table] = f"{len(rows)} {sha256(repr(rows).encode()).hexdigest()}"
    return found


def comparable(value):
    """Return a value; JSON with its keys in order, since PostgreSQL keeps them in its own."""
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, str) and value.startswith(("{", "[")):
        return json.dumps(json.loads(value), sort_keys=True)
    return value
