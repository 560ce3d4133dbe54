"""The checklist of a form: what publication asks for, and what a good page has besides."""

import re

import pytest

from meetings.models import Meeting
from tests import factories

from .helpers import address, open_form, recorded, send

pytestmark = pytest.mark.django_db


def lines(text):
    """Return the heading of the checklist, and its lines by the field each leads to."""
    found = text[text.index('class="checklist"') :]
    found = found[: found.index("</section>")]
    heading = re.search(r"<h2[^>]*>([^<]+)<", found)[1]
    return heading, dict(re.findall(r'<a href="#([^"]+)">([^<]+)</a>', found))


def checklist_of(desk, entry):
    text = desk.get(address(entry)).content.decode()
    heading, found = lines(text)
    assert all(f'id="{anchor}"' in text for anchor in found)
    return heading, found


def test_draft_with_a_title_alone_is_told_what_publication_asks(desk):
    meeting = Meeting.objects.create(slug="talks", title="Talks", status="draft")

    heading, found = checklist_of(desk, recorded(meeting))

    assert heading == "Cannot be published yet: 4 points"
    assert found["id_starts_on"] == "The first day is missing"
    assert {"id_format", "id_event_status", "id_sources"} <= set(found)
    assert found["id_summary"] == "Lede is missing"


def test_each_line_leads_to_its_field_in_parts_too(desk, meeting):
    _, found = checklist_of(desk, meeting)

    assert "1 paragraph without a source" in found["id_discussions-0-account_RU_text"]
    us = found["id_discussions-0-account_US_finding"]
    assert us == "United States account of Syria is empty. Write it, or set a finding."


def test_what_publication_accepts_is_ready(desk):
    entry = recorded(factories.make_meeting(status="draft", summary="A talk."))

    heading, found = checklist_of(desk, entry)
    send(desk, entry, open_form(desk, entry) | {"change_note": "Ready."}, button="_publish")

    assert heading == "Ready to publish"
    assert "id_summary" not in found
    entry.refresh_from_db()
    assert entry.status == "published"


def test_refused_form_lists_what_was_typed(desk):
    entry = recorded(factories.make_meeting(status="draft"))
    data = open_form(desk, entry) | {"body": "It was held.", "title": ""}

    _, found = lines(send(desk, entry, data).content.decode())

    assert found["id_body"] == "Summary in full: 1 paragraph without a source"


def test_long_lede_and_sources_without_a_copy_are_no_hindrance(desk):
    source = factories.make_source(slug="press")
    entry = factories.make_meeting(
        status="draft", summary="word " * 41, body="Held [@press].", sources=[source]
    )

    heading, found = checklist_of(desk, recorded(entry))

    assert heading == "Ready to publish"
    assert found["id_summary"] == "Lede has 41 words; aim for 30"
    assert found["id_sources"] == "1 cited source without an archived copy"
