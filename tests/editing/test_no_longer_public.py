"""What was public and is so no more answers 410 with title, day and reason, whatever act it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.editing import acts, errors
from meetings.editing.revisions import record_loaded
from meetings.importing import undo
from meetings.models import Issue, Meeting, Reaction, Theme
from tests import factories as make
from tests.writers import changing

from .test_withdrawal import KINDS, MAKE, give_status

pytestmark = pytest.mark.django_db


def withdraw(entry, folder):
    acts.withdraw(entry=entry, reason="Right reason.")


def back_to_draft(entry, folder):
    acts.back_to_draft(entry=entry, note="Right reason.")


def put_off(entry, folder):
    time = timezone.now() + timedelta(days=30)
    acts.save(entry=entry, after=changing(entry, publish_at=time), note="Right reason.")


def withdraw_then_draft(entry, folder):
    acts.withdraw(entry=entry, reason="Right reason.")
    acts.back_to_draft(entry=entry, note="Another reason.")


def draft_then_review(entry, folder):
    acts.back_to_draft(entry=entry, note="Right reason.")
    acts.submit(entry=entry)


def draft_by_file(entry, folder):
    assert give_status(folder, entry, "draft", "Right reason.").problems == []


def undo_of_publishing(entry, folder):
    acts.back_to_draft(entry=entry, note="First reason.")
    outcome = give_status(folder, entry, "published", "By file.")
    undo.undo_import(imported=outcome.imported, note="Right reason.")


ROADS = pytest.mark.parametrize(
    "end",
    [
        withdraw,
        back_to_draft,
        put_off,
        withdraw_then_draft,
        draft_then_review,
        draft_by_file,
        undo_of_publishing,
    ],
)


@KINDS
@ROADS
def test_what_was_public_tells_when_and_why_it_ceased_to_be(client, tmp_path, model, end):
    entry = MAKE[model]()
    record_loaded()
    address = entry.get_absolute_url()
    title = str(entry)

    end(entry, tmp_path)

    page, data = client.get(address), client.get(f"{address.removesuffix('/')}.json")
    assert (page.status_code, data.status_code) == (410, 410)
    assert "Reason: Right reason." in page.content.decode()
    today = timezone.now().date().isoformat()
    answer = data.json()
    assert (answer["title"], answer["reason"], answer["withdrawn_on"]) == (
        title,
        "Right reason.",
        today,
    )


@KINDS
@pytest.mark.parametrize("name", ["cite.bib", "card.png"])
def test_files_of_what_was_taken_back_are_gone_too(client, model, name):
    entry = MAKE[model]()
    acts.back_to_draft(entry=entry, note="To be written again.")

    assert client.get(f"{entry.get_absolute_url()}{name}").status_code == 410


@KINDS
def test_draft_that_was_public_tells_its_public_title_and_no_other(client, model):
    entry = MAKE[model]()
    column = "attribution" if model is Reaction else "title"
    title = str(entry)
    acts.back_to_draft(entry=entry, note="To be written again.")

    acts.save(entry=entry, after=changing(entry, **{column: "Secret title"}))

    page = client.get(entry.get_absolute_url()).content.decode()
    assert title in page
    assert "Secret" not in page


@KINDS
def test_what_never_was_public_is_not_found(client, model):
    entry = MAKE[model](status="draft")
    acts.submit(entry=entry)
    acts.back_to_draft(entry=entry)

    assert client.get(entry.get_absolute_url()).status_code == 404


def test_page_says_that_a_draft_was_taken_back_and_not_withdrawn(client):
    theme = make.make_theme()
    acts.back_to_draft(entry=theme, note="To be written again.")

    page = client.get(theme.get_absolute_url()).content.decode()

    assert "This entry was taken back" in page
    assert "withdrawn" not in page


@KINDS
def test_back_to_draft_of_what_was_public_needs_a_note(model):
    entry = MAKE[model]()
    user = make.make_editor()
    acts.withdraw(entry=entry, reason="A forgery.", user=user)

    with pytest.raises(errors.Refused, match="Write a change note"):
        acts.back_to_draft(entry=entry, user=user)

    assert model.objects.get(pk=entry.pk).status == "withdrawn"


def test_draft_from_review_that_never_was_public_needs_no_note():
    theme = make.make_theme(status="review")

    acts.back_to_draft(entry=theme, user=make.make_editor())

    assert Theme.objects.get().status == "draft"


def test_published_again_is_there_and_its_end_forgotten(client):
    theme = make.make_theme()
    acts.back_to_draft(entry=theme, note="To be written again.")
    acts.publish(entry=theme, note="Ready.")

    assert client.get(theme.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("joined", [Meeting, Issue])
def test_reaction_ends_with_the_meeting_or_issue_that_it_is_on(client, joined):
    issue = make.make_issue()
    reaction = make.make_reaction(issues=[issue])
    record_loaded()
    entry = reaction.meeting if joined is Meeting else issue

    acts.withdraw(entry=entry, reason="The whole of it was forged.")

    answer = client.get(reaction.get_absolute_url())
    assert answer.status_code == 410
    assert "The whole of it was forged." in answer.content.decode()


def test_reaction_to_a_meeting_that_never_was_public_is_unknown_even_if_withdrawn(client):
    reaction = make.make_reaction(meeting=make.make_meeting(status="draft"))
    record_loaded()
    acts.withdraw(entry=reaction, reason="Too early.")

    assert client.get(reaction.get_absolute_url()).status_code == 404


def test_reaction_published_after_its_meeting_was_withdrawn_is_unknown(client):
    reaction = make.make_reaction(status="draft")
    record_loaded()
    acts.withdraw(entry=reaction.meeting, reason="A forgery.")
    acts.publish(entry=reaction, note="Ready.")

    assert client.get(reaction.get_absolute_url()).status_code == 404
