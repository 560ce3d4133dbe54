"""Reading all tables as of one moment, and doing alone what two processes must not do at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections, transaction

# "meetings", as a number: PostgreSQL's advisory locks have no names.
LOCK = 0x6D656574


@contextmanager
def consistent_read() -> Iterator[None]:
    """Read all tables as of one moment, while others may write.

    Within a transaction, the isolation is that of the transaction.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Only a deferred transaction of SQLite leaves the lock for writing to others.
        connection.ensure_connection()
        database: Any = connections[connection.alias]
        usual, database.transaction_mode = database.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            database.transaction_mode = usual


def take_time(database: Any = connection) -> None:
    """Let a transaction, and its statements, last longer than a reader would wait."""
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other process prepares or restores this database, and keep others waiting.

    Both locks end with the process that holds them.
    """
    if connection.vendor == "postgresql":
        database: Any = connection.copy()
        try:
            database.set_autocommit(False)
            take_time(database)
            with database.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            yield
        finally:
            database.close()
    elif connections[connection.alias].is_in_memory_db():  # type: ignore[attr-defined]  # SQLite has it.
        yield
    else:
        # Not the database's own file: to close it would end SQLite's locks on it.
        with open(f"{connection.settings_dict['NAME']}.lock", "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
