"""Where a file leaves an entry: a status that people could give it too, no account left alone."""

import pytest

from meetings.editing import acts
from meetings.editing.errors import Refused
from meetings.editing.revisions import record_loaded
from meetings.models import Meeting, Reaction
from tests import factories as make

from .helpers import bring, reaction, texts, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def record():
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", title="Geneva", body="Held [@press].")
    make.make_issue(slug="syria", title="Syria")
    record_loaded()


def account(**cells):
    return {"meeting": "geneva", "issue": "syria", "government": "RU", "finding": "stated"} | cells


@pytest.mark.parametrize("status", ["draft", "review"])
def test_what_is_not_public_is_not_withdrawn_by_file_nor_at_the_desk(tmp_path, status):
    bring(write(tmp_path, "reactions", reaction(status=status)))

    outcome = bring(write(tmp_path, "reactions", reaction(status="withdrawn")))

    message = "Only a published entry can be withdrawn."
    assert message in texts(outcome)[0]
    assert outcome.problems[0].column == "status"
    with pytest.raises(Refused, match=message):
        acts.withdraw(entry=Reaction.objects.get(), reason="Wrong.")


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_what_was_public_is_not_sent_to_review_by_file_nor_at_the_desk(tmp_path, status):
    bring(write(tmp_path, "reactions", reaction(status=status)))

    outcome = bring(write(tmp_path, "reactions", reaction(status="review")))

    message = "Only a draft can be sent to review."
    assert message in texts(outcome)[0]
    with pytest.raises(Refused, match=message):
        acts.submit(entry=Reaction.objects.get())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *[("draft", "review"), ("draft", "published"), ("review", "draft")],
        *[("published", "withdrawn"), ("published", "draft")],
        *[("withdrawn", "draft"), ("withdrawn", "published"), ("withdrawn", "withdrawn")],
    ],
)
def test_statuses_that_people_can_give_come_by_file_too(tmp_path, before, after):
    bring(write(tmp_path, "reactions", reaction(status=before)))

    assert texts(bring(write(tmp_path, "reactions", reaction(status=after)))) == []
    assert Reaction.objects.get().status == after


def test_account_of_what_was_not_discussed_is_refused(tmp_path):
    outcome = bring(write(tmp_path, "accounts", account()))

    assert [problem.column for problem in outcome.problems] == ["issue"]
    assert (
        "“syria” was not discussed at this meeting. Bring its discussion, too."
        in (texts(outcome)[0])
    )


def test_account_comes_with_its_discussion_or_after_it(tmp_path):
    discussion = {"meeting": "geneva", "issue": "syria", "basis": "accounts"}
    write(tmp_path, "discussions", discussion)
    write(tmp_path, "accounts", account())
    assert texts(bring(tmp_path)) == []

    assert texts(bring(write(tmp_path, "accounts", account(government="US")))) == []
    assert Meeting.objects.get().accounts.count() == 2
