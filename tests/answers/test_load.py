"""Many readers while editors work: no fault, no edit lost, also where a server is killed."""

import json
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPException
from itertools import cycle, islice

import pytest
from django.db import connection

from meetings.editing.revisions import record_loaded
from meetings.search import index
from tests import factories as make
from tests.load import SLUG
from tests.servers import THREADS, Proxy, Site, address_of_database, process

REDIS = "redis://127.0.0.1:6379/9"
CLIENTS = 50
PATHS = ("/", "/meetings/", f"/meetings/{SLUG}/", f"/meetings/{SLUG}.json", "/issues/")
PATHS += ("/reactions/", "/reactions.csv", "/search/?q=title", "/issues/by-meeting/", "/card.png")


@pytest.fixture
def database(committed_db, tmp_path):
    """The address of a database with a small record, that other processes see."""
    meeting = make.make_meeting(slug=SLUG, title="Title 0")
    for _ in range(3):
        issue = make.make_issue()
        make.make_discussion(meeting=meeting, issue=issue)
        make.make_reaction(meeting=meeting, issues=[issue])
    record_loaded()
    index.index_missing()
    if connection.vendor == "postgresql":
        return address_of_database()
    path = tmp_path / "record.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    return f"sqlite:///{path}"


@contextmanager
def served(database, folder):
    """Serve the site: on SQLite by one server, on PostgreSQL by two behind nginx that share Redis.

    Yields where readers ask, and the servers.
    """
    with ExitStack() as running:
        if not database.startswith("postgres"):
            site = running.enter_context(Site(database, COSTLY_REQUESTS_A_MINUTE="0"))
            yield site, [site]
            return
        options = {"cache": REDIS, "COSTLY_REQUESTS_A_MINUTE": "0"}
        sites = [running.enter_context(Site(database, **options)) for _ in range(2)]
        yield running.enter_context(Proxy(sites, folder)), sites


class Readers:
    """So many clients at once, each asking for one page after the other."""

    def __init__(self, server, requests):
        self.server, self.requests = server, requests
        self.statuses: Counter = Counter()
        self.threads = [threading.Thread(target=self.read, args=[n]) for n in range(CLIENTS)]

    def read(self, number):
        start = number % len(PATHS)
        for path in islice(cycle(PATHS[start:] + PATHS[:start]), self.requests // CLIENTS):
            try:
                status = self.server.get(path)[0]
            except (OSError, HTTPException):
                status = "cut off"
            self.statuses[status] += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *raised):
        for thread in self.threads:
            thread.join(timeout=240)


def start_editors(database, times):
    cache = REDIS if database.startswith("postgres") else ""
    pipes = {"out": subprocess.PIPE, "err": subprocess.PIPE}
    return process(database, "-m", "tests.load", str(times), cache=cache, **pipes)


def assert_nothing_is_lost(server, editors, times):
    """What the editors were told is what there is."""
    told, logged = editors.communicate(timeout=240)
    assert editors.returncode == 0, logged.decode()
    assert told.decode().split("\n")[-2] == f"imported {times}"
    meeting = json.loads(server.get(f"/meetings/{SLUG}.json")[1])
    issues = json.loads(server.get("/issues.json")[1])["results"]
    assert (meeting["title"], meeting["summary"]) == (f"Title {times}", f"Summary {times}")
    summaries = {issue["summary"] for issue in issues}
    assert {f"Summary {number}" for number in range(1, times + 1)} <= summaries


@pytest.mark.parametrize(
    ("requests", "times"), [(500, 4), pytest.param(3_000, 25, marks=pytest.mark.soak)]
)
def test_readers_meet_no_fault_and_no_edit_is_lost(database, tmp_path, requests, times):
    with served(database, tmp_path) as (server, _):
        with Readers(server, requests) as readers:
            editors = start_editors(database, times)
        assert_nothing_is_lost(server, editors, times)

    assert readers.statuses == {200: requests}


@pytest.mark.postgresql
def test_readers_miss_no_more_than_what_a_killed_server_had_open(database, tmp_path):
    with served(database, tmp_path) as (server, sites):
        with Readers(server, 1_000) as readers:
            editors = start_editors(database, 4)
            while readers.statuses.total() < 200:
                time.sleep(0.01)
            sites[0].kill()
        assert_nothing_is_lost(server, editors, 4)

    assert readers.statuses.total() == 1_000
    assert readers.statuses[200] >= 1_000 - THREADS
