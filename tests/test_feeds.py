"""The Atom feeds, read by an independent parser and held against RFC 4287."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.conf import settings
from django.utils import timezone

from meetings.editing import acts
from meetings.feeds import MOST_ENTRIES
from tests import factories as make

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def fetch(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return answer.content


@pytest.fixture
def filled():
    meetings = [make.make_meeting(title=f"A < B & C {n}") for n in range(3)]
    for meeting in meetings:
        make.make_reaction(meeting=meeting, summary="Said **so** [@nothing].")
    return meetings


@pytest.mark.parametrize("address", ["/meetings.atom", "/reactions.atom"])
def test_feed_is_well_formed(client, filled, address):
    found = feedparser.parse(fetch(client, address))

    assert not found.bozo
    assert found.version == "atom10"
    assert len(found.entries) == 3
    assert "A < B & C" in found.entries[0].title


@pytest.mark.parametrize("address", ["/meetings.atom", "/reactions.atom"])
def test_feed_has_what_the_standard_requires(client, filled, address):
    feed = ElementTree.fromstring(fetch(client, address))

    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == settings.SITE_URL + address
    for element in [feed, *feed.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert datetime.fromisoformat(element.find(f"{ATOM}updated").text).tzinfo
    ids = [entry.find(f"{ATOM}id").text for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)


def test_newest_in_public_comes_first_and_says_when_it_last_changed(client):
    first, second = (make.make_meeting(slug=slug, status="draft") for slug in ("one", "two"))
    began = timezone.now()
    for meeting in (second, first):
        acts.publish(entry=meeting)

    entries = feedparser.parse(fetch(client, "/meetings.atom")).entries

    assert [entry.link.split("/")[-2] for entry in entries] == ["one", "two"]
    # At midnight the day changes on the way.
    days = {moment.date().isoformat() for moment in (began, timezone.now())}
    assert entries[0].updated[:10] in days


def test_scheduled_entry_is_new_when_its_time_has_come(client):
    make.make_meeting(slug="later", publish_at=timezone.now() + timedelta(days=1))
    make.make_meeting(slug="before", publish_at=timezone.now() - timedelta(days=2))
    make.make_meeting(slug="now", publish_at=timezone.now() - timedelta(minutes=1))

    entries = feedparser.parse(fetch(client, "/meetings.atom")).entries

    assert [entry.link.split("/")[-2] for entry in entries] == ["now", "before"]


def test_feed_holds_the_newest_fifty(client):
    for _ in range(MOST_ENTRIES + 2):
        make.make_meeting()

    assert len(feedparser.parse(fetch(client, "/meetings.atom")).entries) == MOST_ENTRIES


@pytest.mark.parametrize("address", ["/reactions.atom", "/corrections.atom"])
def test_empty_feed_does_not_say_that_it_was_changed_now(client, address):
    feed = feedparser.parse(fetch(client, address))

    assert not feed.bozo
    assert feed.feed.updated == "1970-01-01T00:00:00+00:00"


def test_lists_name_their_feed(client):
    for word in ("meetings", "reactions"):
        text = client.get(f"/{word}/").content.decode()
        assert f'type="application/atom+xml" title="New {word}" href="/{word}.atom"' in text
