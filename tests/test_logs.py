"""What the site says of itself: who asked for what, and no more of persons than needed."""

import json
import logging
import re
import sys
from types import ModuleType
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from access import security_log
from diplomacy import error_reports, logs
from tests import factories as make

FORMATTERS = {"text": logs.TextFormatter(), "json": logs.JSONFormatter()}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Lines(logging.Handler):
    """Keeps the lines that are written while it listens."""

    def __init__(self, form: str):
        super().__init__()
        self.setFormatter(FORMATTERS[form])
        self.addFilter(logs.RefusalFilter())
        self.found: list[str] = []

    def emit(self, record):
        self.found.append(self.format(record))


@pytest.fixture
def lines(request):
    handler = Lines(getattr(request, "param", "json"))
    root = logging.getLogger()
    level, quiet = root.level, root.handlers
    root.setLevel(logging.DEBUG)
    root.handlers = [*quiet, handler]
    yield handler.found
    root.handlers = quiet
    root.setLevel(level)


def of(found, logger="meetings.requests"):
    return [line for line in map(json.loads, found) if line["logger"] == logger]


def test_request_is_one_line_with_who_asked_for_what(db, lines):
    editor = make.make_editor()
    client = Client(REMOTE_ADDR="192.0.2.77", headers={"x-request-id": "not-ours"})
    client.force_login(editor)
    lines.clear()

    answer = client.get("/admin/?q=secret")

    (line,) = of(lines)
    assert TIME.fullmatch(line["time"])
    assert line["request_id"] == answer.headers["X-Request-ID"] != "not-ours"
    assert (
        line
        | {
            "level": "INFO",
            "method": "GET",
            "path": "/admin/",
            "status": 200,
            "network": "192.0.2.0/24",
            "user_id": str(editor.pk),
        }
        == line
    )
    assert line["milliseconds"] > 0
    assert "192.0.2.77" not in "".join(lines)
    assert "secret" not in "".join(lines)


def test_network_of_the_new_addresses_is_cut(db, lines):
    Client(REMOTE_ADDR="2001:db8:1:2::3").get("/robots.txt")

    assert of(lines)[0]["network"] == "2001:db8:1::/48"


def test_number_of_a_trusted_proxy_is_taken_over(db, lines, settings):
    settings.PROXIES = 1
    forwarded = {"x-forwarded-for": "198.51.100.9"}

    good = Client().get("/robots.txt", headers=forwarded | {"x-request-id": "abc-123"})
    bad = Client().get("/robots.txt", headers=forwarded | {"x-request-id": "a b\x01"})

    assert good.headers["X-Request-ID"] == "abc-123"
    assert re.fullmatch("[0-9a-f]{16}", bad.headers["X-Request-ID"])
    assert {line["network"] for line in of(lines)} == {"198.51.100.0/24"}


REFUSALS = {
    "host": (400, "WARNING", "Invalid HTTP_HOST header", lambda: to("evil").get("/")),
    "token": (403, "WARNING", "CSRF", lambda: Client(enforce_csrf_checks=True).post(SIGN_IN)),
    "no page": (404, "INFO", "request", lambda: Client().get("/nothing/")),
    "right": (403, "WARNING", "Permission denied", lambda: denied()),
}
SIGN_IN = "/admin/login/"


def to(host):
    return Client(SERVER_NAME=host)


def denied():
    client = Client()
    client.force_login(make.make_editor())
    return client.get("/admin/auth/user/")


@pytest.mark.parametrize(("status", "level", "words", "ask"), REFUSALS.values(), ids=REFUSALS)
def test_refusal_is_one_line_without_a_traceback(db, lines, status, level, words, ask):
    answer = ask()

    said = [line for line in map(json.loads, lines) if line["logger"] != "meetings.security"]
    assert answer.status_code == status
    assert len(said) == 1, said
    assert (said[0]["status"], said[0]["level"]) == (status, level)
    assert words in said[0]["message"]
    assert "traceback" not in said[0]


@pytest.fixture
def broken(monkeypatch):
    def break_with(error):
        monkeypatch.setattr("meetings.views.site.text", mock.Mock(side_effect=error))
        return Client(raise_request_exception=False).get("/robots.txt")

    return break_with


@pytest.mark.parametrize("lines", ["text", "json"], indirect=True)
def test_fault_has_its_traceback(db, lines, broken):
    assert broken(ValueError("no such thing")).status_code == 500

    (fault,) = [line for line in lines if "Traceback" in line]
    assert "ValueError: no such thing" in fault
    assert "/robots.txt" in fault


def test_database_that_is_away_is_one_line(db, lines, broken):
    assert broken(OperationalError("connection refused\nDETAIL: host db")).status_code == 503

    (line,) = of(lines)
    assert line["level"] == "ERROR"
    assert "connection refused" in line["message"]
    assert "Traceback" not in "".join(lines)


@pytest.mark.parametrize("lines", ["text"], indirect=True)
def test_nothing_of_a_request_begins_a_line_of_its_own(db, lines):
    Client().get("/nothing%0A2026-01-01T00:00:00.000Z%1B[31m/")

    (line,) = [line for line in lines if "meetings.requests" in line]
    assert "\n" not in line
    assert "\x1b" not in line
    assert TIME.match(line)


def test_extras_and_the_request_stand_in_every_line(lines):
    request = RequestFactory().get("/admin/login/", REMOTE_ADDR="192.0.2.77")

    def view(request):
        security_log.record("sign_in_failed", "Refused.", request=request)
        return HttpResponse()

    logs.RequestLogMiddleware(view)(request)

    (said,) = of(lines, "meetings.security")
    assert (said["event"], said["path"]) == ("sign_in_failed", "/admin/login/")
    assert said["request_id"] == of(lines)[0]["request_id"]


def test_forwarded_addresses_without_a_known_proxy_are_warned_of_once(lines):
    middleware = logs.RequestLogMiddleware(lambda request: HttpResponse())

    for _ in range(3):
        middleware(RequestFactory().get("/", headers={"x-forwarded-for": "198.51.100.9"}))

    (said,) = of(lines, "meetings.settings")
    assert "PROXIES is 0" in said["message"]


# Reports of faults


def test_faults_are_reported_without_persons(monkeypatch):
    module = ModuleType("sentry_sdk")
    module.init = mock.Mock()
    monkeypatch.setitem(sys.modules, "sentry_sdk", module)

    error_reports.send_to("https://key@sentry.example/1")

    given = module.init.call_args.kwargs
    assert given["dsn"] == "https://key@sentry.example/1"
    assert given["send_default_pii"] is given["include_local_variables"] is False
    event = {
        "user": {"id": 1},
        "request": {"url": "https://a/", "query_string": "q=x", "data": "password", "headers": {}},
    }
    assert given["before_send"](event, {}) == {"request": {"url": "https://a/"}}


def test_missing_package_of_reports_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)

    with pytest.raises(ImproperlyConfigured, match="pip install sentry-sdk"):
        error_reports.send_to("https://key@sentry.example/1")
