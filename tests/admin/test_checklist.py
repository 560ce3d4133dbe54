"""The checklist of a form: what publication asks for, and what a good page has besides."""

import re

import pytest

from meetings.models import Meeting
from tests import factories

from .helpers import add_row, address, form_data, open_form, recorded, send

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
    assert found["id_starts_on"] == "First day: the first day is missing."
    assert {"id_format", "id_event_status", "id_sources"} <= set(found)
    assert found["id_summary"] == "Lede is missing"


def test_each_line_leads_to_its_field_in_parts_too(desk, meeting):
    _, found = checklist_of(desk, meeting)

    assert found["id_discussions-0-account_RU_text"] == (
        "Account (syria, RU), text: the paragraph “Stated.” has no source. Cite one as [@slug]."
    )
    assert found["id_discussions-0-account_US_finding"] == (
        "Account (syria, US) is empty. Write it, or set “Not mentioned” or “No account published”."
    )


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

    assert found["id_body"] == (
        "Summary in full: the paragraph “It was held.” has no source. Cite one as [@slug]."
    )


def test_long_lede_and_sources_without_a_copy_are_no_hindrance(desk):
    source = factories.make_source(slug="press", url="https://a.example/")
    entry = factories.make_meeting(
        status="draft", summary="word " * 41, body="Held [@press].", sources=[source]
    )

    heading, found = checklist_of(desk, recorded(entry))

    assert heading == "Ready to publish"
    assert found["id_summary"] == "Lede has 41 words; aim for 30"
    assert found["id_sources"] == "1 source has no archive copy"


def test_public_entry_is_not_called_ready_but_its_proposal_is(desk):
    entry = recorded(factories.make_meeting())
    lacking = recorded(factories.make_meeting(body="It was held."))

    assert checklist_of(desk, entry)[0] == "Published, with all that is asked"
    assert checklist_of(desk, lacking)[0] == "Cannot be saved in public yet: 1 point"
    proposal = desk.get(address(entry, "proposal")).content.decode()
    assert lines(proposal)[0] == "Ready to publish"


def test_proposal_is_checked_as_it_is_prepared(desk):
    entry = recorded(factories.make_meeting(slug="geneva"))
    data = form_data(desk.get(address(entry, "proposal")), "meeting_form")

    desk.post(address(entry, "proposal"), data | {"body": "It was held.", "_save": "Save"})
    heading, found = lines(desk.get(address(entry, "proposal")).content.decode())

    assert heading == "Cannot be published yet: 1 point"
    assert found["id_body"].startswith("Summary in full: the paragraph “It was held.”")


def test_what_was_typed_in_a_new_part_is_checked_where_it_stands(desk, meeting):
    data = open_form(desk, meeting) | {"title": ""}
    add_row(data, "outcomes", order="20", state="agreed", text="A stunning end.")

    heading, found = lines(send(desk, meeting, data).content.decode())

    assert heading == "Cannot be published yet: 2 points"
    assert "Outcome (20), text" in found["id_outcomes-1-text"]
