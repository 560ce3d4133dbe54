"""What the lists share: their empty states, and what leads out of them."""

import re

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db

LISTS = ("meetings", "issues", "reactions", "people", "sources")


def get_html_and_text(client, address):
    html = client.get(address).content.decode()
    return html, re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html))


@pytest.mark.parametrize("path", ["/", "/meetings/", "/timeline/", "/issues/by-meeting/"])
def test_empty_record_asks_editors_and_only_them_for_the_first_meeting(client, path):
    link = 'href="/admin/meetings/meeting/add/">Add the first meeting'

    public, words = get_html_and_text(client, path)
    client.force_login(make.make_editor())
    desk, _ = get_html_and_text(client, path)

    assert "No meetings have been published yet" in words
    assert link not in public
    assert link in desk


@pytest.mark.parametrize("contact", ["", "editor@example.org"])
def test_where_no_reaction_is_recorded_readers_can_tell_of_one(client, settings, contact):
    settings.CONTACT_EMAIL = contact
    pages = [make.make_meeting(title="Geneva & after"), make.make_issue()]

    for path in (*(page.get_absolute_url() for page in pages), "/reactions/"):
        html, words = get_html_and_text(client, path)
        assert "No reactions recorded yet" in words, path
        assert ("Know of one? Tell us." in words) is bool(contact), path
        assert (f"mailto:{contact}?subject=A%20reaction" in html) is bool(contact), path


def test_no_match_says_which_single_removal_brings_results_and_how_many(client):
    make.make_reaction(stance="critical", country="US")
    make.make_reaction(stance="critical", country="US")
    make.make_reaction(stance="neutral", country="FI")

    html, words = get_html_and_text(client, "/reactions/?stance=critical&country=FI")

    assert "No reactions match these filters" in words
    assert "Without country (Finland): 2 reactions" in words
    assert "Without stance (Critical): 1 reactions" in words
    assert 'href="/reactions/?stance=critical"' in html
    assert 'href="/reactions/">Clear all</a>' in html


def test_no_match_for_more_than_one_reason_says_so(client):
    make.make_reaction(stance="neutral", country="FI", capacity="analyst")

    html, words = get_html_and_text(client, "/reactions/?stance=critical&country=US&capacity=media")

    assert "No single filter is the reason" in words
    assert html.count('href="/reactions/">Clear all</a>') == 2


@pytest.mark.parametrize("name", LISTS)
def test_every_list_with_filters_has_the_same_shape(client, name):
    place, actor = make.make_place(), make.make_actor()
    meeting = make.make_meeting(place=place)
    make.make_participation(meeting=meeting, actor=actor)
    make.make_reaction(meeting=meeting, issues=[make.make_issue()])

    html, _ = get_html_and_text(client, f"/{name}/?year=angry&sort=angry")

    marks = ('class="filter-form"', 'class="results"', 'class="notice"', 'role="status"', "(CSV)")
    assert [html.count(mark) for mark in marks[:2]] == [1, 1]
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)
    assert re.search(r'class="results".*<(h2|h3|article|ul class="rows")', html, re.DOTALL)
