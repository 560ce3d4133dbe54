"""Review of drafts: who sends, who publishes, what the writer is told."""

import pytest
from django.contrib.auth.models import User
from django.core import mail

from meetings.editing import acts, errors, review
from meetings.models import Publishable, Revision
from tests import factories as make
from tests.writers import changing

pytestmark = pytest.mark.django_db

Status = Publishable.Status


@pytest.fixture
def people():
    """A writer and two editors; all but the second editor have an address."""
    return (
        make.make_member("writer", "wim", email="wim@record.example"),
        make.make_editor("ana", email="ana@record.example"),
        make.make_editor("ben"),
    )


def draft_of(user):
    """Return a draft that a user wrote and that could be published."""
    draft = make.make_meeting(status="draft", title="Talks")
    acts.save(entry=draft, after=changing(draft, forum="G20"), user=user)
    return draft


def test_change_by_its_writer_takes_an_entry_out_of_review_and_one_by_a_reviewer_does_not(people):
    writer, editor, _ = people
    draft = draft_of(writer)

    acts.submit(entry=draft, user=writer)
    acts.save(entry=draft, after=changing(draft, forum="G7"), user=editor)
    by_reviewer = type(draft).objects.get().status
    acts.save(entry=draft, after=changing(draft, forum="G7"), user=writer)
    unchanged = type(draft).objects.get().status
    acts.save(entry=draft, after=changing(draft, forum="G8"), user=writer)
    by_writer = type(draft).objects.get().status

    assert (by_reviewer, unchanged, by_writer) == (Status.REVIEW, Status.REVIEW, Status.DRAFT)


def test_who_publishes_the_work_of_another_stands_beside_its_writer(people):
    writer, editor, _ = people
    draft = draft_of(writer)
    acts.submit(entry=draft, user=writer)

    revision = acts.publish(entry=draft, user=editor, note="First account.")
    alone = acts.save(entry=draft, after=changing(draft, forum="G7"), user=editor, note="Forum.")

    assert (revision.made_by, revision.written_by) == (editor, writer)
    assert (alone.made_by, alone.written_by) == (editor, None)


def test_what_is_sent_back_needs_a_reason_which_its_writer_is_shown(people):
    writer, editor, _ = people
    draft = draft_of(writer)
    acts.submit(entry=draft, user=writer, note="The forum is from the readout.")
    sent = review.last_sent(draft)

    with pytest.raises(errors.Refused, match="Say what is to be changed"):
        acts.back_to_draft(entry=draft, user=editor)
    acts.back_to_draft(entry=draft, user=editor, note="Which readout?")
    back = review.last_sent_back(draft)
    acts.save(entry=draft, after=changing(draft, forum="G8"), user=writer)
    acts.submit(entry=draft, user=writer)

    assert (sent.made_by, sent.note) == (writer, "The forum is from the readout.")
    assert (back.made_by, back.note) == (editor, "Which readout?")
    assert review.last_sent_back(draft) is None


def test_writer_takes_back_what_they_sent_without_a_word(people):
    writer = people[0]
    draft = draft_of(writer)
    acts.submit(entry=draft, user=writer)

    acts.back_to_draft(entry=draft, user=writer)

    assert draft.status == Status.DRAFT


def test_two_people_have_a_hand_in_what_is_public_where_that_is_required(people, settings):
    settings.REVIEW_BY_ANOTHER = True
    _, ana, ben = people
    draft = draft_of(ana)
    alone = make.make_meeting(status="draft")

    for entry, words in ((draft, "Another person publishes"), (alone, "Another person publishes")):
        with pytest.raises(errors.Refused, match=words):
            acts.publish(entry=entry, user=ana, note="First account.")
    acts.publish(entry=draft, user=ben, note="First account.")
    with pytest.raises(errors.Refused, match="Prepare a change beside it"):
        acts.save(entry=draft, after=changing(draft, forum="G7"), user=ben, note="Forum.")
    acts.withdraw(entry=draft, user=ben, reason="Entered twice.")

    assert Revision.objects.latest_of(draft).act == "withdraw"


def test_mail_tells_who_may_publish_and_then_the_writer(
    people, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_URL = "smtp://127.0.0.1"
    writer, editor, _ = people
    draft = draft_of(writer)
    User.objects.create_user("gone", email="gone@record.example", is_staff=True, is_active=False)

    with django_capture_on_commit_callbacks(execute=True):
        acts.submit(entry=draft, user=writer, note="Please look at the forum.")
    with django_capture_on_commit_callbacks(execute=True):
        acts.back_to_draft(entry=draft, user=editor, note="Which readout?")

    sent, back = mail.outbox
    assert (sent.to, back.to) == (["ana@record.example"], ["wim@record.example"])
    assert "In review: Talks" in sent.subject
    assert "Please look at the forum." in sent.body
    assert "Which readout?" in back.body


def test_mail_that_cannot_be_sent_undoes_nothing(
    people, settings, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def refuse(*arguments):
        raise OSError("No route to host")

    settings.EMAIL_URL = "smtp://127.0.0.1"
    monkeypatch.setattr("meetings.editing.notices.send_mail", refuse)
    draft = draft_of(people[0])

    with django_capture_on_commit_callbacks(execute=True):
        acts.submit(entry=draft, user=people[0])

    assert draft.status == Status.REVIEW
    assert "A notice could not be sent." in caplog.text


def test_nothing_is_sent_without_an_address_of_a_server(people, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        acts.submit(entry=draft_of(people[0]), user=people[0])

    assert mail.outbox == []
