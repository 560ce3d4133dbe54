"""Review of entries at the desk: the writer sends, the reviewer sees what changed and answers."""

import re

import pytest
from django.utils.html import strip_tags

from meetings.editing import acts
from meetings.models import Revision
from tests import factories as make
from tests.writers import changing

from .helpers import address, form_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.make_member("writer", "wim"), make.make_editor("ana")


def words(response):
    return " ".join(strip_tags(response.content.decode()).split())


def send(client, entry, line):
    """Send a draft to review from its form, with a line."""
    data = form_data(client.get(address(entry)), f"{entry._meta.model_name}_form")
    return client.post(address(entry), data | {"change_note": line, "_submit": "1"}, follow=True)


def test_draft_goes_to_review_and_back_with_words_and_is_published_beside_its_writer(
    client, people
):
    writer, editor = people
    draft = make.make_meeting(status="draft", forum="G20")
    acts.save(entry=draft, after=changing(draft, forum="G8"), user=writer)
    client.force_login(writer)
    send(client, draft, "The forum is from the readout.")

    client.force_login(editor)
    form = client.get(address(draft))
    back = address(draft, "send-back")
    assert "Sent to review by wim" in words(form)
    assert "The forum is from the readout." in words(form)
    assert back in form.content.decode()
    assert address(draft, "back-to-draft") not in form.content.decode()
    refused = client.post(back, form_data(client.get(back)) | {"note": ""})
    client.post(back, form_data(client.get(back)) | {"note": "Which readout?"})

    assert "Say what is to be changed." in words(refused)
    client.force_login(writer)
    assert "Back to draft by ana" in words(client.get(address(draft)))
    assert "Which readout?" in words(client.get(address(draft)))
    send(client, draft, "That of the day after.")
    client.force_login(editor)
    publish = address(draft, "publish")
    client.post(publish, form_data(client.get(publish)) | {"note": "First account."})
    revision = Revision.objects.latest_of(draft)
    assert (revision.act, revision.made_by, revision.written_by) == ("publish", editor, writer)


def test_reviewer_is_shown_what_changed_since_the_entry_was_last_public(client, people):
    _, editor = people
    meeting = make.make_meeting(forum="G20", summary="As it was.")
    acts.check_seen(entry=meeting, seen=None)
    acts.back_to_draft(entry=meeting, note="To be checked.")
    acts.save(entry=meeting, after=changing(meeting, summary="As it is."), user=editor)
    new = make.make_meeting(status="draft", forum="G7")
    acts.check_seen(entry=new, seen=None)
    client.force_login(editor)

    page = client.get(address(meeting, "publish")).content.decode()
    of_new = client.get(address(new, "publish"))

    assert "What changed since it was last in public" in page
    assert re.search(r"<del>.*was.*</del>", page)
    assert re.search(r"<ins>.*is.*</ins>", page)
    assert "G20" not in page
    assert "What would become public" in words(of_new)
    assert "G7" in words(of_new)


def test_note_of_a_writer_to_a_reviewer_is_not_public(client, people):
    writer, editor = people
    draft = make.make_meeting(status="draft")
    client.force_login(writer)
    send(client, draft, "Ask nobody about this.")
    acts.publish(entry=draft, user=editor, note="First account.")
    client.logout()

    for end in ("", "history/", "timemap/"):
        assert "Ask nobody" not in client.get(f"{draft.get_absolute_url()}{end}").content.decode()


def test_reviewer_is_not_told_of_the_status_as_a_change(client, people):
    meeting = make.make_meeting()
    acts.check_seen(entry=meeting, seen=None)
    acts.back_to_draft(entry=meeting, note="To be checked.")
    acts.submit(entry=meeting)
    client.force_login(people[1])

    page = client.get(address(meeting, "publish")).content.decode()

    assert "<dt>Status</dt>" not in page
    assert "<p>Nothing.</p>" in page
