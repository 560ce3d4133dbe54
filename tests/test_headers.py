"""What every answer says to browsers, and which methods a public address knows."""

import pytest

from meetings.middleware import PERMISSIONS_POLICY
from tests import factories as make

from .addresses import addresses

pytestmark = pytest.mark.django_db

OWN = ("/", "/meetings/", "/meetings/geneva/", "/admin/login/", "/healthz", "/nothing/")
SHARED = ("/meetings.json", "/reactions.csv", "/data/record.zip", "/meetings/geneva/card.png")
SHARED += ("/meetings.atom", "/accounts/relations.svg", "/meetings/geneva/cite.bib")
SHARED += ("/meetings/geneva/timemap/",)


@pytest.fixture
def _meeting():
    make.make_meeting(slug="geneva")


@pytest.mark.usefixtures("_meeting")
@pytest.mark.parametrize(
    ("paths", "policy"),
    [(OWN, "same-origin"), (SHARED, "cross-origin"), (("/static/css/base.css",), "same-origin")],
    ids=["pages", "data", "static files"],
)
def test_other_sites_may_embed_data_cards_and_pictures_alone(client, paths, policy):
    answers = {path: client.get(path) for path in paths}

    found = {path: answer["Cross-Origin-Resource-Policy"] for path, answer in answers.items()}
    assert found == dict.fromkeys(paths, policy)
    assert {answer["Permissions-Policy"] for answer in answers.values()} == {PERMISSIONS_POLICY}
    assert {answer["Cross-Origin-Opener-Policy"] for answer in answers.values()} == {"same-origin"}
    for answer in answers.values():
        answer.close()


def test_pages_may_ask_browsers_for_nothing():
    assert "camera=(), " in PERMISSIONS_POLICY
    assert "geolocation=()" in PERMISSIONS_POLICY


@pytest.mark.usefixtures("_meeting")
@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def test_public_addresses_answer_other_methods_with_those_that_they_know(client, method):
    # What is not kept is asked of its view, which knows OPTIONS or does not.
    statuses = {200, 204, 405} if method == "OPTIONS" else {405}
    paths = [*addresses(), "/favicon.ico"]

    answers = {path: client.generic(method, path) for path in paths}
    wrong = {
        path: (answer.status_code, answer.content[:50])
        for path, answer in answers.items()
        if answer.status_code not in statuses or answer.content or "GET" not in answer["Allow"]
    }

    assert wrong == {}


def test_icon_is_found_where_browsers_look_for_it(client):
    answer = client.get("/favicon.ico")

    assert answer.status_code == 302
    icon = client.get(answer["Location"])
    assert b"".join(icon.streaming_content).startswith(b"\0\0\1\0")
    icon.close()


@pytest.mark.usefixtures("_meeting")
@pytest.mark.parametrize("path", [*SHARED, "/meetings.json?nothing=1", "/nothing.json"])
def test_scripts_of_other_sites_may_read_data_and_what_it_says_of_itself(client, path):
    answer = client.get(path, headers={"origin": "https://notebook.example"})

    assert answer["Access-Control-Allow-Origin"] == "*"
    exposed = set(answer["Access-Control-Expose-Headers"].split(", "))
    assert exposed >= {"ETag", "Link", "RateLimit", "RateLimit-Policy", "Last-Modified"}
    answer.close()


@pytest.mark.usefixtures("_meeting")
@pytest.mark.parametrize("path", SHARED)
def test_browsers_that_ask_first_are_told_what_they_may_ask_for(client, path):
    asked = {
        "origin": "https://notebook.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }

    answer = client.options(path, headers=asked)

    assert answer.status_code in {200, 204}
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"].split(", ")


@pytest.mark.usefixtures("_meeting")
@pytest.mark.parametrize("path", [*OWN, "/admin/meetings/meeting.json"])
def test_scripts_of_other_sites_read_no_page_and_nothing_of_the_desk(client, path):
    assert "Access-Control-Allow-Origin" not in client.get(path).headers
