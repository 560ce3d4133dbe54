"""No two pages have the same title, also where the record repeats itself."""

import re

import pytest

from meetings.editing.revisions import record_loaded

from . import factories as make
from .addresses import pages

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def title(client, address):
    return re.search("<title>(.*?)</title>", client.get(address).content.decode(), re.S)[1]


def two_meetings():
    return [make.make_meeting(slug=slug, title="Telephone call") for slug in ("one", "two")]


def two_issues():
    return [make.make_issue(slug=slug, title="Syria") for slug in ("one", "two")]


def two_statements_on_one_meeting():
    meeting = make.make_meeting()
    return [
        make.make_reaction(slug=slug, meeting=meeting, attribution="A senator")
        for slug in ("one", "two")
    ]


def two_statements_on_meetings_of_one_title():
    return [
        make.make_reaction(slug=meeting.slug, meeting=meeting, attribution="A senator")
        for meeting in two_meetings()
    ]


def two_themes():
    return [make.make_theme(slug=slug, title="A question") for slug in ("one", "two")]


def two_milestones():
    return [make.make_milestone(slug=slug, title="Telephone call") for slug in ("one", "two")]


def two_pages():
    return [make.make_page(slug=slug, title="About") for slug in ("one", "two")]


def two_actors():
    actors = [make.make_actor(slug=slug, name="John Smith") for slug in ("one", "two")]
    for actor in actors:
        make.make_participation(actor=actor)
    return actors


def two_sources():
    sources = [make.make_source(slug=slug, title="Remarks") for slug in ("one", "two")]
    make.make_meeting(sources=sources)
    return sources


def places(*values):
    found = [make.make_place(**value) for value in values]
    for place in found:
        make.make_meeting(place=place)
    return found


def two_places():
    return places({"slug": "one"}, {"slug": "two", "country": "US"})


def two_places_of_one_part():
    return places(
        {"slug": "one", "city": "Singapore"}, {"slug": "two", "venue": "Singapore", "city": ""}
    )


def two_places_named_in_one_column():
    return places(
        {"slug": "one", "venue": "Palace", "city": "Helsinki"},
        {"slug": "two", "venue": "Palace, Helsinki", "city": ""},
    )


def two_places_one_without_a_name():
    return places({"slug": "one", "city": "two"}, {"slug": "two", "city": ""})


TWINS = [
    *(two_meetings, two_issues, two_statements_on_one_meeting),
    *(two_statements_on_meetings_of_one_title, two_themes, two_milestones, two_pages, two_actors),
    *(two_sources, two_places, two_places_of_one_part, two_places_one_without_a_name),
]


@pytest.mark.parametrize("twins", TWINS)
def test_pages_of_twins_have_their_slug_in_the_title(client, twins):
    one, two = twins()

    titles = [title(client, row.get_absolute_url()) for row in (one, two)]

    assert "(one)" in titles[0]
    assert "(two)" in titles[1]
    assert titles[0] != titles[1]


def test_place_whose_name_another_splits_differently_is_told_apart(client):
    one, two = two_places_named_in_one_column()

    assert title(client, one.get_absolute_url()) != title(client, two.get_absolute_url())


def test_drafts_make_no_twins(client):
    meeting = make.make_meeting(title="Telephone call")
    make.make_meeting(title="Telephone call", status="draft")

    assert title(client, meeting.get_absolute_url()).startswith("Telephone call, 16 July 2018 – ")


def test_same_title_on_another_day_needs_no_slug(client):
    meeting = make.make_meeting(title="Telephone call")
    make.make_meeting(title="Telephone call", starts_on="2018-07-17")

    assert meeting.slug not in title(client, meeting.get_absolute_url())


def test_all_titles_differ_where_everything_repeats(client):
    for twins in TWINS:
        twins() if twins in {two_issues, two_themes, two_milestones, two_pages} else None
    two_statements_on_meetings_of_one_title()
    record_loaded()
    walked = pages()

    titles = [title(client, address) for address in walked]

    repeated = [(a, t) for a, t in zip(walked, titles, strict=True) if titles.count(t) > 1]
    assert repeated == []


@pytest.mark.parametrize("twins", [two_meetings, two_milestones, two_statements_on_one_meeting])
def test_references_to_twins_have_their_slug_too(client, twins):
    for row in twins():
        cited = client.get(f"{row.get_absolute_url()}cite.csl.json").json()
        page = title(client, row.get_absolute_url())

        assert f"({row.slug})" in str(cited)
        assert page.removeprefix("Reaction: ").removeprefix("Call: ").startswith(cited[0]["title"])


def test_title_that_has_its_day_does_not_say_it_twice(client):
    meeting = make.make_meeting(title="Telephone call, 16 July 2018")

    assert title(client, meeting.get_absolute_url()).startswith("Telephone call, 16 July 2018 – ")
