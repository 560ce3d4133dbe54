"""``/healthz`` answers whoever asks; ``?ready`` names what is missing and betrays nothing."""

from collections import namedtuple
from unittest import mock

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meetings.importing import heartbeat
from meetings.views import health

DiskUsage = namedtuple("DiskUsage", "total used free")


@pytest.fixture(autouse=True)
def _worker(settings):
    caches["shared"].clear()
    heartbeat.beat()


def ready():
    answer = Client().get("/healthz?ready")
    return answer.status_code, answer.json()


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "10.1.2.3", "[::1]", "another.example", "a b"])
@pytest.mark.parametrize("path", ["/healthz", "/healthz?ready"])
def test_health_is_told_under_https_by_address_and_without_a_host(db, settings, host, path):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["record.example"]

    answer = Client(SERVER_NAME="", headers={"host": host}).get(path)

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_health_of_a_site_that_is_up_asks_nothing(client):
    """A test that asks the database without having it fails."""
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_health_takes_no_forms(client):
    assert client.post("/healthz").status_code == 405


def test_ready_site_says_so_of_each_part(db):
    parts = ("database", "migrations", "cache", "disk", "worker")

    assert ready() == (200, {"ready": True} | dict.fromkeys(parts, "ok"))


BROKEN = {
    "database": (
        mock.patch.object(health.connection, "cursor", side_effect=OperationalError("no host db")),
        "the database does not answer",
    ),
    "migrations": (
        mock.patch.object(health.MigrationExecutor, "migration_plan", return_value=[1, 2]),
        "2 to run: call prepare",
    ),
    "cache": (
        mock.patch.object(caches["shared"].__class__, "set", return_value=None),
        "it keeps nothing",
    ),
    "disk": (
        mock.patch.object(health.shutil, "disk_usage", return_value=DiskUsage(9, 8, 1)),
        "less than 100 MB are free",
    ),
    "worker": (
        mock.patch.object(heartbeat, "KEY", "nobody"),
        "run_imports was not heard of for 60 s",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_part_that_is_missing_is_named_without_secrets(db, name):
    patch, words = BROKEN[name]

    with patch:
        status, said = ready()

    assert status == 503
    assert said["ready"] is False
    assert said[name] == words
    assert "no host db" not in str(said)


def test_ready_asks_the_database_little(db):
    from django.db import connection

    with CaptureQueriesContext(connection) as asked:
        ready()

    assert len(asked) <= 6
