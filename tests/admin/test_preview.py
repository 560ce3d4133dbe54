"""The preview: the public page made of a form as it stands, and nothing written."""

import pytest

from meetings.editing import acts
from meetings.models import Issue, Meeting, Proposal, Revision

from .. import factories as make
from .helpers import address, form_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = make.make_editor()
    client.force_login(editor)
    return editor


@pytest.fixture
def meeting():
    meeting = make.make_meeting(title="Summit", forum="G20")
    make.make_outcome(meeting=meeting, text=f"A talk [@{meeting.sources.get().slug}].")
    acts.check_seen(entry=meeting, seen=None)
    meeting.refresh_from_db()
    return meeting


def typed_into(client, url, form_id, **typed):
    return form_data(client.get(url), form_id) | typed


def test_preview_shows_the_unsaved_form_through_the_public_page_and_keeps_nothing(
    client, editor, meeting
):
    cite = f"[@{meeting.sources.get().slug}]"
    new = {
        "title": "Typed title",
        "outcomes-0-text": f"Typed outcome {cite}.",
        "outcomes-TOTAL_FORMS": "2",
        "outcomes-1-order": "90",
        "outcomes-1-state": "agreed",
        "outcomes-1-text": f"New outcome {cite}.",
    }
    data = typed_into(client, address(meeting), "meeting_form", **new)

    page = client.post(address(meeting, "preview"), data)

    text = page.content.decode()
    for words in ("Typed title", "Typed outcome", "New outcome", "Preview, not public"):
        assert words in text
    assert '<meta name="robots" content="noindex">' in text
    assert "no-store" in page["Cache-Control"]
    assert Meeting.objects.get().title == "Summit"
    assert Revision.objects.of(meeting).count() == 1
    client.logout()
    assert "Typed" not in client.get(meeting.get_absolute_url()).content.decode()


def test_preview_of_an_entry_that_is_not_stored_yet(client, editor):
    url = address(Issue(), "add")
    data = typed_into(client, url, "issue_form", title="New issue", slug="new-issue")

    page = client.post(f"{url}preview/", data | {"summary": "A lede."})

    assert page.status_code == 200
    assert "A lede." in page.content.decode()
    assert "Preview, not public" in page.content.decode()
    assert not Issue.objects.exists()


def test_preview_of_a_proposal_leaves_the_stored_proposal(client, editor, meeting):
    data = typed_into(client, address(meeting, "proposal"), "meeting_form", forum="Kept forum")
    client.post(address(meeting, "proposal"), data)
    again = typed_into(client, address(meeting, "proposal"), "meeting_form", title="Typed title")

    text = client.post(address(meeting, "preview"), again).content.decode()

    assert "Typed title" in text
    assert "Kept forum" in text
    assert Proposal.objects.get().number == 1


def test_form_that_cannot_be_read_is_shown_again_and_leads_back_to_its_address(
    client, editor, meeting
):
    data = typed_into(client, address(meeting), "meeting_form")

    refused = [
        client.post(address(meeting, "preview"), data | wrong).content.decode()
        for wrong in ({"starts_on": "soon"}, {"body": "A claim [@unknown]."})
    ]

    assert "Enter the date as 2018-07-16." in refused[0]
    assert "There is no source “unknown”" in refused[1]
    assert all(f'action="{address(meeting)}"' in text for text in refused)


def test_those_who_may_not_change_an_entry_preview_nothing(client, meeting, django_user_model):
    client.force_login(django_user_model.objects.create_user("rea", is_staff=True))

    assert client.post(address(meeting, "preview"), {"title": "x"}).status_code == 403
