"""What a client has is not sent again, and is never taken for what it does not have."""

import gzip
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from tests import factories as make
from tests.addresses import addresses
from tests.asked import Asked
from tests.full_record import full_record as full_record
from tests.writers import changing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_are_kept")]
PATHS = ["/", "/meetings/helsinki/", "/meetings.json", "/meetings.csv", "/meetings.atom"]
PATHS += ["/card.png", "/sitemap.xml", "/data/", "/search/?q=helsinki"]
OWN_CACHE = {"/data/record.zip"}
NOT_KEPT = {"/healthz"}


@pytest.fixture
def meeting():
    meeting = make.make_meeting(slug="helsinki", title="Helsinki")
    record_loaded()
    return meeting


def later(monkeypatch, **passed):
    now = timezone.now() + timedelta(**passed)
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_every_public_address_can_be_asked_again(client, full_record):
    for address in {*addresses(), "/card.png"} - NOT_KEPT:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer["ETag"].startswith('"'), address
        assert answer["Cache-Control"] == "no-cache", address
        again = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        for name in ("ETag", "Cache-Control"):
            assert again[name] == answer[name], address


@pytest.mark.parametrize("path", PATHS)
def test_conditional_and_head_requests_cost_one_query(path, meeting, monkeypatch):
    whole = Client().get(path)
    later(monkeypatch, seconds=2)

    with Asked() as asked:
        unchanged = Client().get(path, headers={"if-none-match": whole["ETag"]})
        head = Client().head(path)

    assert len(asked) == 2
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(whole.content))
    assert head["ETag"] == whole["ETag"]


@pytest.mark.parametrize("path", ["/meetings/helsinki/", "/meetings.json"])
def test_head_may_come_first(path, meeting):
    head = Client().head(path)

    assert head["ETag"] == Client().get(path)["ETag"]
    assert head.content == b""


@pytest.mark.parametrize("path", PATHS[:5])
def test_change_is_sent_to_who_has_the_former_answer(path, meeting, monkeypatch):
    Client().get(path)
    later(monkeypatch, seconds=2)
    former = Client().get(path)

    acts.save(entry=meeting, after=changing(meeting, title="Geneva"))

    for name, value in (
        ("if-none-match", former["ETag"]),
        ("if-modified-since", former["Last-Modified"]),
        ("if-modified-since", http_date(timezone.now().timestamp() + 60)),
    ):
        answer = Client().get(path, headers={name: value})
        assert answer.status_code == 200
        assert b"Geneva" in answer.content


def test_time_is_given_once_its_second_is_over_and_asked_for_exactly(meeting, monkeypatch):
    assert not Client().get("/meetings.atom").has_header("Last-Modified")
    later(monkeypatch, seconds=2)
    answer = Client().get("/meetings.atom")

    def status(moment):
        return Client().get("/meetings.atom", headers={"if-modified-since": moment}).status_code

    assert status(answer["Last-Modified"]) == 304
    assert status(http_date(timezone.now().timestamp())) == 200
    assert status("Yesterday") == 200


def test_answer_that_a_change_left_alone_keeps_tag_and_time(meeting, monkeypatch):
    Client().get("/robots.txt")
    later(monkeypatch, seconds=2)
    before = Client().get("/robots.txt")
    acts.save(entry=meeting, after=changing(meeting, title="Geneva"))
    later(monkeypatch, seconds=4)

    after = Client().get("/robots.txt")

    assert (after["ETag"], after["Last-Modified"]) == (before["ETag"], before["Last-Modified"])


@pytest.mark.parametrize("path", ["/", "/meetings.json"])
def test_compressed_and_plain_are_the_same_and_tagged_apart(path, meeting):
    for _ in range(2):
        plain = Client().get(path)
        compressed = Client().get(path, headers={"accept-encoding": "br, gzip"})
        refused = Client().get(path, headers={"accept-encoding": "gzip;q=0, br"})

        assert compressed["Content-Encoding"] == "gzip"
        assert gzip.decompress(compressed.content) == plain.content == refused.content
        assert plain["ETag"] == refused["ETag"] != compressed["ETag"]
        assert "Accept-Encoding" in plain["Vary"]
        assert "Accept-Encoding" in compressed["Vary"]


def test_policy_is_put_together_once_for_all_who_are_sent_an_answer(meeting):
    first = Client().get("/")

    with patch("csp.middleware.build_policy") as build:
        second = Client().get("/")
        unchanged = Client().get("/", headers={"if-none-match": second["ETag"]})

    assert build.call_count == 0
    assert unchanged.status_code == 304
    policies = {each["Content-Security-Policy"] for each in (first, second, unchanged)}
    assert policies == {Client().get("/no-such-page/")["Content-Security-Policy"]}


def test_pages_vary_by_the_cookie_of_the_theme(meeting):
    for _ in range(2):
        assert "Cookie" in Client().get("/")["Vary"]


def test_shared_caches_may_keep_what_the_settings_let_them(meeting, settings):
    settings.SHARED_CACHE_SECONDS, settings.STALE_WHILE_REVALIDATE_SECONDS = 60, 30

    words = "max-age=0, s-maxage=60, stale-while-revalidate=30"
    assert Client().get("/")["Cache-Control"] == words


def test_long_list_is_sent_as_it_is_read_and_not_sent_again(meeting, monkeypatch):
    monkeypatch.setattr("meetings.answers.making.MOST_GATHERED_BYTES", 10)
    first = Client().get("/meetings.json")
    tag = {"if-none-match": first["ETag"]}

    assert first.streaming
    assert b"Helsinki" in first.getvalue()
    assert Client().get("/meetings.json", headers=tag).status_code == 304
    assert Client().head("/meetings.json")["ETag"] == first["ETag"]
    acts.save(entry=meeting, after=changing(meeting, title="Geneva"))
    assert b"Geneva" in Client().get("/meetings.json", headers=tag).getvalue()
