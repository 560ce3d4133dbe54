"""The first page, and what stands at the foot of every page."""

import pytest

from tests import factories as make
from tests.reading import read

pytestmark = pytest.mark.django_db


def page_of(client, address="/"):
    return read(address, client.get(address).content.decode())


def test_counts_of_meetings_lead_to_the_lists_of_them(client):
    make.make_meeting()
    make.make_meeting(event_status="cancelled")
    make.make_meeting(event_status="cancelled")

    page = page_of(client)
    counts = {
        "".join(link.itertext()): link.get("href")
        for entry in page.named("dd")
        for link in entry.iter()
        if "event_status" in link.get("href", "")
    }

    assert counts == {
        "1": "/meetings/?event_status=held",
        "2": "/meetings/?event_status=cancelled",
    }
    for number, address in counts.items():
        assert f"<strong>{number}</strong> of 3 meetings" in client.get(address).content.decode()


def test_title_stands_in_the_masthead_but_on_the_first_page(client):
    make.make_page(slug="home", title="Vladimir and Donald")

    assert client.get("/").content.decode().count(">Vladimir and Donald<") == 1
    assert "<p>Vladimir and Donald</p>" in client.get("/meetings/").content.decode()


@pytest.mark.parametrize("contact", ["", "editor@example.org"])
def test_foot_of_a_page_leads_to_data_licence_feeds_and_contact_if_there_is_one(
    client, settings, contact
):
    settings.CONTACT_EMAIL = contact

    page = page_of(client, "/people/")
    (footer,) = page.named("footer")
    links = [e.get("href") for e in footer.iter() if e.get("href")]

    assert {"/data/", "/data/#licence", "/meetings.atom", "/reactions.atom"} <= {*links}
    assert [link for link in links if "mailto" in link] == [f"mailto:{contact}"] * bool(contact)
    assert ("ontact" in "".join(footer.itertext())) is bool(contact)
    assert "licence" in page_of(client, "/data/").values("id")
