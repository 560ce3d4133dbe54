"""An editor whose text is kept: typing it, and what a page of kept text holds."""

import html
import re

import pytest
from django.test import Client

from meetings.editing.revisions import record_loaded
from meetings.models import Meeting, Outcome
from tests.factories import make_editor, make_source

from .helpers import FormReader, add_row, address, form_data, open_form, revisions_of

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
