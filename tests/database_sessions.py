"""Other sessions in the tests' database: ending them, and writing from one."""

import threading
from collections.abc import Callable

from django.db import OperationalError, connection

TERMINATE_SQL = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"


def end_sessions() -> None:
    """End all sessions in the tests' database: PostgreSQL copies and drops only without them.

    Threads leave some open, and a thread with a browser's event loop has two: Django connects once
    inside the loop and once outside.
    """
    if connection.vendor == "postgresql":
        # So that this thread connects again, rather than using an ended session.
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(TERMINATE_SQL, [connection.settings_dict["NAME"]])


def write_meanwhile(act: Callable[[], object]) -> None:
    """Write and commit in another thread, and wait for it; on SQLite that fails silently."""

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
