"""Who changed something is named in public only by the name that they chose."""

import pytest
from django.urls import reverse

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from tests import factories as make
from tests.reading import response_text
from tests.writers import changing

pytestmark = pytest.mark.django_db


def test_name_is_chosen_and_taken_back_by_its_editor(client, pages_are_kept):
    editor = make.make_editor("canary", first_name="Canary")
    issue = make.make_issue(slug="arms")
    record_loaded()
    acts.save(entry=issue, after=changing(issue, title="Arms"), note="Title.", user=editor)
    asked, pages = reverse("admin:public_name"), ("/issues/arms/history/", "/changes/")

    def texts():
        client.logout()
        found = [response_text(client.get(page)) for page in pages]
        client.force_login(editor)
        return found

    before = texts()
    client.post(asked, {"name": "Ana B."})
    named = texts()
    shown = response_text(client.get(asked))
    client.post(asked, {"name": ""})
    after = texts()

    assert not [text for text in before if "by Ana B." in text or "canary" in text.lower()]
    assert all("by Ana B." in text for text in named)
    assert 'value="Ana B."' in shown
    assert not [text for text in after if "Ana B." in text]


def test_visitor_is_asked_to_sign_in(client):
    assert client.get(reverse("admin:public_name")).status_code == 302
