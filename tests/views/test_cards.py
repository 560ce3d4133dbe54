"""The cards at their addresses: visible as their page is, named in its head, and cached."""

import io
import json

import pytest
from PIL import Image

from meetings.editing import acts
from meetings.models import Redirect
from tests import factories as make
from tests.reading import read

from .test_bibliography import ENTRIES, KINDS, make_public

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def card(client, row, **headers):
    return client.get(f"{row.get_absolute_url()}card.png", headers=headers)


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_names_its_card(client, kind, settings):
    settings.SITE_URL = "https://record.example"
    row = make_public(kind)

    page = read("/", client.get(row.get_absolute_url()).content.decode())
    answer = card(client, row)

    said = {e.get("property") or e.get("name"): e.get("content") for e in page.named("meta")}
    found = Image.open(io.BytesIO(answer.content))
    assert said["og:image"] == f"https://record.example{row.get_absolute_url()}card.png"
    assert (said["og:image:width"], said["og:image:height"]) == tuple(map(str, found.size))
    assert said["og:image:type"] == answer["Content-Type"] == f"image/{found.format.lower()}"
    assert row.page_title in said["og:image:alt"]
    assert said["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize("path", ["/", "/meetings/", "/timeline/", "/data/", "/places/"])
def test_lists_name_the_card_of_the_record(client, path, settings):
    assert f'content="{settings.SITE_URL}/card.png"' in client.get(path).content.decode()
    assert client.get("/card.png")["Content-Type"] == "image/png"


@pytest.mark.parametrize("kind", ENTRIES)
def test_card_of_a_draft_is_for_its_editors_alone(client, kind):
    row = make_public(kind, status="draft")

    by_visitor = card(client, row)
    client.force_login(make.make_editor())
    by_editor = card(client, row)

    assert (by_visitor.status_code, by_editor.status_code) == (404, 200)
    assert "no-store" in by_editor["Cache-Control"]
    assert "public" not in by_editor["Cache-Control"]
    assert "og:image" not in client.get(row.get_absolute_url()).content.decode()


def test_home_page_that_is_a_draft_is_not_on_the_card(client):
    before = client.get("/card.png").content
    page = make.make_page(slug="home", status="draft", title="Secret")

    assert client.get("/card.png").content == before
    page.status = "published"
    page.save()
    assert client.get("/card.png").content != before
    assert client.get("/home/card.png").status_code == 404


@pytest.mark.parametrize("kind", ENTRIES)
def test_withdrawn_entry_has_no_card(client, kind):
    row = make_public(kind)
    acts.withdraw(entry=row, reason="Rested on a forged letter.")

    assert card(client, row).status_code == 410


def test_reader_who_has_the_card_gets_it_again_only_when_it_changed(client):
    row = make.make_issue()
    first = card(client, row)
    again = card(client, row, if_none_match=first["ETag"])
    row.title = "Another title"
    row.save()
    changed = card(client, row, if_none_match=first["ETag"])

    assert first["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_what_stands_beside_a_renamed_page_leads_on(client):
    row = make.make_meeting(slug="new")
    Redirect.objects.create(old_path="/meetings/old/", new_path=row.get_absolute_url())
    ends = ("/", "/card.png", "/cite.bib", "/cite.ris", "/cite.csl.json", ".json")

    answers = {end: client.get(f"/meetings/old{end}") for end in ends}

    assert {end: (a.status_code, a["Location"]) for end, a in answers.items()} == {
        end: (301, f"/meetings/new{end}") for end in ends
    }
    assert all(client.get(f"/meetings/new{end}").status_code == 200 for end in ends)


@pytest.mark.parametrize("end", ["/card.jpg", "/cite.txt", "/cards.png", ".csv", "/card.png/", "x"])
def test_what_never_stood_there_leads_nowhere(client, end):
    row = make.make_meeting(slug="new")
    Redirect.objects.create(old_path="/meetings/old/", new_path=row.get_absolute_url())

    assert client.get(f"/meetings/old{end}").status_code in {301, 404}
    assert client.get(f"/meetings/old{end}", follow=True).status_code == 404


def test_what_stands_beside_a_draft_stays_unknown(client):
    row = make.make_meeting(slug="new", status="draft")
    Redirect.objects.create(old_path="/meetings/old/", new_path=row.get_absolute_url())

    codes = {end: client.get(f"/meetings/old{end}").status_code for end in ("/card.png", ".json")}

    assert set(codes.values()) == {404}
    assert "new" not in json.dumps(client.get("/meetings/old.json").json())
