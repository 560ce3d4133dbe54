"""Processes of their own, on a database of its own that others see and a kill leaves behind."""

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

from tests.sessions import end_sessions

# Forked from a process without threads and connections, that has Django ready.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(
    ["tests.importing.ready", "tests.importing.work", "tests.importing.crowd", __name__]
)
PATIENCE = 120
AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
State = dict[str, tuple[int, str]]


class Copy:
    """A copy of the test's database as it is when the copy is made; what is done there is apart.

    All its processes live in one moment, so that the same work writes the same.
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
                # As in a database in use; who changes to it must be alone.
                kept.execute("PRAGMA journal_mode=WAL")
        self.renew()

    def renew(self) -> None:
        """Make it again what it was at first."""
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
    def held(self):
        """Have somebody write in it meanwhile, so that nobody else can."""
        other = connection.copy()
        other.settings_dict["NAME"] = self.name
        begin = "BEGIN IMMEDIATE" if self.is_file else "BEGIN; LOCK TABLE meetings_import"
        with closing(other), other.cursor() as cursor:
            cursor.execute(begin)
            yield
            cursor.execute("ROLLBACK")

    def wait(self) -> None:
        """Wait until PostgreSQL has found out that the processes at work on it are gone."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with connection.cursor() as cursor:
                cursor.execute(AT_WORK, [self.name])
                if not cursor.fetchone()[0]:
                    return
            time.sleep(0.01)
        raise TimeoutError(f"Somebody is still at work on {self.name}.")

    def start(self, work, *given):
        """Start work in a process; return it, and where its answer comes."""
        here, there = processes.Pipe(duplex=False)
        process = processes.Process(
            target=at_work, args=(self.name, self.moment, there, work, *given)
        )
        process.start()
        there.close()
        return process, here

    def do(self, work, *given):
        """Have a process do some work; return what comes of it."""
        return answer(*self.start(work, *given))

    def do_at_once(self, number: int, work, *given) -> list:
        """Have many processes do the same; return what comes of it in each."""
        return self.do_each(*[(work, *given)] * number)

    def do_each(self, *works) -> list:
        """Have processes do some work each, to which a gate is given where they meet."""
        gate = processes.Barrier(len(works))
        started = [self.start(work, gate, *given) for work, *given in works]
        return [answer(process, here) for process, here in started]

    def state(self) -> State:
        """Return of every table how many rows it has, and a digest of them."""
        if not self.is_file:
            self.wait()
        return self.do(state)


def answer(process, here):
    """Return what a process answers when it is done."""
    if not here.poll(PATIENCE):
        process.kill()
    try:
        return here.recv()
    finally:
        process.join()
        here.close()


def at_work(name, moment, there, work, *given):
    """Do some work on a database, in this process; what comes of it is sent there."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    connection.settings_dict["NAME"] = name
    with mock.patch.object(timezone, "datetime", Stopped):
        there.send(work(*given))
    connection.close()


def state() -> State:
    """Return of every table how many rows it has, and a digest of them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr([*map(plain, row)]) for row in cursor.fetchall())
            found[table] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def plain(value):
    return bytes(value) if isinstance(value, memoryview) else value
