"""What was typed survives a session that ended, and no other account is shown it."""

import pytest
from django.contrib.auth.models import User

from meetings.admin.kept_pages import ResumedForms
from meetings.editing import acts
from meetings.models import Meeting
from tests.access.codes import add_app, code_of
from tests.writers import written

from .helpers import add_row, address, form_data, send
from .kept_text import (
    PASSWORD,
    TEXT,
    assert_kept,
    assert_shown_again,
    assert_stored,
    end_session,
    kept_data,
    kept_form,
    saves_of,
    sent_again,
    sign_in,
    typed,
    words,
)
from .kept_text import ana as ana

pytestmark = pytest.mark.django_db


def test_signed_out_editor_signs_in_on_the_page_and_saves(ana, meeting):
    data = typed(ana, meeting)
    end_session(ana)

    page = send(ana, meeting, data)
    shown = sent_again(ana, meeting, page, username="ana", password=PASSWORD)
    unsaved = saves_of(meeting)
    saved = send(ana, meeting, form_data(shown, "meeting_form"))

    assert "You were signed out. Sign in; your text for “Geneva” has been kept." in words(page)
    assert_kept(page, data)
    assert_shown_again(shown, data, "You were signed out. What you typed is below, and not")
    assert PASSWORD not in shown.content.decode()
    assert unsaved == []
    assert saved.status_code == 302
    assert_stored(meeting)


def test_wrong_password_keeps_the_text(ana, meeting):
    data = typed(ana, meeting)
    end_session(ana)

    page = sent_again(ana, meeting, send(ana, meeting, data), username="ana", password="wrong")

    assert "enter the correct username and password" in words(page)
    assert_kept(page, data)
    assert "wrong" not in kept_form(page).values()


def test_signed_in_again_in_another_tab(ana, meeting):
    data = typed(ana, meeting)
    end_session(ana)
    sign_in(ana)

    shown = send(ana, meeting, data)
    unsaved = saves_of(meeting)
    saved = send(ana, meeting, form_data(shown, "meeting_form"))

    assert_shown_again(shown, data, "You signed in again since you opened this form.")
    assert unsaved == []
    assert saved.status_code == 302
    assert_stored(meeting)


def test_sign_in_page_goes_on_after_signing_in_in_another_tab(ana, meeting):
    data = typed(ana, meeting)
    end_session(ana)
    page = send(ana, meeting, data)
    sign_in(ana)

    shown = sent_again(ana, meeting, page, _go_on="1", username="", password="")

    assert_shown_again(shown, data, "You signed in again since you opened this form.")


def test_sign_in_sent_after_signing_in_in_another_tab(ana, meeting):
    data = typed(ana, meeting)
    end_session(ana)
    page = send(ana, meeting, data)
    sign_in(ana)

    shown = sent_again(ana, meeting, page, username="ana", password=PASSWORD)

    assert_shown_again(shown, data, "You signed in again since you opened this form.")


def test_without_any_cookie_the_text_is_kept_and_nothing_done(ana, meeting):
    data = typed(ana, meeting)
    ana.cookies.clear()

    page = send(ana, meeting, data)
    shown = sent_again(ana, meeting, page, username="ana", password=PASSWORD)

    assert_kept(page, data)
    assert_shown_again(shown, data, "You were signed out.")


def test_stale_check_applies_to_what_is_shown_again(ana, meeting):
    data = typed(ana, meeting)
    end_session(ana)
    page = send(ana, meeting, data)
    changed = Meeting.objects.get(pk=meeting.pk)
    changed.title = "Vienna"
    acts.save(entry=changed, after=written(changed, changed.save))

    shown = sent_again(ana, meeting, page, username="ana", password=PASSWORD)

    assert "Vienna" in words(shown)
    assert form_data(shown, "meeting_form")["outcomes-1-text"] == "Added."
    assert saves_of(meeting) == ["save"]


def test_nothing_is_written_by_showing_again_even_what_nobody_refuses(ana, meeting, monkeypatch):
    data = typed(ana, meeting)
    monkeypatch.delattr(ResumedForms, "save_form")

    ana.post(address(meeting), data | {"_resume": "1"})

    assert saves_of(meeting) == []
    assert Meeting.objects.get(pk=meeting.pk).summary != TEXT.strip()


def test_sign_in_with_a_wrong_token_signs_nobody_in(ana, meeting):
    data = typed(ana, meeting)
    end_session(ana)
    page = send(ana, meeting, data)
    ana.cookies.clear()

    page = sent_again(ana, meeting, page, username="ana", password=PASSWORD)

    assert_kept(page, data)
    assert "You are not signed in yet." not in words(page)
    assert "sessionid" not in ana.cookies


def test_new_entry_is_kept_and_added_once(ana, meeting):
    add = address(meeting, "add")
    data = form_data(ana.get(add), "meeting_form")
    data |= {"title": "Vienna", "slug": "vienna", "starts_on": "2021-06-16"}
    data |= {"format": "summit", "event_status": "planned"}
    add_row(data, "outcomes", order="10", state="agreed", text="A statement.")
    end_session(ana)

    page = ana.post(add, data | {"_continue": "Save"})
    shown = ana.post(add, kept_data(page) | {"username": "ana", "password": PASSWORD})
    saved = ana.post(add, form_data(shown, "meeting_form") | {"_continue": "Save"})

    assert "your text for “Vienna” has been kept" in words(page)
    assert saved.status_code == 302
    assert list(Meeting.objects.get(slug="vienna").outcomes.values_list("text", flat=True)) == [
        "A statement."
    ]


def test_signed_out_editor_signs_in_with_a_second_factor_on_the_page(ana, meeting):
    user = User.objects.get(username="ana")
    add_app(user)
    data = typed(ana, meeting)
    end_session(ana)
    page = send(ana, meeting, data)

    again = sent_again(ana, meeting, page, username="ana", password=PASSWORD)
    fields = {"username": "ana", "password": PASSWORD, "sign_in_code": code_of(user)}
    shown = sent_again(ana, meeting, again, **fields)
    saved = send(ana, meeting, form_data(shown, "meeting_form"))

    assert "and the code if you set up a second factor" in words(again)
    assert_kept(again, data)
    assert_shown_again(shown, data, "You were signed out. What you typed is below, and not")
    assert saved.status_code == 302
    assert_stored(meeting)


def test_second_factor_that_comes_first_keeps_the_text(ana, meeting, settings):
    data = typed(ana, meeting)
    settings.SECOND_FACTOR_FOR_PUBLISHERS = True

    page = send(ana, meeting, data)
    settings.SECOND_FACTOR_FOR_PUBLISHERS = False
    saved = sent_again(ana, meeting, page)

    assert "Something comes first, before anything else at the desk" in words(page)
    assert_kept(page, data)
    assert saved.status_code == 302
    assert_stored(meeting)
