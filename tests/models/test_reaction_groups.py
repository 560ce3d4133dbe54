"""Every link "All 9 from …" on a meeting's page leads to exactly that many reactions."""

import random
import re
from html import unescape

import pytest

from meetings.models import Meeting, Reaction
from meetings.models.reaction_groups import PAGE_REACTIONS, count_shown
from tests import factories as make
from tests.content import record  # noqa: F401 (the content, for every test of this module)

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a href="(/reactions/[^"]*)">All ([\d ]+) from ([^<]+)</a>')


def links_to_all(client, meeting):
    html = client.get(meeting.get_absolute_url()).content.decode()
    return [
        (unescape(address), int(n), unescape(label)) for address, n, label in LINK.findall(html)
    ]


def count_listed(client, address):
    html = client.get(address).content.decode()
    assert "We ignored" not in html, address
    return int(re.search(r'role="status"><strong>([\d ]+)</strong>', html)[1])


def groups_of(meeting):
    return Reaction.objects.published().groups_of(meeting)


def test_links_of_the_content_lead_to_their_number(client):
    found = {
        (address, number)
        for meeting in Meeting.objects.published()
        for address, number, _ in links_to_all(client, meeting)
    }

    assert found
    assert {(address, count_listed(client, address)) for address, _ in found} == found


def test_groups_of_any_mixture_hold_every_reaction_once_and_lead_to_their_number(client):
    rng, meeting = random.Random(1), make.make_meeting()
    for country in ("FI", "SE"):
        make.make_participation(meeting=meeting, government=country)
    leaders = [make.make_actor(country=code) for code in ("NO", "DK", "IS", "")]
    for number in range(60):
        make.make_reaction(
            slug=f"mixed-{number}",
            meeting=meeting,
            country=rng.choice(["FI", "SE", "NO", "DK", ""]),
            capacity=rng.choice(["legislature", "executive", "analyst", "public"]),
            affiliation=rng.choice(["", "Red & Blue", "Green", f"Party {number}"]),
            actors=rng.sample(leaders, 2),
        )

    groups = groups_of(meeting)
    found = links_to_all(client, meeting)

    keys = [key.pk for group in groups for leaf in group.leaves for key in leaf.keys]
    assert sorted(keys) == sorted(meeting.reactions.values_list("pk", flat=True))
    assert len(found) > 5
    for address, number, _ in found:
        assert count_listed(client, address) == number


def test_group_has_no_link_that_would_find_the_statement_of_another_group(client):
    meeting = make.make_meeting()
    make.make_participation(meeting=meeting, government="US")
    for _ in range(4):
        make.make_reaction(meeting=meeting, country="US")
        make.make_reaction(meeting=meeting, country="NO")
    leaders = [make.make_actor(country=code) for code in ("US", "NO")]

    before = links_to_all(client, meeting)
    make.make_reaction(meeting=meeting, country="", actors=leaders)
    after = links_to_all(client, meeting)

    assert len(before) == 2
    assert after == []


def test_large_group_is_split_by_capacity_and_affiliation():
    meeting = make.make_meeting()
    make.make_participation(meeting=meeting, government="US")
    for number in range(9):
        affiliation = ["Republican", "Democratic", ""][number % 3] if number != 8 else "Green"
        make.make_reaction(meeting=meeting, affiliation=affiliation)
    make.make_reaction(meeting=meeting, capacity="executive", affiliation="Republican")

    (group,) = groups_of(meeting)

    assert [(part.label, len(part.keys)) for part in group.parts] == [
        ("Executive", 1),
        ("Legislature, Democratic", 3),
        ("Legislature, Republican", 3),
        ("Legislature, other", 3),
    ]


def test_small_group_stays_whole():
    meeting = make.make_meeting()
    make.make_participation(meeting=meeting, government="US")
    for _ in range(6):
        make.make_reaction(meeting=meeting)

    assert [group.parts for group in groups_of(meeting)] == [[]]


def test_page_has_room_for_what_it_shows():
    meeting = make.make_meeting()
    for number in range(80):
        make.make_reaction(
            meeting=meeting,
            country=["NO", "DK"][number % 2],
            affiliation=f"Party {number % 20}",
            capacity=["executive", "legislature", "analyst", "media"][number % 4],
        )

    groups = groups_of(meeting)

    assert count_shown(groups, 1) <= PAGE_REACTIONS
    assert sum(len(leaf.shown) for group in groups for leaf in group.leaves) <= PAGE_REACTIONS
