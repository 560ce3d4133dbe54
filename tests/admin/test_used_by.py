"""The form of a row says who names it, before anybody asks to delete it."""

import pytest

from tests import factories as make

from .helpers import address, recorded

pytestmark = pytest.mark.django_db


def test_form_links_to_what_uses_a_source_and_says_why_it_stays(desk):
    source = make.make_source(slug="memo")
    meeting = recorded(make.make_meeting(title="Geneva", body="Held [@memo].", sources=[source]))

    page = desk.get(address(source)).content.decode()

    assert f'<a href="{address(meeting)}">Geneva</a> (meeting): summary in full' in page
    assert "Used by 1 meeting. It supports 1 statement." in page
    assert "It cannot be deleted: It is used by 1 meeting. Change those first." in page


def test_refused_deletion_shows_the_list_on_the_form(desk):
    place = make.make_place()
    make.make_meeting(title="Geneva", place=place, status="draft")

    response = desk.post(address(place, "delete"), {"post": "yes"}, follow=True)

    page = response.content.decode()
    assert "It is used by 1 meeting. Change those first." in page
    assert "Geneva</a> (meeting): place" in page


def test_page_before_a_deletion_names_parts_and_no_rows_that_only_relate_others(desk):
    meeting = make.make_meeting(title="Geneva", status="draft", sources=[make.make_source()])
    make.make_outcome(meeting=recorded(meeting))

    page = desk.get(address(meeting, "delete")).content.decode()

    assert "Outcome: " in page
    assert "Meeting_sources object" not in page
