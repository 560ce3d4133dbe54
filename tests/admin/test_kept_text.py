"""What was typed survives what kept it from being saved, and no other account is shown it."""

import html
import re

import pytest
from django.contrib.auth.models import Group, User
from django.db import OperationalError, connection
from django.test import Client
from django.test.client import BOUNDARY, encode_multipart

from meetings.admin import kept_text
from meetings.admin.kept_pages import ResumedForms
from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import Meeting, Outcome
from tests.access.codes import add_app, code_of
from tests.factories import make_editor, make_source
from tests.writers import written

from .helpers import FormReader, add_row, address, form_data, open_form, revisions_of, send

pytestmark = pytest.mark.django_db
PASSWORD = "typed by hand"
OWN = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"}
TEXT = " A summary\r\n\r\nwith “quotes”, <b>& a\ttab. "


class Browser(Client):
    """A client that sends forms as a browser does: from our own origin, with their token."""

    def __init__(self):
        super().__init__(enforce_csrf_checks=True, raise_request_exception=False, **OWN)


def make_ana(name="ana"):
    user = make_editor(name)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def ana(meeting):
    """The browser of an editor who signed in with a password."""
    make_ana()
    meeting.sources.add(make_source(), make_source())
    record_loaded()
    browser = Browser()
    sign_in(browser)
    return browser


def sign_in(browser, name="ana"):
    form = form_data(browser.get("/admin/login/"), "login-form")
    sent = form | {"username": name, "password": PASSWORD}
    assert browser.post("/admin/login/", sent).status_code == 302


def typed(ana, meeting):
    """Type in a form: in a field, in a part there is and in one that is added."""
    data = open_form(ana, meeting) | {"summary": TEXT, "outcomes-0-text": "Reworded."}
    add_row(data, "outcomes", order="20", state="agreed", text="Added.")
    return data


def end_session(browser):
    browser.cookies.pop("sessionid")


class KeptFields(FormReader):
    """Collects what a page of kept text would send: fields anywhere on it, of any form."""

    def handle_starttag(self, tag, attributes):
        if tag != "form":
            self.read(tag, dict(attributes))

    def handle_endtag(self, tag):
        if tag != "form":
            super().handle_endtag(tag)

    def hold(self, name, value):
        if name:
            self.data.setdefault(name, []).append(value)


def kept_data(response):
    reader = KeptFields(None)
    reader.feed(response.content.decode())
    return reader.data


def lines(data):
    """Return the fields of a form as lists, with line breaks of one kind."""
    values = {n: v if isinstance(v, list) else [v] for n, v in data.items()}
    return {n: [one.replace("\r\n", "\n") for one in v] for n, v in values.items()}


def kept_form(response):
    """Return what was kept, without what the page adds."""
    added = {"csrfmiddlewaretoken", "username", "password", "sign_in_code", "next", "_sign_in"}
    return {name: value for name, value in kept_data(response).items() if name not in added}


def words(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode())))


def saves_of(meeting):
    return [act for act in revisions_of(meeting) if act != "load"]


def assert_stored(meeting):
    stored = Meeting.objects.get(pk=meeting.pk).summary
    assert stored.replace("\r\n", "\n") == TEXT.strip().replace("\r\n", "\n")
    assert list(Outcome.objects.values_list("text", flat=True)) == ["Reworded.", "Added."]
    assert saves_of(meeting) == ["save"]


def assert_kept(response, data, status=403):
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    sent = {name: value for name, value in data.items() if name != "csrfmiddlewaretoken"}
    assert lines(kept_form(response)) == lines(sent | {"_continue": "Save"})


def sent_again(browser, meeting, page, **fields):
    """Press the button of a page of kept text, or sign in on it."""
    return browser.post(address(meeting), kept_data(page) | fields)


def assert_shown_again(response, data, notice):
    """Assert that the form is shown as it was typed, under a notice, without an error."""
    assert notice in words(response)
    assert not response.context["problems"]
    assert "no-store" in response["Cache-Control"]
    shown = form_data(response, "meeting_form")
    assert lines(typed_in(shown)) == lines(typed_in(data))


def typed_in(data):
    """Return what of a form a user types: not its token, nor the owner of a part."""
    return {
        name: value
        for name, value in data.items()
        if name != "csrfmiddlewaretoken" and not name.endswith("-meeting")
    }


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
