"""How many paragraphs of an entry cite a source, as its page says it."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


def paragraphs(client, entry):
    """Return how many paragraphs cite a source, and how many there are, as the page has them."""
    context = client.get(entry.get_absolute_url()).context
    return context["covered"], context["paragraphs"]


def test_page_says_how_many_paragraphs_of_the_entry_and_its_parts_cite_a_source(client):
    client.force_login(make.make_editor())
    make.make_source(slug="press")
    meeting = make.make_meeting(status="draft", body="Held [@press].\n\nNobody says so.")
    discussion = make.make_discussion(meeting=meeting, summary="Both spoke.\n\nOf it [@press].")
    make.make_account(meeting=meeting, issue=discussion.issue, text="Said.")

    assert paragraphs(client, meeting) == (2, 5)
    text = client.get(meeting.get_absolute_url()).content.decode()
    assert "2 of 5 paragraphs cite a source." in text


def test_entry_of_which_each_paragraph_cites_a_source_is_covered_whole(client):
    make.make_source(slug="press")
    issue = make.make_issue(body="Held [@press].\n\nSaid so [@press; @press, p. 2].")

    assert paragraphs(client, issue) == (2, 2)
