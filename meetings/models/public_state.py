"""The state of the public record, and a cache of values that lasts until it changes."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4
from weakref import WeakSet

from django.core.cache import caches
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from psycopg import errors
from psycopg.pq import DiagnosticField, ExecStatus

from . import outage
from .publication import Publication
from .record_state import RecordState

T = TypeVar("T")

# Every request for a public page asks this and little else, so it is written out and asked of the
# driver: Django's cursor, and its question whether the connection lives, take longer than the
# answer. The cost does not grow with the record: eight rows, and the end of an index.
STATE_QUERY = f"""
    SELECT {{join}}(mark, ' '), {{join}}(withdrawal, ' '),
        (SELECT MAX(since) FROM {Publication._meta.db_table} WHERE since <= {{now}})
    FROM (SELECT mark, withdrawal FROM {RecordState._meta.db_table} ORDER BY id) AS slots
"""
SQLITE_QUERY = STATE_QUERY.format(join="group_concat", now="?")
POSTGRESQL_QUERY = STATE_QUERY.format(join="string_agg", now="$1::timestamptz").encode()
POSTGRESQL_NAME = b"state_of_record"
# The open connections on which the server has the plan of the question.
prepared: WeakSet[Any] = WeakSet()


class PublicState(NamedTuple):
    """``changes`` is a text that is different after every public change, ``withdrawals`` one that
    is different after every change that took something out of public."""

    changes: str
    withdrawals: str


def public_state() -> PublicState:
    """Return the state of the public record as it is committed now.

    Every act replaces a mark, also one that is committed late. A scheduled entry becomes public
    without an act: the latest beginning of a publication that has passed shows that. A database
    without marks is in a different state every time.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    marks, withdrawals, due = ask_for_state(now)
    if marks is None:
        marks = withdrawals = uuid4().hex
    state = PublicState(f"{marks} {due}", withdrawals)
    outage.remember(state)
    return state


def ask_for_state(now) -> tuple[Any, ...]:
    """Return the answer to the query above, on a new connection where the one we have is dead."""
    was_open = connection.connection is not None
    try:
        return ask_driver(now)
    except (OperationalError, InterfaceError):
        if not was_open or connection.in_atomic_block:
            raise
        connection.close()
        return ask_driver(now)


def ask_driver(now) -> tuple[Any, ...]:
    connection.ensure_connection()
    driver: Any = connection.connection
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            return driver.execute(SQLITE_QUERY, (now,)).fetchone()
        return ask_libpq(driver, str(now))


def ask_libpq(driver, now: str) -> tuple[str | None, ...]:
    """Ask PostgreSQL in its own protocol (psycopg.pq), in a sixth of the time of a cursor."""
    if driver not in prepared:
        refuse_error(driver.pgconn.prepare(POSTGRESQL_NAME, POSTGRESQL_QUERY))
        prepared.add(driver)
    result = driver.pgconn.exec_prepared(POSTGRESQL_NAME, [now.encode()])
    refuse_error(result)
    values = (result.get_value(0, column) for column in range(3))
    return tuple(value and value.decode() for value in values)


def refuse_error(result) -> None:
    """Raise what psycopg raises for an error; without a code of SQL the connection is lost."""
    if result.status in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        return
    code = result.error_field(DiagnosticField.SQLSTATE)
    error = errors.lookup(code.decode()) if code else errors.OperationalError
    raise error(result.get_error_message())


def cached_until_change(make: Callable[[], T], *parts) -> T:
    """Return what ``make`` returns, from this process's memory until the public record changes."""
    values = caches["values"]
    # The state is read first: if the record changes meanwhile, the next reader has another key.
    key = sha256(repr((*parts, public_state().changes)).encode()).hexdigest()
    if (found := values.get(key)) is None:
        found = make()
        values.set(key, found)
    return found
