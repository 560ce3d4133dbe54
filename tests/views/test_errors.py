"""Every refusal is answered in its own words, with what machines need to know beside them."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.cache import cache
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from meetings.views import errors, home
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    """A visitor whose server errors come back as answers."""
    return Client(raise_request_exception=False)


def broken(error):
    def execute(*args):
        raise error

    return execute


def says(answer, status, *words):
    assert answer.status_code == status
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", answer.getvalue().decode()))
    assert not [part for part in words if part not in text]
    return True


def test_address_without_page(client):
    assert says(client.get("/nowhere/"), 404, "Page not found", "may have moved")


def test_request_that_cannot_be_read(client):
    answer = client.get("/", HTTP_HOST="a b")

    assert says(answer, 400, "We could not read that request", "start again from the list")


def test_page_for_others(client):
    client.force_login(User.objects.create_user("guest", is_staff=True))

    answer = client.get("/admin/meetings/meeting/add/")

    assert says(answer, 403, "You cannot see this page", "Sign in with an editor account")


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/meetings/", "/reactions/one/", "/places.csv"])
def test_database_that_does_not_answer(visitor, monkeypatch, path):
    monkeypatch.setattr(connection, "cursor", broken(OperationalError("no connection")))

    answer = visitor.get(path)

    assert says(answer, 503, "The record is being updated", "It will be back shortly.")
    assert answer["Retry-After"] == "60"
    assert "no-store" in answer["Cache-Control"]


def test_column_that_is_missing_while_migrations_wait(visitor, monkeypatch):
    monkeypatch.setattr(home.Meeting.objects, "published", broken(ProgrammingError("no column")))
    ((app, last),) = MigrationLoader(connection).graph.leaf_nodes("meetings")
    MigrationRecorder(connection).record_unapplied(app, last)

    assert visitor.get("/").status_code == 503


def test_column_that_is_missing_for_good(visitor, monkeypatch):
    monkeypatch.setattr(home.Meeting.objects, "published", broken(ProgrammingError("no column")))

    assert visitor.get("/").status_code == 500


def test_error_of_our_own(visitor, monkeypatch):
    monkeypatch.setattr(home.Meeting.objects, "published", broken(ValueError("a mistake")))

    answer = visitor.get("/")

    assert says(answer, 500, "Something went wrong on our side", "The error has been recorded.")
    assert "a mistake" not in answer.content.decode()


@pytest.mark.parametrize("page", [errors.failed, errors.unavailable])
def test_inline_style_of_a_page_without_files_is_allowed_by_its_hash(visitor, monkeypatch, page):
    monkeypatch.setattr(errors, "is_unavailable", lambda error: page is errors.unavailable)
    monkeypatch.setattr(home.Meeting.objects, "published", broken(ValueError("a mistake")))

    answer = visitor.get("/")

    html, policy = answer.content.decode(), answer["Content-Security-Policy"]
    style = re.search("<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}'" in policy
    assert "{%" not in html
    assert "{{" not in html
    assert not re.search(r'(src|href)="(?!/")', html)
    assert "sha256" not in visitor.get("/robots.txt")["Content-Security-Policy"]


@pytest.fixture
def limit(settings):
    cache.clear()
    settings.COSTLY_REQUESTS_A_MINUTE = 2
    settings.PROXIES = 0
    yield settings
    cache.clear()


def test_limit_is_named_on_the_page_of_the_data_and_with_every_file(client, limit):
    file = client.get("/places.csv")

    assert file["RateLimit-Policy"] == '"costly";q=2;w=60'
    assert "RateLimit" not in file
    assert "searches 2 times a minute" in client.get("/data/").content.decode()


def test_nothing_is_said_of_a_limit_where_there_is_none(client):
    assert "RateLimit-Policy" not in client.get("/places.csv")
    assert "times a minute" not in client.get("/data/").content.decode()


def statuses(client, number, **headers):
    return [client.get("/places.csv", **headers).status_code for _ in range(number)]


def test_client_that_asks_too_often_is_told_when_to_come_back(client, limit, monkeypatch):
    monkeypatch.setattr("meetings.views.limits.time", lambda: 60 * 1000 + 18)

    first = [client.get(path).status_code for path in ("/places.csv", "/meetings.json")]
    file, data = client.get("/issues/by-meeting.csv"), client.get("/timeline.json")

    assert first == [200, 200]
    assert says(file, 429, "Too many requests.", "Wait a minute, then try again.")
    assert file["Retry-After"] == data["Retry-After"] == "42"
    assert file["RateLimit"] == '"costly";r=0;t=42'
    assert data.status_code == 429
    assert "Wait a minute" in data.json()["error"]
    monkeypatch.setattr("meetings.views.limits.time", lambda: 60 * 1001)
    assert client.get("/places.csv").status_code == 200


def test_page_asked_for_too_often_leads_to_the_data_files(rf):
    request = rf.get("/meetings/")
    request.user = AnonymousUser()

    answer = errors.too_many_requests(request, 7)

    assert says(answer, 429, "Too many requests", "For the whole record use the data files.")
    assert 'href="/data/">data files</a>' in answer.content.decode()
    assert answer["Retry-After"] == "7"


def test_pages_are_not_limited(client, limit):
    assert [client.get("/places/").status_code for _ in range(4)] == [200] * 4


def test_each_client_has_a_limit_of_its_own(client, limit):
    one = statuses(client, 3, REMOTE_ADDR="192.0.2.1")
    other = statuses(client, 2, REMOTE_ADDR="192.0.2.2")
    # One household has a whole network of version 6.
    network = statuses(client, 2, REMOTE_ADDR="2001:db8::1")
    network += statuses(client, 1, REMOTE_ADDR="2001:db8::2")

    assert one == network == [200, 200, 429]
    assert other == [200, 200]


def test_what_a_client_says_of_itself_is_not_believed(client, limit):
    asked = [f"198.51.100.{n}" for n in range(3)]

    assert [statuses(client, 1, HTTP_X_FORWARDED_FOR=a)[0] for a in asked] == [200, 200, 429]


def test_behind_a_proxy_the_address_that_it_adds_is_the_clients(client, limit):
    limit.PROXIES = 1
    asked = [f"198.51.100.{n}, 203.0.113.7" for n in range(3)]

    assert [statuses(client, 1, HTTP_X_FORWARDED_FOR=a)[0] for a in asked] == [200, 200, 429]
    assert statuses(client, 1, HTTP_X_FORWARDED_FOR="203.0.113.8") == [200]
    assert statuses(client, 1, HTTP_X_FORWARDED_FOR="no address") == [200]


def test_withdrawn_entry_leads_to_corrections_once_they_have_a_page(client):
    from meetings.editing import acts

    meeting = make.make_meeting()
    acts.withdraw(entry=meeting, reason="Rested on a forged letter.")

    answer = client.get(meeting.get_absolute_url())

    assert says(answer, 410, "This entry was withdrawn", "Reason: Rested on a forged letter.")
    assert ('href="/corrections/"' in answer.content.decode()) is (
        client.get("/corrections/").status_code == 200
    )
