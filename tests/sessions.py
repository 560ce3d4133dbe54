"""The sessions that others have in the tests' database."""

import threading
from collections.abc import Callable

from django.db import OperationalError, connection

LEFT_OPEN = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def end_other_sessions() -> None:
    """End what threads left open: PostgreSQL copies and drops only what nobody is connected to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LEFT_OPEN)


def let_somebody_else(act: Callable[[], object]) -> None:
    """Have somebody else write, and commit, before this goes on; SQLite lets nobody."""

    def write():
        try:
            act()
        except OperationalError:
            assert connection.vendor == "sqlite"
        finally:
            connection.close()

    other = threading.Thread(target=write)
    other.start()
    other.join()
