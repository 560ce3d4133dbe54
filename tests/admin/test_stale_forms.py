"""A form opened before somebody else's save: refused with who and when, and the text is kept."""

import pytest
from django.test import Client

from meetings.editing.revisions import record_loaded
from meetings.models import Account, Meeting, Outcome
from tests.factories import (
    make_account,
    make_discussion,
    make_editor,
    make_issue,
    make_meeting,
    make_outcome,
    make_participation,
)

from .helpers import add_row, address, errors, form_data, open_form, revisions_of, send

pytestmark = pytest.mark.django_db


def signed_in(name):
    client = Client()
    client.force_login(make_editor(name, first_name=name.capitalize()))
    return client


@pytest.fixture
def ana():
    return signed_in("ana")


@pytest.fixture
def ben():
    return signed_in("ben")


@pytest.fixture
def meeting():
    meeting = make_meeting(status="draft", title="Geneva")
    discussion = make_discussion(meeting=meeting, issue=make_issue(title="Syria"))
    make_account(meeting=meeting, issue=discussion.issue, government="RU", text="Said.")
    make_participation(meeting=meeting, government="RU")
    make_outcome(meeting=meeting, order=10, text="First.")
    make_outcome(meeting=meeting, order=20, text="Second.")
    record_loaded()
    return meeting


def changes_shown(response):
    """Return what the page says was changed: place, column, before, now."""
    changes = response.context["changes"]
    return [(change.row, change.column, change.before, change.now) for change in changes]


def test_who_and_when_are_said_and_the_second_save_goes_through(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"summary": "Typed by Ben."}
    send(ana, meeting, open_form(ana, meeting) | {"summary": "Typed by Ana."})

    refused = send(ben, meeting, mine)
    sent_back = form_data(refused, "meeting_form")

    assert errors(refused)[0].startswith("This entry was changed by Ana at ")
    assert " UTC on " in errors(refused)[0]
    before = "A meeting of two presidents."
    assert changes_shown(refused) == [("Meeting", "summary", before, "Typed by Ana.")]
    assert "Typed by Ana." in refused.content.decode()
    assert sent_back["summary"] == "Typed by Ben."
    assert Meeting.objects.get().summary == "Typed by Ana."
    assert send(ben, meeting, sent_back).status_code == 302
    assert Meeting.objects.get().summary == "Typed by Ben."
    assert revisions_of(meeting) == ["load", "save", "save"]


def test_a_part_that_somebody_deleted_is_kept_as_a_new_one(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"outcomes-0-text": "Reworded."}
    add_row(mine, "outcomes", order="30", state="agreed", text="Third.")
    send(ana, meeting, open_form(ana, meeting) | {"outcomes-0-DELETE": "on"})

    refused = send(ben, meeting, mine)

    assert ("Outcome (10)", "text", "First.", "(no outcome)") in changes_shown(refused)
    sent_back = form_data(refused, "meeting_form")
    assert send(ben, meeting, sent_back).status_code == 302
    texts = Outcome.objects.values_list("order", "text")
    assert list(texts) == [(10, "Reworded."), (20, "Second."), (30, "Third.")]


def test_a_discussion_that_somebody_deleted_keeps_its_accounts(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"discussions-0-account_RU_text": "Stated by Ben."}
    send(ana, meeting, open_form(ana, meeting) | {"discussions-0-DELETE": "on"})

    sent_back = form_data(send(ben, meeting, mine), "meeting_form")
    send(ben, meeting, sent_back)

    assert Account.objects.get().text == "Stated by Ben."


def test_deleting_what_somebody_deleted_is_no_error(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"outcomes-1-DELETE": "on", "title": "Ben"}
    send(ana, meeting, open_form(ana, meeting) | {"outcomes-1-DELETE": "on"})

    sent_back = form_data(send(ben, meeting, mine), "meeting_form")

    assert send(ben, meeting, sent_back).status_code == 302
    assert list(Outcome.objects.values_list("text", flat=True)) == ["First."]


def test_a_part_that_both_added_is_shown_before_it_is_replaced(ana, ben, meeting):
    mine, theirs = open_form(ben, meeting), open_form(ana, meeting)
    add_row(theirs, "outcomes", order="30", state="agreed", text="By Ana.")
    add_row(mine, "outcomes", order="30", state="agreed", text="By Ben.")
    send(ana, meeting, theirs)

    refused = send(ben, meeting, mine)

    assert ("Outcome (30)", "text", "(no outcome)", "By Ana.") in changes_shown(refused)
    sent_back = form_data(refused, "meeting_form")
    assert sent_back["outcomes-2-text"] == "By Ben."
    assert send(ben, meeting, sent_back).status_code == 302
    assert Outcome.objects.get(order=30).text == "By Ben."


def test_an_account_that_somebody_added_for_another_government_stays(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"title": "Ben"}
    theirs = open_form(ana, meeting)
    add_row(theirs, "readouts", government="FI", issued_on="", language="", text="")
    send(ana, meeting, theirs)
    theirs = open_form(ana, meeting) | {"discussions-0-account_FI_text": "Finland said."}
    send(ana, meeting, theirs)

    sent_back = form_data(send(ben, meeting, mine), "meeting_form")
    send(ben, meeting, sent_back)

    assert Account.objects.get(government="FI").text == "Finland said."


@pytest.mark.parametrize("seen", [None, "", "x", "-1", "99999999999999999999", "1.5", "7"])
def test_a_form_that_does_not_say_when_it_was_opened_is_stale(ana, meeting, seen):
    data = open_form(ana, meeting) | {"title": "Typed"}
    del data["seen"]

    response = send(ana, meeting, data if seen is None else data | {"seen": seen})

    assert "Compare, then save again." in errors(response)[0]
    assert form_data(response, "meeting_form")["title"] == "Typed"


def test_what_was_loaded_meanwhile_is_told_once(ana, meeting):
    mine = open_form(ana, meeting) | {"title": "Typed"}
    Meeting.objects.update(summary="Loaded.")

    refused = send(ana, meeting, mine)

    assert "changed by an import" in errors(refused)[0]
    assert send(ana, meeting, form_data(refused, "meeting_form")).status_code == 302
    assert revisions_of(meeting) == ["load", "load", "save"]


def test_what_somebody_deleted_can_be_added_again(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"title": "Ben", "outcomes-0-text": "By Ben."}
    ana.post(address(meeting, "delete"), {"post": "yes", "seen": "1"})

    refused = send(ben, meeting, mine)
    sent_back = form_data(refused, "meeting_form")

    assert "It was deleted in the meantime." in errors(refused)[0]
    assert f'action="{address(meeting, "add")}"' in refused.content.decode()
    assert ben.post(address(meeting, "add"), sent_back | {"_save": "Save"}).status_code == 302
    assert Meeting.objects.get().title == "Ben"
    assert list(Outcome.objects.values_list("text", flat=True)) == ["By Ben.", "Second."]
    assert Account.objects.get().text == "Said."


def test_an_invalid_stale_form_tells_both(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"title": "", "outcomes-0-order": ""}
    send(ana, meeting, open_form(ana, meeting) | {"title": "Ana"})

    response = send(ben, meeting, mine)

    text = response.content.decode()
    assert "This entry was changed by Ana" in text
    assert "Enter a title." in text
    assert "Enter an order." in text
