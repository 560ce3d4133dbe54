"""While the database or Redis is away: what was current is shown, marked; the rest is 503."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client

from diplomacy import redis_cache
from meetings.answers import making
from meetings.editing import acts
from meetings.models import outage
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_are_kept")]


@pytest.fixture
def visitor(monkeypatch):
    """A visitor who read the page of the meetings just now, of a record that others know too."""
    monkeypatch.setattr(outage, "last_answer", None)
    make.make_meeting(slug="helsinki")
    client = Client(raise_request_exception=False)
    client.get("/meetings/")
    return client


@contextmanager
def database_is_away():
    def ask():
        raise OperationalError("server closed the connection unexpectedly")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "public_state", ask)
        yield


def test_page_that_was_current_is_shown_with_a_warning(visitor):
    before = visitor.get("/meetings/")

    with database_is_away():
        meanwhile = visitor.get("/meetings/")
    after = visitor.get("/meetings/")

    assert meanwhile.content == before.content
    assert meanwhile["Warning"] == '110 - "Response is Stale"'
    assert meanwhile["Cache-Control"] == "no-cache"
    assert "Warning" not in before
    assert "Warning" not in after


def test_no_other_cache_keeps_what_may_be_past(visitor, settings):
    settings.SHARED_CACHE_SECONDS = 60

    with database_is_away():
        assert visitor.get("/meetings/")["Cache-Control"] == "no-cache"


def test_client_that_has_the_page_is_told_so(visitor):
    etag = visitor.get("/meetings/")["ETag"]

    with database_is_away():
        answer = visitor.get("/meetings/", headers={"if-none-match": etag})

    assert (answer.status_code, answer["Warning"][:3]) == (304, "110")


def test_page_that_nobody_read_before_says_that_it_will_be_back(visitor):
    with database_is_away():
        answer = visitor.get("/issues/")

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "It will be back shortly." in answer.content.decode()


def test_nothing_is_shown_for_longer_than_ten_minutes(visitor, monkeypatch):
    began = time.monotonic()
    monkeypatch.setattr(outage, "monotonic", lambda: began + 599)
    with database_is_away():
        at_first = visitor.get("/meetings/").status_code
        monkeypatch.setattr(outage, "monotonic", lambda: began + 602)
        in_the_end = visitor.get("/meetings/").status_code

    assert (at_first, in_the_end) == (200, 503)


def test_page_of_before_a_change_is_not_shown(visitor):
    acts.withdraw(entry=make.make_meeting(slug="another"), reason="Entered twice.")
    visitor.get("/issues/")  # Somebody asked the database since.

    with database_is_away():
        assert visitor.get("/meetings/").status_code == 503


def test_page_of_before_a_change_that_another_process_heard_of_is_not_shown(visitor):
    caches["shared"].set(outage.SHARED_KEY, ("another", "state"))

    with database_is_away():
        assert visitor.get("/meetings/").status_code == 503


def test_what_was_withdrawn_is_not_shown_where_nobody_asked_since(
    visitor, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        acts.withdraw(entry=make.make_meeting(slug="another"), reason="Entered twice.")

    with database_is_away():
        assert visitor.get("/meetings/").status_code == 503


def test_state_is_shared_again_once_the_cache_has_lost_it(visitor, monkeypatch):
    caches["shared"].delete(outage.SHARED_KEY)
    soon = time.monotonic() + 61
    monkeypatch.setattr(outage, "monotonic", lambda: soon)

    visitor.get("/meetings/")

    with database_is_away():
        assert visitor.get("/meetings/").status_code == 200


def test_disk_that_is_full_keeps_no_page_from_its_reader(visitor, monkeypatch, caplog):
    def refuse(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(caches["shared"], "set", refuse)
    monkeypatch.setattr(outage, "last_answer", None)

    assert visitor.get("/issues/").status_code == 200
    assert "is not shared with other processes" in caplog.text


@pytest.fixture
def silent_server():
    """Yield the address of a server that takes connections and never answers, as one that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []

        def take():
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)
        for each in held:
            each.close()


@pytest.fixture(params=["refused", "silent"])
def redis_is_away(request, settings, monkeypatch, silent_server):
    monkeypatch.setattr(redis_cache.RedisCache, "away_until", 0.0)
    address = silent_server if request.param == "silent" else "redis://127.0.0.1:1/0"
    away = {"BACKEND": "diplomacy.redis_cache.RedisCache", "LOCATION": address}
    shared = dict.fromkeys(("default", "shared", "shared_pages"), away)
    settings.CACHES = settings.CACHES | shared
    settings.COSTLY_REQUESTS_A_MINUTE = 1
    yield
    monkeypatch.setattr(redis_cache.RedisCache, "away_until", 0.0)


def test_reads_search_and_data_go_on_without_redis(redis_is_away, visitor, caplog):
    addresses = ["/meetings/", "/search/?q=helsinki", "/meetings.json", "/data/record.zip"]

    answers = {address: visitor.get(address).status_code for address in addresses * 2}

    assert answers == dict.fromkeys(addresses, 200)
    # It is asked once, by the visit before the test, and then left alone.
    logged = [*caplog.get_records("setup"), *caplog.records]
    warnings = [record for record in logged if record.levelname == "WARNING"]
    assert [record.getMessage()[:22] for record in warnings] == ["Redis does not answer;"]


def test_redis_that_hangs_costs_a_tenth_of_a_second(redis_is_away):
    began = time.monotonic()

    assert caches["shared_pages"].get("page") is None
    assert caches["default"].add("limit", 1) is True
    assert caches["default"].incr("limit") == 1

    assert time.monotonic() - began < 0.3


def test_redis_is_asked_again_after_some_seconds(redis_is_away, monkeypatch, caplog):
    start = time.monotonic()
    for seconds in (0, 4, 6):
        monkeypatch.setattr(redis_cache, "monotonic", lambda passed=seconds: start + passed)
        caches["default"].get("anything")

    assert len(caplog.records) == 2
