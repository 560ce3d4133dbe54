"""Sixteen who guess passwords as fast as they can leave readers alone, on two processes."""

import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection
from itertools import repeat
from pathlib import Path
from statistics import median

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.db import connection

from meetings.editing.revisions import record_loaded
from meetings.search import index
from tests import factories as make
from tests.servers import ROOT, Proxy, Site

from .guessing import GUESSERS, guess, sign_in

pytestmark = pytest.mark.one_database
HASH_SECONDS = 0.3


class TwoProcesses(Site):
    workers = 2


@pytest.fixture
def file(committed_db, tmp_path):
    """A file of SQLite with meetings and an account."""
    for _ in range(20):
        make.make_meeting()
    record_loaded()
    index.index_missing()
    hashed = PBKDF2PasswordHasher().encode("typed by hand", "salt")
    User.objects.create(username="ana", password=hashed, is_staff=True)
    path = tmp_path / "record.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    return path


def cpu_seconds(server):
    """Return what the server's processes have used of a processor."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The fields after the name, which stands in brackets and may hold spaces.
            fields = stat.read_text().rpartition(") ")[2].split()
            if int(fields[2]) == server.process.pid:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def time_of(server, rounds):
    """Return the median time of a list, in seconds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        assert server.get("/meetings/")[0] == 200
        times.append(time.perf_counter() - began)
        time.sleep(0.03)
    return median(times)


def test_guessers_are_refused_by_all_processes_and_cost_next_to_nothing(file):
    """Ten passwords of some tenths of a second are hashed; 290 guesses take a millisecond each."""
    with TwoProcesses(f"sqlite:///{file}", PROXIES="1") as server:
        began = cpu_seconds(server)
        with ThreadPoolExecutor(GUESSERS) as pool:
            each = [20] * 12 + [15] * 4
            found = [
                status for done in pool.map(guess, repeat(server.port), each) for status in done
            ]
        used = cpu_seconds(server) - began
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connected:
            elsewhere = sign_in(connected, "typed by hand", **{"X-Forwarded-For": "203.0.113.9"})

    assert len(found) == 300
    assert set(found) == {200, 429}
    assert found.count(200) <= 10
    assert used < 300 * HASH_SECONDS / 4
    assert elsewhere == 302


@pytest.mark.soak
@pytest.mark.parametrize("is_proxied", [False, True])
def test_sixteen_guessers_leave_lists_under_twice_their_time(file, tmp_path, is_proxied):
    """The guessers are a process of their own: in this one they would hold up the reader."""
    with ExitStack() as servers:
        server = servers.enter_context(TwoProcesses(f"sqlite:///{file}", PROXIES="1"))
        if is_proxied:
            server = servers.enter_context(Proxy([server], tmp_path))
        time_of(server, 20)
        alone = time_of(server, 100)
        command = [sys.executable, "-m", "tests.access.guessing", str(server.port)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as guessers:
            time.sleep(4)  # The first ten passwords are hashed meanwhile.
            beside = time_of(server, 100)
            statuses = guessers.communicate()[0].split()

    print(f"{1000 * alone:.1f} ms alone, {1000 * beside:.1f} ms beside {len(statuses)} guesses")
    assert statuses.count("200") <= 10
    assert beside < 2 * alone
