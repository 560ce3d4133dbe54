"""The sessions that others have in the tests' database."""

import threading
from collections.abc import Callable

from django.db import OperationalError, connection

ALL = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"


def end_sessions() -> None:
    """End all sessions at the tests' database: PostgreSQL copies and drops only what has none.

    Ended are those that threads left open, and the second one of a thread in which a browser's
    event loop has begun: inside the loop and outside of it Django connects again.
    """
    if connection.vendor == "postgresql":
        # The next query here must connect again, and not find an ended session.
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(ALL, [connection.settings_dict["NAME"]])


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
