"""A form opened before somebody else's save: both are joined; what both changed is asked about."""

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
    make_source,
)

from .helpers import (
    add_row,
    address,
    choosing,
    errors,
    form_data,
    open_form,
    revisions_of,
    send,
)

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


def conflicts(response):
    """Return what the page asks about: place, column, as it was, theirs, yours."""
    return [
        (found.row, found.column, found.before, found.now, found.typed)
        for found in response.context["conflicts"]
    ]


BEFORE = "A meeting of two presidents."


def test_both_texts_stand_where_two_people_changed_different_cells(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"title": "By Ben", "outcomes-1-text": "Ben's second."}
    theirs = open_form(ana, meeting) | {"forum": "By Ana", "outcomes-1-state": "agreed"}
    theirs |= {"discussions-0-account_RU_text": "Said by Ana."}
    send(ana, meeting, theirs)

    assert send(ben, meeting, mine).status_code == 302

    meeting.refresh_from_db()
    assert (meeting.title, meeting.forum) == ("By Ben", "By Ana")
    assert Outcome.objects.filter(order=20, state="agreed", text="Ben's second.").exists()
    assert Account.objects.get().text == "Said by Ana."
    assert revisions_of(meeting) == ["load", "save", "save"]


@pytest.mark.parametrize("side", ["yours", "theirs"])
def test_only_the_cell_that_both_changed_is_asked_about(ana, ben, meeting, side):
    mine = open_form(ben, meeting) | {"summary": "Typed by Ben.", "title": "By Ben"}
    theirs = {"summary": "Typed by Ana.", "forum": "By Ana"}
    send(ana, meeting, open_form(ana, meeting) | theirs)

    refused = send(ben, meeting, mine)

    assert errors(refused)[0].startswith("This entry was changed by Ana at ")
    assert " UTC on " in errors(refused)[0]
    assert conflicts(refused) == [("Meeting", "summary", BEFORE, "Typed by Ana.", "Typed by Ben.")]
    assert form_data(refused, "meeting_form")["summary"] == "Typed by Ben."
    meeting.refresh_from_db()
    assert (meeting.summary, meeting.title) == ("Typed by Ana.", "Geneva")
    assert send(ben, meeting, choosing(refused, side)).status_code == 302
    meeting.refresh_from_db()
    chosen = {"yours": "Typed by Ben.", "theirs": "Typed by Ana."}[side]
    assert (meeting.summary, meeting.title, meeting.forum) == (chosen, "By Ben", "By Ana")


def test_choice_is_kept_while_another_is_asked_for(ana, ben, meeting):
    texts = {"summary": "Typed by {}.", "forum": "Forum of {}."}
    mine, theirs = ({name: text.format(who) for name, text in texts.items()} for who in "BA")
    mine |= open_form(ben, meeting) | mine
    send(ana, meeting, open_form(ana, meeting) | theirs)
    asked = send(ben, meeting, mine)
    one, two = (found for found in asked.context["conflicts"])

    again = send(ben, meeting, form_data(asked, "meeting_form") | {one.name: one.answers[0][0]})
    data = form_data(again, "meeting_form")
    send(ben, meeting, data | {two.name: two.answers[1][0]})

    assert data[one.name] == one.answers[0][0]
    meeting.refresh_from_db()
    assert {meeting.forum, meeting.summary} == {mine[one.column], theirs[two.column]}


def test_saving_again_without_a_choice_is_refused_again(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"summary": "Typed by Ben."}
    send(ana, meeting, open_form(ana, meeting) | {"summary": "Typed by Ana.", "forum": "By Ana"})

    again = send(ben, meeting, form_data(send(ben, meeting, mine), "meeting_form"))

    assert len(conflicts(again)) == 1
    meeting.refresh_from_db()
    assert (meeting.summary, meeting.forum) == ("Typed by Ana.", "By Ana")


def test_a_choice_is_of_the_text_that_was_shown(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"summary": "Typed by Ben."}
    send(ana, meeting, open_form(ana, meeting) | {"summary": "Typed by Ana."})
    chosen = choosing(send(ben, meeting, mine), "yours")
    send(ana, meeting, open_form(ana, meeting) | {"summary": "Typed later by Ana."})

    again = send(ben, meeting, chosen)

    assert [found[3] for found in conflicts(again)] == ["Typed later by Ana."]
    assert Meeting.objects.get().summary == "Typed later by Ana."


def test_lists_that_two_people_changed_are_joined(ana, ben, meeting):
    kept, gone, one, two = (make_source(slug=slug) for slug in ("kept", "gone", "one", "two"))
    meeting.sources.set([kept, gone])
    record_loaded()
    mine = open_form(ben, meeting) | {"sources": [str(kept.pk), str(gone.pk), str(one.pk)]}
    send(ana, meeting, open_form(ana, meeting) | {"sources": [str(kept.pk), str(two.pk)]})

    assert send(ben, meeting, mine).status_code == 302

    slugs = meeting.sources.order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["kept", "one", "two"]


def test_a_part_that_one_moved_has_the_text_of_the_other(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"outcomes-0-order": "15"}
    send(ana, meeting, open_form(ana, meeting) | {"outcomes-0-text": "By Ana."})

    assert send(ben, meeting, mine).status_code == 302

    texts = Outcome.objects.values_list("order", "text")
    assert list(texts) == [(15, "By Ana."), (20, "Second.")]


def test_a_discussion_that_one_moved_has_the_account_of_the_other(ana, ben, meeting):
    iran = make_issue(slug="iran", title="Iran")
    mine = open_form(ben, meeting) | {"discussions-0-issue": str(iran.pk)}
    theirs = {"discussions-0-account_RU_text": "Said by Ana."}
    send(ana, meeting, open_form(ana, meeting) | theirs)

    assert send(ben, meeting, mine).status_code == 302

    assert Account.objects.values_list("issue", "text").get() == (iran.pk, "Said by Ana.")


@pytest.mark.parametrize("side", ["yours", "theirs"])
def test_a_part_that_somebody_deleted_is_asked_about(ana, ben, meeting, side):
    mine = open_form(ben, meeting) | {"outcomes-0-text": "Reworded."}
    add_row(mine, "outcomes", order="30", state="agreed", text="Third.")
    send(ana, meeting, open_form(ana, meeting) | {"outcomes-0-DELETE": "on"})

    refused = send(ben, meeting, mine)

    assert conflicts(refused) == [
        ("Outcome (10)", "", "announced; First.", "(no outcome)", "announced; Reworded.")
    ]
    assert send(ben, meeting, choosing(refused, side)).status_code == 302
    texts = list(Outcome.objects.values_list("order", "text"))
    assert texts[-2:] == [(20, "Second."), (30, "Third.")]
    assert texts[:-2] == ([(10, "Reworded.")] if side == "yours" else [])


def test_a_part_that_somebody_deleted_and_nobody_changed_stays_deleted(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"title": "Ben"}
    send(ana, meeting, open_form(ana, meeting) | {"discussions-0-DELETE": "on"})

    assert send(ben, meeting, mine).status_code == 302

    meeting.refresh_from_db()
    assert (meeting.title, meeting.discussions.count()) == ("Ben", 0)
    assert not Account.objects.exists()


def test_a_part_that_one_deleted_and_the_other_changed_is_asked_about(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"outcomes-1-DELETE": "on"}
    send(ana, meeting, open_form(ana, meeting) | {"outcomes-1-text": "By Ana."})

    refused = send(ben, meeting, mine)

    assert conflicts(refused) == [
        ("Outcome (20)", "", "announced; Second.", "announced; By Ana.", "(no outcome)")
    ]
    assert Outcome.objects.filter(text="By Ana.").exists()
    send(ben, meeting, choosing(refused, "yours"))
    assert not Outcome.objects.filter(order=20).exists()


def test_deleting_what_somebody_deleted_is_no_error(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"outcomes-1-DELETE": "on", "title": "Ben"}
    send(ana, meeting, open_form(ana, meeting) | {"outcomes-1-DELETE": "on"})

    assert send(ben, meeting, mine).status_code == 302

    assert list(Outcome.objects.values_list("text", flat=True)) == ["First."]


def test_a_part_that_both_added_is_asked_about(ana, ben, meeting):
    mine, theirs = open_form(ben, meeting), open_form(ana, meeting)
    add_row(theirs, "outcomes", order="30", state="agreed", text="By Ana.")
    add_row(mine, "outcomes", order="30", state="agreed", text="By Ben.")
    send(ana, meeting, theirs)

    refused = send(ben, meeting, mine)

    assert conflicts(refused) == [("Outcome (30)", "text", "(no outcome)", "By Ana.", "By Ben.")]
    assert send(ben, meeting, choosing(refused, "yours")).status_code == 302
    assert Outcome.objects.get(order=30).text == "By Ben."


def test_an_account_that_somebody_added_for_another_government_stays(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"title": "Ben"}
    theirs = open_form(ana, meeting)
    add_row(theirs, "readouts", government="FI", issued_on="", language="", text="")
    send(ana, meeting, theirs)
    theirs = open_form(ana, meeting) | {"discussions-0-account_FI_text": "Finland said."}
    send(ana, meeting, theirs)

    assert send(ben, meeting, mine).status_code == 302

    assert Account.objects.get(government="FI").text == "Finland said."


@pytest.mark.parametrize("seen", [None, "", "x", "-1", "99999999999999999999", "1.5", "7"])
def test_a_form_that_does_not_say_when_it_was_opened_is_asked_about_all(ana, meeting, seen):
    data = open_form(ana, meeting) | {"title": "Typed"}
    del data["seen"]

    response = send(ana, meeting, data if seen is None else data | {"seen": seen})

    assert "Compare, then save again." in errors(response)[0]
    assert ("Meeting", "title", "(no meeting)", "Geneva", "Typed") in conflicts(response)
    assert form_data(response, "meeting_form")["title"] == "Typed"
    assert send(ana, meeting, choosing(response, "yours")).status_code == 302
    assert Meeting.objects.get().title == "Typed"


def test_what_was_loaded_meanwhile_is_joined(ana, meeting):
    mine = open_form(ana, meeting) | {"title": "Typed"}
    Meeting.objects.update(summary="Loaded.")

    assert send(ana, meeting, mine).status_code == 302

    meeting.refresh_from_db()
    assert (meeting.title, meeting.summary) == ("Typed", "Loaded.")
    assert revisions_of(meeting) == ["load", "load", "save"]


def test_outcomes_change_places(ana, meeting):
    data = open_form(ana, meeting) | {"outcomes-0-order": "20", "outcomes-1-order": "10"}

    assert send(ana, meeting, data).status_code == 302

    texts = Outcome.objects.values_list("order", "text")
    assert list(texts) == [(10, "Second."), (20, "First.")]


def test_discussions_change_their_issues(ana, meeting):
    syria = meeting.discussions.get().issue
    iran = make_issue(slug="iran", title="Iran")
    make_discussion(meeting=meeting, issue=iran)
    make_account(meeting=meeting, issue=iran, government="US", text="Of Iran.")
    record_loaded()
    data = open_form(ana, meeting)
    issues = data["discussions-0-issue"], data["discussions-1-issue"]
    data |= {"discussions-0-issue": issues[1], "discussions-1-issue": issues[0]}

    assert send(ana, meeting, data).status_code == 302

    accounts = Account.objects.order_by("text").values_list("issue", "text")
    assert list(accounts) == [(syria.pk, "Of Iran."), (iran.pk, "Said.")]


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


def test_an_invalid_stale_form_is_joined_once_it_is_right(ana, ben, meeting):
    mine = open_form(ben, meeting) | {"title": "", "outcomes-0-order": "first"}
    send(ana, meeting, open_form(ana, meeting) | {"forum": "By Ana"})

    response = send(ben, meeting, mine)

    text = response.content.decode()
    assert "Enter a title." in text
    assert "Enter a whole number." in text
    sent_back = form_data(response, "meeting_form") | {"title": "Ben", "outcomes-0-order": "10"}
    assert send(ben, meeting, sent_back).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.title, meeting.forum) == ("Ben", "By Ana")
