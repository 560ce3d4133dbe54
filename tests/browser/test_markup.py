"""Markup in every text of the record, in Chromium: no dialog, nothing that the policy has to stop,
no question to another site."""

import os
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from meetings.models import Meeting, Reaction, Source
from meetings.search import index
from meetings.tables.registry import VERSIONED_TABLES
from tests.factories import make_editor
from tests.importing.helpers import import_file
from tests.markup import PAIRS, write_record

pytestmark = pytest.mark.browser
# What the policy stops is told to the page alone.
TELL = """document.addEventListener('securitypolicyviolation',
    e => console.error('stopped:', e.violatedDirective, e.blockedURI));"""
KINDS = ("meetings/m", "issues/i", "reactions/r", "themes/t", "milestones/e", "people/a")
KINDS += ("places/p", "sources/s", "g")
LISTS = ("/", "/meetings/", "/issues/", "/issues/by-meeting/", "/accounts/", "/reactions/")
LISTS += ("/themes/", "/timeline/", "/people/", "/places/", "/sources/", "/data/")


@pytest.fixture
def site(committed_db, live_server, tmp_path):
    """The record with attacks in every text, committed, and served."""
    assert import_file(write_record(tmp_path)).problems == []
    index.index_missing()
    return live_server.url


def public_pages():
    """Return a page of every type; of entries one of another number each, in the soak all."""
    for place, kind in enumerate(KINDS):
        every = range(len(PAIRS)) if os.environ.get("SOAK") else [place]
        yield from (f"/{kind}{number}/" for number in every)
    yield from LISTS
    yield f"/search/?q={quote('alert(1)')}"
    yield f"/meetings/?year={quote(''.join(PAIRS[0]))}"
    yield f"/search/?q={quote(''.join(PAIRS[7]))}"


def desk_pages():
    """Return a page of every type of the desk, of some kinds."""
    for model in (Meeting, Reaction, Source):
        name = f"admin:meetings_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
    for place, table in enumerate(VERSIONED_TABLES):
        row = table.model.objects.order_by("slug")[place % len(PAIRS)]
        name = f"admin:meetings_{table.model._meta.model_name}"
        yield from (reverse(f"{name}_{view}", args=[row.pk]) for view in ("change", "history"))


def test_chromium_carries_out_nothing_of_it(site, browser):
    context = browser.new_context(base_url=site)
    context.add_init_script(TELL)
    page = context.new_page()
    told = []
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda said: is_told(said) and told.append(said.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    own = {urlsplit(site).netloc, ""}
    page.on("request", lambda r: urlsplit(r.url).netloc in own or told.append(r.url))
    visitor = [*public_pages()]
    for address in visitor:
        visit(page, address, told)
    client = Client()
    client.force_login(make_editor())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    for address in desk_pages():
        visit(page, address, told)
    context.close()

    assert len(visitor) > 20


def is_told(said):
    """Return whether a message is of what the policy stopped; the desk has no icon."""
    return said.type == "error" and not said.text.startswith("Failed to load resource: the server")


def visit(page, address, told):
    """Look at a page, and go over what could act as a reader does."""
    assert page.goto(address).status == 200, address
    page.keyboard.press("Tab")
    page.evaluate(
        "document.querySelectorAll('main *').forEach(e => { e.dispatchEvent("
        "new MouseEvent('mouseover', {bubbles: true})); e.focus && e.focus() })"
    )
    assert told == [], address
    assert urlsplit(page.url).path == urlsplit(address).path
