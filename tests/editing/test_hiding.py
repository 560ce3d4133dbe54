"""A hidden revision says only that it is hidden, and why."""

import pytest
from django.core.exceptions import PermissionDenied

from meetings.editing import acts, errors, hiding
from meetings.editing.revisions import record_loaded
from meetings.models import Revision
from tests import factories as make
from tests.reading import response_text
from tests.writers import changing

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    issue = make.make_issue(slug="arms", title="Arms")
    record_loaded()
    for title, note in (("canary", "canary note"), ("Arms control", "Title.")):
        acts.save(entry=issue, after=changing(issue, title=title), note=note)
    return issue


def revision(number):
    return Revision.objects.get(table="issue", number=number)


def test_hidden_revision_says_only_that_and_why(client, issue, pages_are_kept):
    ends = ["", "history/", "timemap/", "r1/", "r2/", "r2/changes/", "r3/", "r3/changes/"]
    addresses = [f"/issues/arms/{end}" for end in ends]
    before = [response_text(client.get(address)) for address in addresses]

    hiding.hide_revision(revision=revision(2), reason="It named a private person.")
    after = {address: client.get(address) for address in addresses}

    assert "canary" in "".join(before)
    assert not [a for a, answer in after.items() if "canary" in response_text(answer)]
    for end in ("r2/", "r2/changes/"):
        assert after[f"/issues/arms/{end}"].status_code == 410
        assert "It named a private person." in response_text(after[f"/issues/arms/{end}"])
    assert "It named a private person." in response_text(after["/issues/arms/history/"])
    # What came after is compared with what was readable before.
    assert "revision 1</a> before it" in response_text(after["/issues/arms/r3/changes/"])


def test_hidden_revision_can_be_shown_again(client, issue):
    hiding.hide_revision(revision=revision(2), reason="Libel.")

    hiding.show_revision(revision=revision(2))

    assert client.get("/issues/arms/r2/").status_code == 200


def test_what_the_page_shows_is_not_hidden(issue):
    with pytest.raises(errors.Refused, match="newest revision"):
        hiding.hide_revision(revision=revision(3), reason="Libel.")
    with pytest.raises(errors.Refused, match="reason is public"):
        hiding.hide_revision(revision=revision(2), reason=" ")


def test_hiding_is_a_right_of_its_own(issue):
    with pytest.raises(PermissionDenied):
        hiding.hide_revision(
            revision=revision(2), reason="Libel.", user=make.make_editor("without")
        )
    hiding.hide_revision(
        revision=revision(2), reason="Libel.", user=make.make_editor("with", is_superuser=True)
    )
    assert revision(2).hidden_by.username == "with"
