"""A day of an editorial team, in browsers with and without scripts: draft to correction."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from meetings.editing.revisions import record_loaded
from meetings.importing import imports
from meetings.models import Meeting, Revision
from tests.factories import make_member, make_source
from tests.importing.helpers import write

pytestmark = pytest.mark.browser
SLUG = "talks-in-a-test"
ADDRESS = f"/meetings/{SLUG}/"


@pytest.fixture
def site(committed_db, live_server):
    """A record with a source, committed, and served; other rows may be there."""
    make_source(slug="readout", title="Readout of the talks")
    record_loaded()
    return live_server.url


@pytest.fixture
def page_of(browser, site, request):
    """A function that opens a browser in which somebody is signed in, or a visitor's."""
    contexts = []

    def opened(user=None):
        context = browser.new_context(base_url=site, java_script_enabled=request.param)
        contexts.append(context)
        if user:
            client = Client()
            client.force_login(user)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": value, "url": site}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def fill(page, **fields):
    """Fill fields by name: choices are chosen, others typed."""
    for name, value in fields.items():
        field = page.locator(f"[name='{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
            field.blur()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def follow(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()


def words(page, address=""):
    if address:
        page.goto(address)
    return page.locator("body").inner_text()


def form_of():
    return f"/admin/meetings/meeting/{Meeting.objects.get(slug=SLUG).pk}/change/"


@pytest.fixture
def set_clock(monkeypatch):
    """A function that sets the clock of the site, which stands still from then on."""
    return lambda time: monkeypatch.setattr(timezone, "now", lambda: time)


@pytest.mark.parametrize(
    "page_of", [True, False], indirect=True, ids=["with scripts", "without scripts"]
)
def test_meeting_is_drafted_reviewed_scheduled_corrected_withdrawn_and_brought_back(
    page_of, set_clock, tmp_path
):
    writer = page_of(make_member("writer", "wim"))
    editor = page_of(make_member("editor", "edith"))
    reader = page_of()

    # A draft goes to review, back with a reason, and to review again.
    writer.goto("/admin/meetings/meeting/add/")
    fill(
        writer,
        title="Talks in a test",
        slug="talks-in-a-test",
        starts_on="2018-07-16",
        format="summit",
        event_status="held",
        duration_minutes="40",
        body="They met [@readout].",
        change_note="Its length is that of the readout.",
    )
    press(writer, "Save and send to review")
    editor.goto(form_of())
    assert "Its length is that of the readout." in words(editor)
    follow(editor, "Send back")
    assert "They met [@readout]." in words(editor)
    fill(editor, note="Where did they meet?")
    press(editor, "Send back")
    writer.goto(form_of())
    assert "Where did they meet?" in words(writer)
    fill(writer, forum="Sidelines of a conference", change_note="")
    press(writer, "Save and send to review")
    assert reader.goto(ADDRESS).status == 404

    # It is public at its second, and not before.
    due = timezone.now().replace(microsecond=0) + timedelta(hours=1)
    editor.goto(form_of())
    fill(editor, publish_at=f"{due:%Y-%m-%d %H:%M:%S}", change_note="First account.")
    press(editor, "Save and publish")
    places = ("/meetings/", "/meetings.json", "/search/?q=talks", "/meetings.atom", "/timeline/")
    set_clock(due - timedelta(seconds=1))
    assert reader.goto(ADDRESS).status == 404
    before = [SLUG in reader.request.get(place).text() for place in places]
    set_clock(due)
    assert reader.goto(ADDRESS).status == 200
    assert before == [False] * len(places)
    assert [place for place in places if SLUG not in reader.request.get(place).text()] == []

    # A change is prepared beside it, while an import changes another cell.
    editor.goto(form_of())
    follow(editor, "Prepare a change")
    fill(editor, duration_minutes="46")
    press(editor, "Save")
    write(tmp_path, "meetings", {"slug": "talks-in-a-test", "forum": "Conference of a test"})
    assert imports.import_path(path=tmp_path, note="Name of the conference.").problems == []
    assert "46 minutes" not in words(reader, ADDRESS)
    follow(editor, "Compare")
    fill(
        editor,
        note="Length corrected to 46 minutes (readout).",
        kind="correction",
        was_wrong="The length was given as 40 minutes.",
    )
    press(editor, "Publish")
    shown = words(reader, ADDRESS)
    assert "46 minutes" in shown
    assert "Conference of a test" in shown
    number = Meeting.objects.get(slug=SLUG).revision
    for place in ("", "history/", "../../corrections/", "../../changes/"):
        assert "46 minutes" in words(reader, f"{ADDRESS}{place}"), place
    assert "The length was given as 40 minutes." in words(reader, "/corrections/")
    assert "46 minutes" in reader.request.get("/corrections.atom").text()
    assert f"{ADDRESS}r{number}/" in reader.request.get(f"{ADDRESS}cite.bib").text()
    assert "40 minutes" in words(reader, f"{ADDRESS}r{number - 1}/")

    # It is withdrawn, and brought back.
    editor.goto(form_of())
    follow(editor, "Withdraw")
    fill(editor, note="A forged readout.")
    press(editor, "Withdraw")
    assert reader.goto(ADDRESS).status == 410
    assert "A forged readout." in words(reader)
    follow(editor, "Publish as stored")
    fill(editor, note="It was not forged.")
    press(editor, "Publish")
    assert reader.goto(ADDRESS).status == 200
    revisions = Revision.objects.of(Meeting.objects.get(slug=SLUG))
    acts = list(revisions.values_list("act", flat=True))[::-1]
    assert acts[:5] == ["submit", "draft", "submit", "publish", "import"]
    assert acts[5:] == ["proposal", "withdraw", "publish"]
