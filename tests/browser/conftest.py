"""The site with its content, served to Chromium."""

import os
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from access.models import DeskSession
from meetings.models import Revision
from tests.content import withdraw_one
from tests.factories import make_editor
from tests.pages import OWN

from .kinds import KINDS

CHROMIUM = Path("/usr/bin/chromium")


def pytest_collection_modifyitems(items):
    """Mark what is to be looked at on each database, since its pages are not the same."""
    for item in items:
        kind = getattr(item, "callspec", None) and item.callspec.params.get("kind")
        if KINDS.get(kind, "").startswith(OWN):
            item.add_marker("each_database")


@pytest.fixture(scope="session", autouse=True)
def synchronous_code_beside_a_loop():
    """Let Django work in the thread where the browser's event loop runs, until the session ends."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CHROMIUM} is missing, and with CI=true nothing is skipped.")
        pytest.skip(f"{CHROMIUM} is missing: install Chromium to run the browser tests.")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="package")
def site(content_database, django_db_blocker):
    """Serve the content, committed, so that the server's threads see it."""
    with django_db_blocker.unblock(), content_database.to_write_to():
        withdraw_one()
        server = LiveServer("127.0.0.1")
        yield server.url
        # What the browser asked for last may still be answered, by threads that nobody waits for:
        # they hold the database's connection, which is theirs no longer once the server stops.
        for thread in threading.enumerate():
            if "process_request_thread" in thread.name:
                thread.join(timeout=10)
        server.stop()


@pytest.fixture(scope="session")
def base_url():
    """Return none: the server lives no longer than this folder's tests."""


@pytest.fixture
def browser_context_args(browser_context_args, site):
    return {**browser_context_args, "base_url": site}


@pytest.fixture(scope="module")
def session(site, django_db_blocker):
    """The cookie of an editor who is signed in, committed, so that the server's threads know it."""
    with django_db_blocker.unblock():
        user = make_editor("writer")
        client = Client()
        client.force_login(user)
        yield client.cookies[settings.SESSION_COOKIE_NAME].value
        Revision.objects.filter(made_by=user).delete()
        user.logentry_set.all().delete()
        DeskSession.objects.all().delete()
        user.delete()


def signed_in_as(user, browser, site):
    """Return a context of the browser in which a user is signed in."""
    client = Client()
    client.force_login(user)
    return signed_in(browser, site, client.cookies[settings.SESSION_COOKIE_NAME].value)


def signed_in(browser, site, session, **kwargs):
    """Return a context of the browser in which the editor is signed in."""
    context = browser.new_context(base_url=site, **kwargs)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    return context
