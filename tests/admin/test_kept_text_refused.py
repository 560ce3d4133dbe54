"""What was typed survives a right that was taken, a fault, and a form that was refused."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import OperationalError, connection
from django.test import Client
from django.test.client import BOUNDARY, encode_multipart

from meetings.admin import kept_text
from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import Meeting

from .helpers import address, form_data, open_form, send
from .kept_text import (
    OWN,
    PASSWORD,
    assert_kept,
    assert_shown_again,
    assert_stored,
    end_session,
    kept_data,
    make_ana,
    saves_of,
    sent_again,
    sign_in,
    typed,
    words,
)
from .kept_text import ana as ana

pytestmark = pytest.mark.django_db


def take_right(name="ana"):
    User.objects.get(username=name).groups.clear()


def give_right(name="ana"):
    User.objects.get(username=name).groups.add(Group.objects.get(name="editor"))


def test_right_that_was_taken_and_given_back(ana, meeting):
    """Each time the session ends, too."""
    data = typed(ana, meeting)
    take_right()

    ended = send(ana, meeting, data)
    page = sent_again(ana, meeting, ended, username="ana", password=PASSWORD)
    give_right()
    again = sent_again(ana, meeting, page)
    shown = sent_again(ana, meeting, again, username="ana", password=PASSWORD)
    saved = send(ana, meeting, form_data(shown, "meeting_form"))

    assert "Your account may not do this any more." in words(page)
    assert_kept(page, data)
    assert_kept(again, data)
    assert saved.status_code == 302
    assert_stored(meeting)


def test_account_that_is_no_longer_of_the_staff(ana, meeting):
    data = typed(ana, meeting)
    User.objects.update(is_staff=False)

    page = send(ana, meeting, data)
    User.objects.update(is_staff=True)
    saved = sent_again(ana, meeting, page)

    assert_kept(page, data)
    assert saved.status_code == 302
    assert_stored(meeting)


def test_right_that_was_taken_while_signed_out(ana, meeting):
    data = typed(ana, meeting)
    end_session(ana)
    page = send(ana, meeting, data)
    take_right()

    page = sent_again(ana, meeting, page, username="ana", password=PASSWORD)

    assert "Your account may not do this any more." in words(page)
    assert_kept(page, data)


@pytest.mark.parametrize("problem", ["no connection", "database or disk is full"])
def test_database_or_disk_that_does_not_answer(ana, meeting, monkeypatch, problem):
    data = typed(ana, meeting)

    def cursor(*args):
        raise OperationalError(problem)

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", cursor)
        page = send(ana, meeting, data)
        again = sent_again(ana, meeting, page)
    saved = sent_again(ana, meeting, again)

    assert "Your text for “Geneva” has been kept on this page" in words(page)
    assert_kept(page, data, status=503)
    assert_kept(again, data, status=503)
    assert page["Retry-After"] == "60"
    assert saved.status_code == 302
    assert_stored(meeting)


def test_fault_of_the_site_keeps_the_text(ana, meeting, monkeypatch):
    data = typed(ana, meeting)

    def save(**arguments):
        raise ValueError("a mistake")

    monkeypatch.setattr(acts, "save", save)

    assert_kept(send(ana, meeting, data), data, status=500)


@pytest.mark.parametrize("name", ["withdraw", "back-to-draft", "publish"])
def test_note_of_an_act_is_kept_and_the_act_not_done_by_signing_in(ana, meeting, name):
    status = "draft" if name == "publish" else "published"
    Meeting.objects.update(status=status)
    record_loaded()
    url = address(meeting, name)
    data = kept_data(ana.get(url)) | {"note": "Rested on a forged letter."}
    end_session(ana)

    page = ana.post(url, data)
    shown = ana.post(url, kept_data(page) | {"username": "ana", "password": PASSWORD})

    assert "your text for “Geneva” has been kept" in words(page)
    assert "You were signed out." in words(shown)
    assert kept_data(shown)["note"] == ["Rested on a forged letter."]
    assert Meeting.objects.get(pk=meeting.pk).status == status


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": None, "HTTP_SEC_FETCH_SITE": None},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_REFERER": "https://evil.example/admin/"},
        {"HTTP_REFERER": "http://["},
    ],
    ids=str,
)
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_text_of_another_origin_is_never_carried_along(ana, meeting, headers, is_signed_in):
    data = typed(ana, meeting)
    end_session(ana)
    if is_signed_in:
        sign_in(ana)

    sent = {name: value for name, value in (OWN | headers).items() if value is not None}
    other = Client(enforce_csrf_checks=True, **sent)
    other.cookies = ana.cookies
    response = send(other, meeting, data)

    assert response.status_code in {302, 403}
    assert "Reworded." not in response.content.decode()
    assert saves_of(meeting) == []


@pytest.mark.parametrize("mark", ["", "1", "1:forged", None])
def test_form_without_the_mark_of_an_account_is_not_kept(ana, meeting, mark):
    data = typed(ana, meeting)
    end_session(ana)

    response = send(ana, meeting, data | {"_typed_by": "" if mark is None else mark})

    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


def test_another_account_is_not_shown_the_text_after_signing_in_in_another_tab(ana, meeting):
    make_ana("ben")
    data = typed(ana, meeting)
    end_session(ana)
    sign_in(ana, "ben")

    response = send(ana, meeting, data)

    assert response.status_code == 403
    assert "typed by another account" in words(response)
    assert "Reworded." not in response.content.decode()
    assert saves_of(meeting) == []


def test_another_account_is_not_shown_the_text_after_signing_in_on_the_page(ana, meeting):
    make_ana("ben")
    data = typed(ana, meeting)
    end_session(ana)
    page = send(ana, meeting, data)

    page = sent_again(ana, meeting, page, username="ben", password=PASSWORD)
    shown = sent_again(ana, meeting, page, username="ana", password=PASSWORD)

    assert "Sign in with the account that typed the text." in words(page)
    assert_kept(page, data)
    assert_shown_again(shown, data, "You were signed out.")


def test_form_that_cannot_be_sent_once_more_is_not_carried_along(ana, meeting, settings):
    data = typed(ana, meeting)
    end_session(ana)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = len(data) + 5

    assert send(ana, meeting, data).status_code == 302
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = len(data) + 15
    assert send(ana, meeting, data).status_code == 403
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000 + len(encode_multipart(BOUNDARY, data))
    assert send(ana, meeting, data).status_code == 302


def test_form_over_the_limit_is_refused_as_ever(ana, meeting, settings):
    data = typed(ana, meeting)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5

    assert send(ana, meeting, data).status_code == 400


def test_script_puts_text_back_unsaved_and_says_of_when(ana, meeting):
    data = typed(ana, meeting)

    shown = ana.post(address(meeting), data | {"_resume": "1", "_typed_at": "14:32"})

    assert_shown_again(shown, data, "Your unsaved text of 14:32 was put back. What you typed is")
    assert saves_of(meeting) == []


def test_text_that_the_script_puts_back_is_kept_when_signed_out(ana, meeting):
    data = typed(ana, meeting)
    end_session(ana)

    page = ana.post(address(meeting), data | {"_resume": "1", "_typed_at": "<b>"})
    shown = sent_again(ana, meeting, page, username="ana", password=PASSWORD)

    assert_shown_again(shown, data, "You were signed out.")
    assert saves_of(meeting) == []


def test_other_errors_are_shown_with_what_is_put_back(ana, meeting):
    data = typed(ana, meeting) | {"title": "", "outcomes-1-order": "last"}

    shown = ana.post(address(meeting), data | {"_resume": "1"})

    assert "Your unsaved text was put back." in words(shown)
    assert "Enter a title." in words(shown)
    assert "Enter a whole number." in words(shown)


def test_redirect_after_saving_tells_the_script_which_form_was_saved(ana, meeting):
    data = typed(ana, meeting)

    refused = send(ana, meeting, data | {"title": "", "_form_number": "123"})
    saved = send(ana, meeting, data | {"_form_number": "123"})
    odd = send(ana, meeting, open_form(ana, meeting) | {"_form_number": "1#<"})

    assert refused.status_code == 200
    assert saved.url.endswith("#saved-123")
    assert "#" not in odd.url


def test_wrong_token_at_another_form_is_answered_in_plain_words(ana):
    response = ana.post("/admin/login/", {"username": "ana", "password": PASSWORD})

    assert response.status_code == 403
    assert "This form is out of date" in words(response)


def test_label_says_which_field_it_is():
    names = ["summary", "outcomes-1-text", "discussions-0-account_RU_text", "a-b-c"]

    assert [kept_text.KeptField(name, "").label for name in names] == [
        "Summary",
        "Outcomes 2: text",
        "Discussions 1: account ru text",
        "A-b-c",
    ]
