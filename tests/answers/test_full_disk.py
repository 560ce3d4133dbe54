"""A disk that is full: readers go on, and what would be written is refused in true words."""

import sqlite3
from contextlib import closing

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.db import connection

from meetings.editing.revisions import record_loaded
from meetings.search import index
from tests import factories as make
from tests.servers import Site, process

pytestmark = pytest.mark.one_database
SESSIONS = 20
PATHS = ("/", "/meetings/", "/meetings/helsinki/", "/search/?q=helsinki", "/reactions.csv")
PATHS += ("/data/record.zip", "/admin/login/", "/healthz")


@pytest.fixture
def file(committed_db, tmp_path):
    """A file of SQLite with a meeting, as ``migrate`` leaves it."""
    make.make_reaction(meeting=make.make_meeting(slug="helsinki", title="Helsinki"))
    record_loaded()
    index.index_missing()
    hashed = PBKDF2PasswordHasher().encode("typed by hand", "salt")
    User.objects.create(username="editor", password=hashed, is_staff=True)
    path = tmp_path / "record.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    return path


def test_readers_go_on_and_what_would_be_written_is_refused_with_503(file):
    with closing(sqlite3.connect(file)) as copy:
        fill(copy)
        (pages,) = copy.execute("PRAGMA page_count").fetchone()
    with Site(f"sqlite:///{file}", MOST_PAGES=str(pages)) as server:
        read = {path: server.get(path)[0] for path in PATHS}
        # A few sessions still find room.
        signed_in = [sign_in(server) for _ in range(SESSIONS)]
        again = server.get("/meetings/")[0]

    assert read == dict.fromkeys(PATHS, 200)
    assert {status for status, _ in signed_in} <= {302, 503}
    assert "It will be back shortly." in dict(signed_in)[503]
    assert again == 200


def fill(file):
    """Use up the pages of a file that are free: other tests wrote and deleted rows."""
    (free,) = file.execute("PRAGMA freelist_count").fetchone()
    (size,) = file.execute("PRAGMA page_size").fetchone()
    file.execute("CREATE TABLE filling (bytes BLOB)")
    file.execute("INSERT INTO filling VALUES (zeroblob(?))", [free * size])
    file.commit()


def sign_in(server):
    return server.post("/admin/login/", username="editor", password="typed by hand")


def test_migrate_lets_readers_go_on_beside_a_writer(tmp_path):
    """The file remembers it: no connection has to write in order to say so."""
    path = tmp_path / "record.sqlite3"

    assert process(f"sqlite:///{path}", "manage.py", "migrate").wait(timeout=60) == 0

    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
