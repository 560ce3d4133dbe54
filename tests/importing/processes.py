"""Processes that work on a committed copy of the test database, and can be killed."""

import hashlib
import multiprocessing
import shutil
import sqlite3
import time
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from unittest import mock

from django.db import connection
from django.utils import timezone

from meetings.models import RecordState
from tests.database_sessions import end_sessions

# Forked from a server process with Django set up, and without threads and connections.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(
    [
        "tests.importing.django_setup",
        "tests.importing.tasks",
        "tests.importing.concurrency",
        __name__,
    ]
)
TIMEOUT_SECONDS = 120
CONNECTIONS_SQL = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
TableDigests = dict[str, tuple[int, str]]


class DatabaseCopy:
    """A copy of the test database, in which processes work without changing the original.

    The clock of all its processes stands still, so that the same work writes the same rows.
    """

    def __init__(self, folder: Path):
        self.moment = timezone.now()
        self.is_file = connection.vendor == "sqlite"
        self.kept = folder / "kept.sqlite3"
        if not self.is_file:
            self.name = connection.creation.get_test_db_clone_settings("apart")["NAME"]
        else:
            self.name = str(folder / "apart.sqlite3")
            connection.ensure_connection()
            with closing(sqlite3.connect(self.kept)) as kept:
                connection.connection.backup(kept)
                # As in production; switching to it needs the only connection.
                kept.execute("PRAGMA journal_mode=WAL")
        self.restore()

    def restore(self) -> None:
        """Restore the copy as it was at first."""
        if self.is_file:
            for ending in ("-wal", "-shm"):
                Path(self.name + ending).unlink(missing_ok=True)
            shutil.copyfile(self.kept, self.name)
        else:
            self.wait()
            end_sessions()
            connection.creation.clone_test_db("apart", verbosity=0)

    def drop(self) -> None:
        if not self.is_file:
            self.wait()
            connection.creation.destroy_test_db(verbosity=0, suffix="apart")

    @contextmanager
    def locked(self):
        """Lock the database for writing by another connection."""
        other = connection.copy()
        other.settings_dict["NAME"] = self.name
        begin = "BEGIN IMMEDIATE" if self.is_file else "BEGIN; LOCK TABLE meetings_import"
        with closing(other), other.cursor() as cursor:
            cursor.execute(begin)
            yield
            cursor.execute("ROLLBACK")

    def wait(self) -> None:
        """Wait until PostgreSQL has no connections of processes to the copy."""
        until = time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < until:
            with connection.cursor() as cursor:
                cursor.execute(CONNECTIONS_SQL, [self.name])
                if not cursor.fetchone()[0]:
                    return
            time.sleep(0.01)
        raise TimeoutError(f"A process is still connected to {self.name}.")

    def start(self, work, *given):
        """Start a function in a process; return the process, and the pipe of its result."""
        here, there = processes.Pipe(duplex=False)
        process = processes.Process(
            target=run_work, args=(self.name, self.moment, there, work, *given)
        )
        process.start()
        there.close()
        return process, here

    def run(self, work, *given):
        """Run a function in a process; return its result."""
        return result(*self.start(work, *given))

    def run_at_once(self, number: int, work, *given) -> list:
        """Run the same function in many processes at once; return the results."""
        return self.run_each(*[(work, *given)] * number)

    def run_each(self, *works) -> list:
        """Run functions in processes at once; each gets a barrier as its first argument."""
        barrier = processes.Barrier(len(works))
        started = [self.start(work, barrier, *given) for work, *given in works]
        return [result(process, here) for process, here in started]

    def table_digests(self) -> TableDigests:
        """Return the number of rows of every table, and a digest of them."""
        if not self.is_file:
            self.wait()
        return self.run(table_digests)


def result(process, here):
    """Return the result of a process when it ends; kill it after a timeout."""
    if not here.poll(TIMEOUT_SECONDS):
        process.kill()
    try:
        return here.recv()
    finally:
        process.join()
        here.close()


def run_work(name, moment, there, work, *given):
    """Run a function on a database in this process, and send its result."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    connection.settings_dict["NAME"] = name
    with mock.patch.object(timezone, "datetime", Stopped):
        there.send(work(*given))
    connection.close()


def table_digests() -> TableDigests:
    """Return the number of rows of every table, and a digest of them; not of random marks."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == RecordState._meta.db_table:
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr([*map(comparable, row)]) for row in cursor.fetchall())
            found[table] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def comparable(value):
    return bytes(value) if isinstance(value, memoryview) else value
