"""The feeds against what RFC 4287 demands: by a grammar, and by what a grammar cannot say."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from meetings.editing import acts, releases
from meetings.editing.revisions import record_loaded
from meetings.exporting.releases import make_release
from meetings.models import Actor
from meetings.models.fields import normalize_text
from tests import factories as make
from tests.writers import changing

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

FEEDS = ("/meetings.atom", "/reactions.atom")
NAMES = ("meetings", "issues", "reactions", "themes", "milestones", "people", "places", "sources")
# Each with a filter that finds what ``filled`` makes.
FILTERED = (
    "/meetings.atom?event_status=held&year=2018&q=talks",
    "/reactions.atom?stance=critical&capacity=legislature&issue=arms",
    "/issues.atom?meeting=geneva",
    "/people.atom?kind=person",
    "/sources.atom?kind=news&language=en",
)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parent / "data" / "atom.rng"))
SOUND = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:x:1</id>
  <updated>2026-11-24T10:00:00Z</updated><author><name>A</name></author>
  <entry><title>E</title><id>urn:x:2</id><updated>2026-11-24T10:00:00+01:00</updated>
  <link rel="alternate" href="/e/"/></entry></feed>"""


def problems(text):
    """Return what is wrong with a feed."""
    feed = etree.fromstring(text)
    GRAMMAR.validate(feed)
    return [f"line {error.line}: {error.message}" for error in GRAMMAR.error_log] + [
        rule for rule, is_kept in RULES.items() if not is_kept(feed)
    ]


def entries(feed):
    return feed.findall("a:entry", ATOM)


def alternates(element):
    links = element.findall("a:link", ATOM)
    return [e for e in links if e.get("rel", "alternate") == "alternate"]


def versions(feed):
    return [
        (e.findtext("a:id", None, ATOM), e.findtext("a:updated", None, ATOM)) for e in entries(feed)
    ]


RULES = {
    "4.1.1: the feed has an author, or all its entries have": lambda feed: (
        feed.find("a:author", ATOM) is not None
        or all(entry.find("a:author", ATOM) is not None for entry in entries(feed))
    ),
    "4.1.1, 4.1.2: no two alternates of one type and language": lambda feed: all(
        len(kinds) == len(set(kinds))
        for element in (feed, *entries(feed))
        for kinds in [[(e.get("type"), e.get("hreflang")) for e in alternates(element)]]
    ),
    "4.1.1: entries of one id differ in when they were updated": lambda feed: (
        len(set(versions(feed))) == len(versions(feed))
    ),
    "4.1.2: an entry without content has an alternate": lambda feed: all(
        entry.find("a:content", ATOM) is not None or alternates(entry) for entry in entries(feed)
    ),
    "4.2.6: ids are not relative": lambda feed: all(
        ":" in element.text for element in feed.iterfind(".//a:id", ATOM)
    ),
}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<id>urn:x:1</id>", ""),
        ("<id>urn:x:1</id>", "<id>/feed/</id>"),
        ("<id>urn:x:2</id>", "<id>urn:x:2</id><id>urn:x:3</id>"),
        ("<title>E</title>", ""),
        ("<title>T</title>", "<title type='markdown'>T</title>"),
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00"),
        ("2026-11-24T10:00:00Z", "Tue, 24 Nov 2026 10:00:00 GMT"),
        ("2026-11-24T10:00:00Z", "2026-02-30T10:00:00Z"),
        ("<author><name>A</name></author>", ""),
        ("<name>A</name>", ""),
        ("<link rel=", "<other rel="),
        ('<link rel="alternate" href="/e/"/>', ""),
        ('<link rel="alternate" href="/e/"/>', '<link rel="self" href="/e/"/>'),
        ('href="/e/"/>', 'href="/e/"/><link href="/f/"/>'),
        ('href="/e/"', 'href="/e /"'),
        ("</entry>", "</entry><entry/>"),
    ],
)
def test_grammar_and_rules_refuse_what_the_standard_does(old, new):
    assert old in SOUND

    assert problems(SOUND) == []
    assert problems(SOUND.replace(old, new, 1)) != []


def test_other_vocabularies_may_stand_in_a_feed():
    other = '<o:x xmlns:o="urn:o" y="1"><o:z>word</o:z></o:x></entry>'

    assert problems(SOUND.replace("</entry>", other)) == []


@pytest.mark.parametrize("address", FEEDS)
def test_feeds_are_valid(client, address):
    assert problems(client.get(address).content) == []  # Also without entries.
    for number in range(3):
        meeting = make.make_meeting(title=f"A < B & C {number}")
        make.make_reaction(meeting=meeting, summary="Said **so** [@nothing]; <b>x</b>.")

    answer = client.get(address).content

    assert len(entries(etree.fromstring(answer))) == 3
    assert problems(answer) == []


@pytest.fixture
def filled():
    """One row of each kind that has a feed, and what joins them."""
    source = make.make_source(slug="paper", title="A < B", authors="A. Writer", kind="news")
    issue = make.make_issue(slug="arms", title="Arms & men", sources=[source])
    meeting = make.make_meeting(
        slug="geneva", title="Talks", starts_on="2018-07-16", place=make.make_place(slug="geneva")
    )
    make.make_discussion(meeting=meeting, issue=issue)
    make.make_reaction(
        meeting=meeting,
        issues=[issue],
        attribution="Senator <One>",
        capacity="legislature",
        stance="critical",
        actors=[make.make_actor(slug="one", name="One")],
    )
    make.make_theme(meetings=[meeting])
    make.make_milestone()
    record_loaded()
    return {"issue": issue, "meeting": meeting}


@pytest.mark.parametrize("address", [*(f"/{name}.atom" for name in NAMES), *FILTERED])
def test_every_feed_is_valid_with_filters_too(client, filled, address):
    answer = client.get(address)
    feed = etree.fromstring(answer.content)

    assert problems(answer.content) == []
    assert len(entries(feed)) == (5 if "sources" in address else 1)
    assert feed.findtext("a:rights", None, ATOM) == "CC-BY-4.0"
    assert entries(feed)[0].findtext("a:rights", None, ATOM) == "CC-BY-4.0"
    own = feed.xpath("string(a:link[@rel='self']/@href)", namespaces=ATOM)
    page = feed.xpath("string(a:link[@rel='alternate']/@href)", namespaces=ATOM)
    assert sorted(own.partition("?")[2].split("&")) == sorted(address.partition("?")[2].split("&"))
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("address", FILTERED)
def test_filters_of_a_feed_are_those_of_its_list(client, filled, address):
    path, _, query = address.partition("?")
    name, _, _ = query.partition("=")

    nothing = client.get(f"{path}?{name}=nothing")
    page = client.get(f"{path.removesuffix('.atom')}/?{query}").content.decode()

    assert nothing.status_code == 400
    assert f"{name}=nothing" in nothing.content.decode()
    assert client.get(f"{path}?sort=date").status_code == 400
    (link,) = re.findall(r'type="application/atom\+xml" title="[^"]+" href="([^"]+)"', page)
    assert client.get(link.replace("&amp;", "&")).content == client.get(address).content


def test_filter_leaves_out_what_it_does_not_find(client, filled):
    make.make_reaction(meeting=filled["meeting"], stance="supportive")

    found = feedparser.parse(client.get("/reactions.atom?stance=critical").content)
    both = feedparser.parse(client.get("/reactions.atom").content)

    assert (len(found.entries), len(both.entries)) == (1, 2)
    assert found.feed.title.endswith(": reactions (Critical)")


def test_entry_says_who_spoke_and_what_it_is_about(client, filled):
    (entry,) = feedparser.parse(client.get("/reactions.atom").content).entries
    sources = feedparser.parse(client.get("/sources.atom").content).entries
    (source,) = [each for each in sources if each.title == "A < B"]

    assert entry.author == "Senator <One>"
    assert [tag.term for tag in entry.tags] == ["Critical", "Legislature", "Arms & men"]
    assert (source.author, source.tags[0].term) == ("A. Writer", "News")


def test_ids_stay_when_an_entry_a_person_or_the_site_has_another_address(client, filled):
    one = Actor.objects.get(slug="one")
    before = {name: ids_of(client, name) for name in ("issues", "people", "changes")}

    acts.save(entry=filled["issue"], after=changing(filled["issue"], slug="weapons"), note="So.")
    acts.save(entry=one, after=changing(one, slug="uno"), note="So.")
    with override_settings(SITE_URL="https://elsewhere.example"):
        after = {name: ids_of(client, name) for name in before}

    renamed = after["changes"] - before["changes"]
    assert len(renamed) == 1
    assert after == before | {"changes": before["changes"] | renamed}
    (entry,) = feedparser.parse(client.get("/issues.atom").content).entries
    assert entry.link.endswith("/issues/weapons/")


def ids_of(client, name):
    return {entry.id for entry in feedparser.parse(client.get(f"/{name}.atom").content).entries}


def test_releases_are_followed_and_a_withdrawal_is_told(client, filled):
    wrong = make_release(note="With <errors> & all.")
    acts.withdraw(entry=filled["meeting"], reason="Wrong.")
    right = make_release(note="Without.")
    before = feedparser.parse(client.get("/data/releases.atom").content)
    releases.withdraw(release=wrong, reason="It held errors.")

    answer = client.get("/data/releases.atom").content
    found = feedparser.parse(answer)

    assert problems(answer) == []
    assert [entry.title for entry in found.entries] == [str(right), f"{wrong}, withdrawn"]
    assert [entry.id for entry in found.entries] == [entry.id for entry in before.entries]
    (file,), no_file = (entry.enclosures for entry in found.entries)
    assert (file.href.endswith(right.zip_url), file.length) == (True, str(right.size))
    assert (no_file, found.entries[1].summary) == ([], "It held errors.")
    assert client.get("/data/releases.atom?q=x").status_code == 400
    page = client.get("/data/releases/").content.decode()
    assert 'title="New releases" href="/data/releases.atom"' in page


@pytest.mark.parametrize("address", FEEDS)
def test_times_of_a_feed_are_those_of_its_entries(client, address):
    for number in range(3):
        make.make_reaction(meeting=make.make_meeting(starts_on=f"201{number}-01-01"))

    feed = etree.fromstring(client.get(address).content)

    updated = [datetime.fromisoformat(e.text) for e in feed.iterfind("a:entry/a:updated", ATOM)]
    assert datetime.fromisoformat(feed.findtext("a:updated", None, ATOM)) == max(updated)
    assert all(moment.utcoffset() == timedelta() for moment in updated)


NASTY = st.text(
    st.characters(codec="utf-8") | st.sampled_from("<>&\"']]>\n\t\x00\x0b\ufffe"), max_size=60
)


@settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(title=NASTY, summary=NASTY)
def test_feeds_are_valid_whatever_the_text(client, title, summary):
    """Also what no form lets through, and a database may hold."""
    title, summary = (text.replace("\x00", "") for text in (title, summary))
    with transaction.atomic():
        meeting = make.make_meeting(title=title, summary=summary)
        make.make_reaction(meeting=meeting, attribution=title, summary=summary)
        answers = [client.get(address).content for address in FEEDS]
        transaction.set_rollback(True)

    assert [problems(answer) for answer in answers] == [[], []]
    assert not any(feedparser.parse(answer).bozo for answer in answers)


def test_titles_come_through_as_they_are(client):
    title = normalize_text('A < B & "C" <script>alert(1)</script> – Путин 🤝')
    make.make_meeting(title=title)

    feed = etree.fromstring(client.get("/meetings.atom").content)

    assert feed.findtext("a:entry/a:title", None, ATOM) == f"{title}, 2018-07-16"
    assert feed.find("a:entry/a:title", ATOM).get("type", "text") == "text"
