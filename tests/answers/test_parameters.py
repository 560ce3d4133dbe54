"""What an answer depends on is in its key, and nothing else gets to the view."""

import logging

import pytest
from django.core.cache import caches
from django.test import Client

from meetings.answers import store
from meetings.editing.revisions import record_loaded
from tests import factories as make
from tests.asked import Asked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_are_kept")]


@pytest.fixture(autouse=True)
def record():
    issue = make.make_issue(slug="syria", title="Syria")
    meeting = make.make_meeting(title="Geneva", starts_on="2021-06-16")
    make.make_discussion(meeting=meeting, issue=issue)
    make.make_meeting(title="Vienna", starts_on="2018-06-16")
    record_loaded()


def queries(path, **cookies):
    client = Client()
    client.cookies.load(cookies)
    with Asked() as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    "path",
    [
        "/meetings/?utm_source=mail&year=2021&sort=title",
        "/meetings/?sort=title&year=2021",
        "/meetings/?sort=title&x=1&x=2&year=2021",
    ],
)
def test_unknown_parameters_and_their_order_do_not_get_round_what_is_kept(path):
    queries("/meetings/?year=2021&sort=title")

    assert queries(path) == 1


def test_page_names_no_parameter_that_it_does_not_read():
    assert "utm_source" not in Client().get("/meetings/?utm_source=mail").content.decode()


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("/meetings/?year=&sort=title&issue=&x=1", "/meetings/?sort=title"),
        ("/meetings/?year=&year=2021&page=", "/meetings/?year=2021"),
        ("/search/?q=", "/search/"),
        ("/issues/by-meeting/?from=&to=2019", "/issues/by-meeting/?to=2019"),
    ],
)
def test_what_has_no_value_is_not_in_the_address_of_a_page(path, clean):
    with Asked() as asked:
        answer = Client().get(path)

    assert (answer.status_code, answer["Location"], len(asked)) == (302, clean, 0)
    editor = Client()
    editor.force_login(make.make_editor())
    assert editor.get(path)["Location"] == clean


@pytest.mark.parametrize("path", ["/meetings.json?x=1", "/meetings.csv?year=0", "/data.json?x=1"])
def test_data_still_refuses_what_it_does_not_know(path):
    Client().get(path.partition("?")[0])

    for _ in range(2):
        assert Client().get(path).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/meetings/?format=x", "/meetings/?sort=x", "/issues/by-meeting/?from=x", "/search/?sort=x"],
)
def test_answer_that_names_an_ignored_value_is_not_kept(path):
    answer = Client().get(path)

    assert "no-store" in answer["Cache-Control"]
    assert not answer.has_header("ETag")
    assert queries(path) > 1


def test_made_up_session_does_not_get_round_what_is_kept():
    queries("/meetings/")

    # The session is looked up, and not found.
    assert queries("/meetings/", sessionid="x" * 32) == 2
    assert queries("/meetings/", sessionid="not:a key", messages="x", csrftoken="y") == 1


def test_cookies_leave_no_trace_in_what_is_kept():
    client = Client()
    client.cookies.load({"sessionid": "x" * 32, "messages": "Not for you", "csrftoken": "y" * 32})

    # A page that asks who reads it.
    first = client.get("/")

    assert not first.cookies
    assert Client().get("/").content == first.content
    assert queries("/") == 1


def test_host_that_is_not_ours_is_refused_where_a_page_is_kept():
    logging.disable(logging.CRITICAL)
    queries("/meetings/")

    assert Client().get("/meetings/", headers={"host": "other.example"}).status_code == 400
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/meetings/",
        "/sitemap.xml",
        "/sitemap-meetings.xml",
        "/meetings.atom",
        "/robots.txt",
        "/meetings.json",
        "/data.json",
    ],
)
def test_answer_is_the_same_for_every_host_of_the_site(path):
    answers = []
    for host in ("testserver", "localhost"):
        caches["pages"].clear()
        answers.append(Client().get(path, headers={"host": host}).content)

    assert answers[0] == answers[1]


@pytest.mark.parametrize("name", ["SITE_NAME", "SITE_URL", "CONTACT_EMAIL"])
def test_other_settings_have_other_pages(name, settings):
    Client().get("/meetings/")

    setattr(settings, name, "https://changed.example")

    assert "changed.example" in Client().get("/meetings/").content.decode()


def test_another_release_has_other_pages(monkeypatch):
    queries("/meetings/")

    monkeypatch.setattr(store, "release", lambda: "another")

    assert queries("/meetings/") > 1


def test_processes_share_what_one_has_made(settings):
    backend = settings.CACHES["shared_pages"]["BACKEND"]
    settings.CACHES = settings.CACHES | {"shared_pages": {"BACKEND": backend, "LOCATION": "redis"}}
    caches["shared_pages"].clear()
    first = Client().get("/meetings/")

    caches["pages"].clear()  # As in a process that has just begun.

    assert queries("/meetings/") == 1
    assert Client().get("/meetings/")["ETag"] == first["ETag"]
