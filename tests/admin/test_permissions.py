"""Who may do what at the desk."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from meetings.models import Meeting
from tests.factories import (
    make_account,
    make_discussion,
    make_editor,
    make_issue,
    make_meeting,
    make_outcome,
    make_source,
)

from .helpers import address, form_data, open_form, recorded, revisions_of, send

pytestmark = pytest.mark.django_db


def make_user(*codenames):
    user = User.objects.create_user("writer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def writer(client):
    """A client of somebody who writes meetings and may not publish them."""
    client.force_login(make_user("add_meeting", "change_meeting", "view_source"))
    return client


@pytest.fixture
def viewer(client):
    client.force_login(make_user("view_meeting"))
    return client


def test_visitors_are_sent_to_sign_in(client):
    meeting = make_meeting()

    for name in ("changelist", "add", "change", "history", "delete", "withdraw", "publish"):
        response = client.get(address(meeting, name))
        assert response.url.startswith(reverse("admin:login"))


def test_viewers_read_an_entry_with_its_parts(viewer):
    meeting = make_meeting(title="Geneva")
    issue = make_discussion(meeting=meeting, issue=make_issue()).issue
    make_account(meeting=meeting, issue=issue, text="Stated in Geneva.")
    make_outcome(meeting=meeting, text="A truce.")

    response = viewer.get(address(meeting))

    text = response.content.decode()
    assert "Stated in Geneva." in text
    assert "A truce." in text
    assert 'name="_save"' not in text
    assert 'name="title"' not in text


def test_viewers_read_the_page_of_a_draft_that_the_desk_links_to(viewer):
    meeting, issue = make_meeting(status="draft"), make_issue(status="draft")

    form = viewer.get(address(meeting)).content.decode()
    page = viewer.get(meeting.get_absolute_url())

    assert f'href="{meeting.get_absolute_url()}" class="viewsitelink"' in form
    assert page.status_code == 200
    assert "preview-banner" in page.content.decode()
    assert viewer.get(issue.get_absolute_url()).status_code == 404


def test_viewers_write_nothing(viewer):
    meeting = recorded(make_meeting(status="draft"))

    for name in ("change", "delete", "publish", "withdraw", "back-to-draft"):
        response = viewer.post(address(meeting, name), {"seen": 1, "title": "Mine"})
        assert response.status_code == 403
    assert viewer.post(address(meeting, "add"), {"title": "Mine"}).status_code == 403
    assert revisions_of(meeting) == ["load"]


def test_writers_read_what_is_public_and_change_drafts(writer):
    public, draft = recorded(make_meeting()), recorded(make_meeting(status="draft"))

    assert 'name="_save"' not in writer.get(address(public)).content.decode()
    assert writer.post(address(public), {"seen": 1}).status_code == 403
    assert send(writer, draft, open_form(writer, draft) | {"title": "T"}).status_code == 302


def test_writers_are_not_offered_to_publish(writer):
    meeting = recorded(make_meeting(status="draft"))
    data = open_form(writer, meeting) | {"change_note": "Now."}

    page = writer.get(address(meeting)).content.decode()

    assert 'name="_publish"' not in page
    assert 'name="_submit"' in page
    assert send(writer, meeting, data, button="_publish").status_code == 403
    assert writer.post(address(meeting, "publish"), {"seen": 1, "note": "N"}).status_code == 403
    assert Meeting.objects.get().status == "draft"


def test_writers_edit_the_parts_of_a_draft(writer):
    meeting = make_meeting(status="draft")
    make_outcome(meeting=meeting, order=10)
    recorded(meeting)

    send(writer, meeting, open_form(writer, meeting) | {"outcomes-0-text": "Talks."})

    assert meeting.outcomes.get().text == "Talks."


def test_editors_see_a_draft_at_its_own_address(client):
    client.force_login(make_editor())
    meeting = make_meeting(status="draft")

    page = client.get(address(meeting)).content.decode()

    assert f'href="{meeting.get_absolute_url()}"' in page
    assert client.get(meeting.get_absolute_url()).status_code == 200


def test_parts_are_only_read_in_their_lists(client):
    client.force_login(make_editor())
    outcome = make_outcome()

    listed = client.get(address(outcome, "changelist")).content.decode()

    assert address(outcome.meeting) in listed
    assert client.get(address(outcome, "add")).status_code == 403
    assert client.post(address(outcome), {"text": "Mine"}).status_code == 403


def test_the_history_lists_the_acts(client):
    client.force_login(make_editor(first_name="Ana"))
    meeting = recorded(make_meeting())
    data = open_form(client, meeting) | {"title": "Named", "change_note": "Name corrected."}
    send(client, meeting, data | {"change_kind": "correction", "change_wrong": "The name."})

    page = client.get(address(meeting, "history")).content.decode()

    for text in ("Loaded", "Saved", "ana", "Name corrected.", "Correction"):
        assert text in page


def test_a_source_is_added_beside_the_form_that_needs_it(client):
    client.force_login(make_editor())
    url = reverse("admin:meetings_source_add") + "?_popup=1"
    data = form_data(client.get(url), "source_form")
    data |= {"title": "Remarks", "slug": "remarks", "kind": "news", "_popup": "1"}

    response = client.post(url, data)

    assert "admin/popup_response.html" in [template.name for template in response.templates]
    double = client.post(url, data | {"slug": "other", "url": make_source(url="https://a.b/").url})
    assert "This address is already source" in double.content.decode()
