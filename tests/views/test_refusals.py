"""Data refuses unknown parameters by name, and shows nothing hidden."""

import json

import pytest
from django.conf import settings

from meetings.editing import acts
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/reactions.json?stance=angry", "stance=angry"),
        ("/reactions.csv?stance=angry&stance=critical", "stance=angry"),
        ("/reactions.csv?foo=1", "foo"),
        ("/meetings.json?page=2", "page"),
        ("/meetings.csv?sort=upwards", "sort=upwards"),
        ("/meetings.csv?issue=nowhere", "issue=nowhere"),
        ("/places.csv?sort=name", "sort"),
        ("/themes.json?year=2018", "year"),
        ("/timeline.json?order=upwards", "order=upwards"),
        ("/issues/by-meeting.csv?from=1000", "from=1000"),
        ("/issues/by-meeting.json?sort=upwards", "sort=upwards"),
        ("/issues/open.json?r=1", "r"),
        ("/meetings.atom?format=angry", "format=angry"),
        ("/reactions.csv?" + "&".join(f"issue=i-{n}" for n in range(51)), "issue (more than 50"),
    ],
)
def test_unknown_is_refused_by_name(client, address, named):
    make.make_issue(slug="open")

    answer = client.get(address)

    text = answer.content.decode()
    assert answer.status_code == 400
    assert named in text
    if ".json" in address:
        assert named in json.loads(text)["unknown"]
    else:
        assert answer["Content-Type"] == "text/plain; charset=utf-8"


MANY = "&".join(f"n{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))


@pytest.mark.parametrize(
    "address", ["/meetings.json", "/timeline.json", "/data.json", "/data/places.json"]
)
def test_too_many_parameters_are_refused_as_json(client, address):
    answer = client.get(address, QUERY_STRING=MANY)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("We could not read that request")


@pytest.mark.parametrize("address", ["/meetings.csv", "/meetings.atom", "/data/places.csv"])
def test_too_many_parameters_are_refused_as_text(client, address):
    answer = client.get(address, QUERY_STRING=MANY)

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.content.startswith(b"We could not read that request")


@pytest.mark.parametrize("address", ["/", "/meetings/", "/places/", "/data/", "/nowhere/"])
def test_too_many_parameters_get_a_page(client, address):
    answer = client.get(address, QUERY_STRING=MANY)

    assert answer.status_code == 400
    assert "We could not read that request" in answer.content.decode()


def test_empty_values_of_a_form_are_no_values(client):
    make.make_meeting()

    assert client.get("/meetings.json?year=&sort=&q=").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("address", ["/meetings.json", "/meetings.csv", "/timeline.json"])
def test_data_is_only_read(client, address, method):
    assert getattr(client, method)(address).status_code == 405


def test_slugs_of_what_is_not_public_are_left_out(client):
    hidden, shown = make.make_meeting(status="draft"), make.make_meeting()
    unlisted = make.make_source()
    make.make_theme(slug="theme", meetings=[hidden, shown])
    reaction = make.make_reaction(
        meeting=shown, quotation="x", quotation_language="en", quotation_source=unlisted
    )

    theme = client.get("/themes/theme.json").json()
    said = client.get(f"/reactions/{reaction.slug}.json").json()

    assert theme["meetings"] == [shown.slug]
    assert said["quotation_source"] is None


def test_editors_get_no_drafts_as_data(client):
    meeting = make.make_meeting(status="draft")
    client.force_login(make.make_editor())

    answer = client.get(f"/meetings/{meeting.slug}.json")

    assert answer.status_code == 404
    assert answer.json() == {"error": "There is no entry at this address."}
    assert json.loads(client.get("/meetings.json").getvalue())["count"] == 0


def test_withdrawn_entry_tells_title_date_and_reason(client):
    meeting = make.make_meeting(slug="gone", title="Gone")
    acts.withdraw(entry=meeting, reason="Rested on a forged letter.")

    answer = client.get("/meetings/gone.json")

    assert answer.status_code == 410
    assert set(answer.json()) == {"error", "title", "withdrawn_on", "reason"}
    assert answer.json()["reason"] == "Rested on a forged letter."


def test_odd_text_comes_through(client):
    words = 'Say "no", ={formula}\nSecond line; Здравствуйте 🤝'
    make.make_meeting(slug="odd", title="=1+1", summary=words)

    text = client.get("/meetings.csv").getvalue().decode()
    data = client.get("/meetings/odd.json").json()

    assert "odd,'=1+1," in text
    assert words.replace('"', '""') in text
    assert data["summary"] == words
