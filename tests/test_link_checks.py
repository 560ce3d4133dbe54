"""Links: what addresses answer is kept for the desk; what is gone twice is told in public."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from meetings import links
from meetings.editing import acts
from meetings.editing.link_checks import Answer, keep_check
from meetings.models import LinkCheck, Meeting, Source
from meetings.models.link_checks import due_for_check
from tests import factories as make
from tests.writers import changing

pytestmark = pytest.mark.django_db
GONE = "(no longer at this address)"


class Pages(BaseHTTPRequestHandler):
    """Answers by its path: a status, or a redirect with one."""

    seen: list[str] = []

    def do_GET(self):
        self.seen.append(self.headers["User-Agent"])
        status, _, target = self.path.strip("/").partition("-to-")
        self.send_response(int(status) if status.isdecimal() else 200)
        if target:
            self.send_header("Location", f"/{target}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture(scope="module")
def host():
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def clock(monkeypatch):
    now = [timezone.now()]

    def go_on(**period):
        now[0] += timedelta(**period)

    monkeypatch.setattr(timezone, "now", lambda: now[0])
    return go_on


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(links, "PAUSE_SECONDS", 0.0)


@pytest.mark.parametrize(
    ("path", "state", "status", "target"),
    [
        ("/200", "answers", 200, ""),
        ("/404", "gone", 404, ""),
        ("/410", "gone", 410, ""),
        ("/403", "unclear", 403, ""),
        ("/503", "unclear", 503, ""),
        ("/301-to-new", "moved", 200, "/new"),
        ("/308-to-new", "moved", 200, "/new"),
        ("/302-to-consent", "answers", 200, ""),
        ("/301-to-301-to-new", "moved", 200, "/new"),
        ("/301-to-404", "gone", 404, ""),
        ("/301-to-301", "unclear", 301, ""),
    ],
)
def test_address_is_judged_by_what_it_answers(host, path, state, status, target):
    answer = links.ask(host + path)

    assert (answer.state, answer.status) == (state, status)
    assert answer.target == (host + target if target else "")


def test_who_asks_says_whose_record_it_is(host, settings):
    settings.CONTACT_EMAIL = "desk@record.example"
    links.ask(f"{host}/200")

    assert settings.SITE_URL in Pages.seen[-1]
    assert "desk@record.example" in Pages.seen[-1]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/", "http://127.0.0.1:99999/", "http://[::1", "ftp://127.0.0.1"]
)
def test_silence_says_nothing_about_the_page(address):
    assert links.ask(address) == Answer("unclear")


def test_more_than_scheme_www_and_slash_has_to_differ():
    assert not links.is_elsewhere("http://www.one.example/a", "https://one.example/a/")
    assert links.is_elsewhere("http://one.example/a", "http://one.example/")
    assert links.is_elsewhere("http://one.example/?a=1", "http://one.example/?a=2")


def test_page_tells_what_was_gone_twice_a_day_apart_and_that_it_is_there_again(client, clock):
    source = make.make_source(url="https://one.example/gone")
    meeting = make.make_meeting(sources=[source])
    gone, there = Answer("gone", 404), Answer("answers", 200)

    def shown():
        pages = (source.get_absolute_url(), meeting.get_absolute_url())
        return [GONE in client.get(page).content.decode() for page in pages]

    keep_check(source, gone)
    once = shown()
    clock(hours=23)
    keep_check(source, gone)
    soon = shown()
    clock(hours=1)
    keep_check(source, gone)
    twice = shown()
    keep_check(source, Answer("unclear", 503))
    unclear = shown()
    keep_check(source, there)

    assert (once, soon, twice, unclear) == ([False] * 2, [False] * 2, [True] * 2, [True] * 2)
    assert shown() == [False, False]


def test_other_address_of_a_source_is_not_gone_and_is_checked_anew(clock):
    source = make.make_source(url="https://one.example/gone")
    for _ in range(2):
        keep_check(source, Answer("gone", 404))
        clock(days=1)
    source.refresh_from_db()
    assert source.is_gone

    acts.save(entry=source, after=changing(source, url="https://one.example/new"))
    source.refresh_from_db()

    assert not source.is_gone
    assert list(due_for_check()) == [source]
    keep_check(source, Answer("gone", 404))
    source.refresh_from_db()
    assert not source.is_gone


def test_checks_change_neither_revisions_nor_files(clock):
    source = make.make_source(url="https://one.example/gone")
    before = Source.objects.values_list("revision").get()
    for _ in range(2):
        keep_check(source, Answer("gone", 404))
        clock(days=1)

    assert Source.objects.values_list("revision").get() == before
    assert acts.save(entry=source, after=changing(source)) is None


def test_command_goes_on_with_what_was_not_asked_for_longest(host, clock, capsys):
    for path in ("200", "404", "301-to-new"):
        make.make_source(slug=f"source-{path}", url=f"{host}/{path}")
    make.make_source(url="")

    call_command("check_links")
    first = capsys.readouterr().out
    call_command("check_links")
    again = capsys.readouterr().out
    clock(days=2)
    keep_check(Source.objects.get(slug="source-404"), Answer("gone", 404))

    assert "Checked: 3 addresses." in first
    assert f"Gone (404): source-404, {host}/404" in first
    assert f"Moved for good to {host}/new (200): source-301-to-new" in first
    assert "Checked: 0 addresses." in again
    assert [source.slug for source in due_for_check()] == ["source-200", "source-301-to-new"]


def test_command_ends_at_its_time(host, monkeypatch, capsys):
    monkeypatch.setattr(links, "PAUSE_SECONDS", 60.0)
    for path in ("200", "404"):
        make.make_source(url=f"{host}/{path}")

    call_command("check_links", minutes=0.01)

    assert "Checked: 1 addresses." in capsys.readouterr().out
    with pytest.raises(CommandError, match="how many minutes"):
        call_command("check_links", minutes=0)


def test_form_of_a_source_tells_what_its_address_answered_and_where_it_can_be_saved(client):
    client.force_login(make.make_editor())
    source = make.make_source(url="https://one.example/old")
    keep_check(source, Answer("moved", 200, "https://one.example/new"))

    page = client.get(f"/admin/meetings/source/{source.pk}/change/").content.decode()
    found = client.get("/admin/meetings/source/?link=moved").content.decode()
    none = client.get("/admin/meetings/source/?link=gone").content.decode()

    assert "Moved for good to https://one.example/new (200)" in page
    assert "https://web.archive.org/save/https://one.example/old" in page
    assert (source.title in found, source.title in none) == (True, False)
    assert '<a href="/admin/meetings/source/?link=moved">' in client.get("/admin/").content.decode()


def test_source_that_was_checked_can_be_deleted():
    source = make.make_source(url="https://one.example/old")
    keep_check(source, Answer("gone", 404))

    acts.delete(entry=source)

    assert not LinkCheck.objects.exists()
    assert not Meeting.objects.exists()
