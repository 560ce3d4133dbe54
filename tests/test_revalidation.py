"""Nothing keeps unasked that an address moved or that an entry was withdrawn: both may change."""

import pytest

from meetings.editing import acts
from meetings.models import Redirect
from tests.factories import make_editor
from tests.views.test_bibliography import ENTRIES, KINDS, make_public

pytestmark = pytest.mark.django_db
ENDS = ("/", ".json", "/card.png", "/cite.bib", "/cite.ris", "/cite.csl.json")


def answers(client, page):
    """Return status and caching of a page and of what stands beside it."""
    responses = [client.get(page.removesuffix("/") + end) for end in ENDS]
    return {(response.status_code, response.get("Cache-Control")) for response in responses}


@pytest.mark.parametrize("kind", ENTRIES)
def test_withdrawal_is_asked_about_again(client, kind):
    row = make_public(kind)
    acts.withdraw(entry=row, reason="Rested on a forged letter.")

    assert answers(client, row.get_absolute_url()) == {(410, "no-cache")}


@pytest.mark.parametrize("kind", KINDS)
def test_move_is_asked_about_again(client, kind):
    row = make_public(kind)
    old_path = f"{row.get_absolute_url().removesuffix('/')}-before/"
    Redirect.objects.create(old_path=old_path, new_path=row.get_absolute_url())

    assert answers(client, old_path) == {(301, "no-cache")}
    assert client.head(f"{old_path}?page=2")["Cache-Control"] == "no-cache"


def test_added_slash_is_asked_about_again(client):
    page = make_public("theme").get_absolute_url()

    response = client.get(page.removesuffix("/"))

    assert (response.status_code, response["Location"]) == (301, page)
    assert response["Cache-Control"] == "no-cache"


def test_stricter_rule_for_what_an_editor_sees_stays(client):
    row = make_public("theme")
    acts.withdraw(entry=row, reason="Rested on a forged letter.")
    client.force_login(make_editor())

    response = client.get(row.get_absolute_url())

    assert "no-store" in response["Cache-Control"]
