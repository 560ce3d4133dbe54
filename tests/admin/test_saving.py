"""Saving at the desk: one revision for each act, none where nothing changes, and refusals."""

import pytest

from meetings.editing import joins, revisions
from meetings.editing.revisions import record_loaded
from meetings.models import Account, Discussion, Meeting, Participation, Revision
from meetings.tables.registry import VERSIONED_TABLES
from tests import factories
from tests.factories import (
    make_issue,
    make_meeting,
    make_source,
)

from .helpers import add_row, address, errors, form_data, open_form, revisions_of, send

pytestmark = pytest.mark.django_db


def test_saving_an_unchanged_form_makes_no_revision(desk, meeting):
    response = send(desk, meeting, open_form(desk, meeting))

    assert response.status_code == 302
    assert revisions_of(meeting) == ["load"]


def test_saving_fields_and_parts_makes_one_revision(desk, meeting):
    data = open_form(desk, meeting)
    data |= {"title": "Geneva again", "outcomes-0-text": "Talks.", "change_note": "More."}
    add_row(data, "outcomes", order="20", state="agreed", text="A statement.")

    response = send(desk, meeting, data)

    assert response.status_code == 302
    assert revisions_of(meeting) == ["load", "save"]
    latest = Revision.objects.latest_of(meeting)
    assert (latest.note, latest.made_by.username) == ("More.", "ana")
    assert [row["text"] for row in latest.snapshot["outcomes"]] == ["Talks.", "A statement."]


def test_a_participation_needs_no_government(desk, meeting):
    data = open_form(desk, meeting) | {"participations-0-government": ""}

    response = send(desk, meeting, data)

    assert response.status_code == 302
    assert Participation.objects.filter(meeting=meeting, government="").count() == 1


def test_a_form_of_a_row_without_a_revision_can_be_saved(desk):
    meeting = make_meeting(status="draft")

    response = send(desk, meeting, open_form(desk, meeting) | {"title": "Named"})

    assert response.status_code == 302
    assert revisions_of(meeting) == ["load", "save"]
    meeting.refresh_from_db()
    assert (meeting.title, meeting.revision) == ("Named", 2)


def test_adding_a_meeting_with_accounts_of_the_latest_governments(desk, meeting):
    data = form_data(desk.get(address(meeting, "add")), "meeting_form")
    data |= {"title": "Vienna", "slug": "vienna", "starts_on": "2021-06-16"}
    data |= {"format": "summit", "event_status": "planned"}
    accounts = {"account_RU_finding": "stated", "account_RU_text": "Said.", "account_US_text": ""}
    add_row(data, "discussions", issue=str(make_issue().pk), basis="accounts", **accounts)

    response = desk.post(address(meeting, "add"), data | {"_save": "Save"})

    assert response.status_code == 302
    vienna = Meeting.objects.get(slug="vienna")
    assert revisions_of(vienna) == ["save"]
    assert list(vienna.accounts.values_list("government", "text")) == [("RU", "Said.")]


def test_an_account_without_finding_and_text_is_removed(desk, meeting):
    data = open_form(desk, meeting)
    data |= {"discussions-0-account_RU_finding": "", "discussions-0-account_RU_text": ""}
    data |= {"discussions-0-account_US_finding": "no_account"}

    send(desk, meeting, data)

    assert list(Account.objects.values_list("government", "finding")) == [("US", "no_account")]
    assert revisions_of(meeting) == ["load", "save"]


def test_accounts_move_with_the_issue_of_their_discussion(desk, meeting):
    ukraine = make_issue(title="Ukraine")

    send(desk, meeting, open_form(desk, meeting) | {"discussions-0-issue": str(ukraine.pk)})

    assert list(Account.objects.values_list("issue", "text")) == [(ukraine.pk, "Stated.")]


def test_accounts_go_with_their_discussion(desk, meeting):
    send(desk, meeting, open_form(desk, meeting) | {"discussions-0-DELETE": "on"})

    assert not Discussion.objects.exists()
    assert not Account.objects.exists()


def test_an_account_that_the_form_does_not_hold_stays(desk, meeting):
    data = open_form(desk, meeting) | {"discussions-0-summary": "Both spoke."}
    for name in [name for name in data if "account_RU" in name]:
        del data[name]

    assert send(desk, meeting, data).status_code == 302
    assert Account.objects.get().text == "Stated."


def test_a_forbidden_character_in_an_account_is_an_error_at_its_field(desk, meeting):
    data = open_form(desk, meeting) | {"discussions-0-account_RU_text": "A \x07 bell"}

    response = send(desk, meeting, data)

    assert "Remove the character U+0007 at position 3." in response.content.decode()
    assert revisions_of(meeting) == ["load"]


def test_a_marker_naming_no_source_is_an_error_and_keeps_the_text(desk, meeting):
    data = open_form(desk, meeting) | {"outcomes-0-text": "Agreed [@nowhere]."}

    response = send(desk, meeting, data)

    assert errors(response) == ["Outcome (10), text: There is no source “nowhere”."]
    assert form_data(response, "meeting_form")["outcomes-0-text"] == "Agreed [@nowhere]."
    assert revisions_of(meeting) == ["load"]


def test_what_the_text_cites_is_added_to_the_sources(desk, meeting):
    source = make_source(slug="transcript")

    send(desk, meeting, open_form(desk, meeting) | {"body": "They met [@transcript]."})

    assert source in meeting.sources.all()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": ""}, "Enter a title."),
        ({"starts_on": "16 July"}, "Enter the date as 2018-07-16."),
        (
            {"ends_on": "2018-07-15"},
            "The last day must be the same as or after the first day, 16 July 2018.",
        ),
        ({"format": "angry"}, "“angry” is not a format. Use one of: summit, bilateral"),
        ({"slug": "other"}, "There is already a meeting at other."),
        ({"participations-0-government": "QQ"}, "“QQ” is not a country"),
    ],
)
def test_errors_say_what_to_do(desk, meeting, changes, problem):
    make_meeting(slug="other")

    response = send(desk, meeting, open_form(desk, meeting) | changes)

    assert problem in response.content.decode()
    assert revisions_of(meeting) == ["load"]


MALFORMED = "Use small letters, digits and single hyphens, as in geneva-1985."
KINDS = [table.model._meta.model_name for table in VERSIONED_TABLES]
BAD_SLUGS = {
    "with space": MALFORMED,
    "Привет": MALFORMED,
    "ñandu": MALFORMED,
    "a/b": MALFORMED,
    "?": MALFORMED,
    "": "Enter a slug.",
    "x" * 101: "Ensure this value has at most 100 characters (it has 101).",
}


@pytest.mark.parametrize(
    ("kind", "slug"),
    [(kind, "with space") for kind in KINDS] + [("place", slug) for slug in list(BAD_SLUGS)[1:]],
)
def test_address_that_cannot_be_one_is_a_message_and_stays_typed(desk, kind, slug):
    row = getattr(factories, f"make_{kind}")()
    record_loaded()

    response = send(desk, row, open_form(desk, row) | {"slug": slug, "change_note": "Typed."})

    assert response.status_code == 200
    assert response.context["problems"] == [[BAD_SLUGS[slug]]]
    sent_back = form_data(response, f"{kind}_form")
    assert (sent_back["slug"], sent_back["change_note"]) == (slug, "Typed.")
    assert f'href="{row.get_absolute_url()}"' in response.content.decode(), "View on site"
    assert revisions_of(row) == ["load"]


def test_refused_form_is_headed_by_the_stored_title_and_address(desk, meeting):
    changes = {"title": "Typed", "slug": "typed", "body": "Agreed [@nowhere]."}

    response = send(desk, meeting, open_form(desk, meeting) | changes)

    assert form_data(response, "meeting_form")["title"] == "Typed"
    assert response.context["subtitle"] == str(response.context["original"]) == "Geneva"
    assert response.context["absolute_url"] == "/meetings/geneva/"


def test_a_save_asks_once_whether_it_is_stale_and_makes_one_snapshot(desk, meeting, monkeypatch):
    data = open_form(desk, meeting) | {"title": "New", "outcomes-0-text": "Reworded."}
    calls = []

    def counting(name, inner):
        def counted(*args):
            calls.append(name)
            return inner(*args)

        return counted

    monkeypatch.setattr(joins, "is_stale", counting("is_stale", joins.is_stale))
    monkeypatch.setattr(revisions, "snapshot", counting("snapshot", revisions.snapshot))

    send(desk, meeting, data)

    assert calls == ["snapshot", "is_stale"]
    assert revisions_of(meeting) == ["load", "save"]
