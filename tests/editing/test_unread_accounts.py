"""An account that rests on nothing opened is published only with a reason in the note."""

import pytest

from meetings.editing import acts
from meetings.editing.errors import Refused
from meetings.models import Account
from tests import factories as make
from tests.writers import changing, written

pytestmark = pytest.mark.django_db
REASON = "The statement stays unread: its page is away, two papers quote it alike."


@pytest.fixture
def source():
    return make.make_source(slug="away", read="not_opened")


@pytest.fixture
def draft(source):
    """A draft with one account, which cites what nobody opened."""
    meeting = make.make_meeting(status="draft", sources=[source])
    discussion = make.make_discussion(meeting=meeting, summary="They spoke of it [@away].")
    make.make_account(meeting=meeting, issue=discussion.issue, text="Said so [@away].")
    return meeting


def test_unread_account_is_refused_and_named(draft):
    with pytest.raises(Refused) as refusal:
        acts.publish(entry=draft, user=make.make_editor(), note="First published.")

    issue = draft.accounts.get().issue.slug
    assert f"Account ({issue}, RU) rests on nothing that was opened" in str(refusal.value)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_note_that_says_why_publishes_it_and_it_shows_as_unread(draft, client):
    acts.publish(entry=draft, user=make.make_editor(), note=REASON)

    page = client.get(draft.get_absolute_url()).content.decode()
    assert "Evidence: </span>Unread" in page


def test_one_source_that_was_opened_is_enough(draft, source):
    make.make_source(slug="opened", read="excerpt")
    Account.objects.update(text="Said so [@away; @opened].")

    acts.publish(entry=draft, user=make.make_editor(), note="First published.")


def test_what_is_public_like_that_is_not_asked_again(draft):
    editor = make.make_editor()
    acts.publish(entry=draft, user=editor, note=REASON)

    acts.save(
        entry=draft,
        after=changing(draft, summary="A meeting of two."),
        user=editor,
        note="Summary shortened.",
    )


def test_a_second_unread_account_is_asked(draft):
    editor = make.make_editor()
    acts.publish(entry=draft, user=editor, note=REASON)
    issue = draft.accounts.get().issue
    after = written(
        draft,
        lambda: make.make_account(meeting=draft, issue=issue, government="US", text="So [@away]."),
    )

    with pytest.raises(Refused, match="US"):
        acts.save(entry=draft, after=after, user=editor, note="Account added.")


def test_draft_is_saved_without_a_reason(draft):
    acts.save(entry=draft, after=changing(draft, summary="Two met."), user=make.make_editor())
