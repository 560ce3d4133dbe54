"""What the journeys of an editor take, act by act, is what docs/figures.md says they take."""

import pytest

from meetings.editing.revisions import record_loaded
from meetings.models import Meeting
from tests import factories as make

from .conftest import signed_in_as
from .editor import Editor, figures_of

pytestmark = pytest.mark.browser
MOST_SOURCES = 3
# What publication asks besides, by the link of the checklist that leads to it.
LACKING = {"#id_format": "bilateral", "#id_event_status": "held"}
LINES = [f"https://example.org/{number} Logbook {number}" for number in range(MOST_SOURCES)]


@pytest.fixture
def site(committed_db, live_server):
    """A record with people, issues and a public meeting, committed; other rows may be there."""
    for country, name in (("RU", "Ada Travelogue"), ("US", "Ben Voyageur")):
        make.make_actor(name=name, country=country)
    for title in ("Fisheries in a test", "Harbours in a test"):
        make.make_issue(title=title)
    meeting = make.make_meeting(slug="moscow", title="Talks in Moscow", place=None)
    for government in ("RU", "US"):
        make.make_participation(meeting=meeting, government=government)
    record_loaded()
    return live_server.url


@pytest.fixture
def editor(browser, site):
    context = signed_in_as(make.make_editor(), browser, site)
    yield Editor(context.new_page())
    context.close()


def test_journeys_of_an_editor_take_what_the_figures_say(editor):
    taken = {}

    # A new meeting, from the first screen to a saved draft.
    editor.page.goto("/admin/")
    draft(editor)
    taken["a new meeting, from the first screen to a saved draft"] = editor.taken()
    meeting = Meeting.objects.get(title="Talks in Washington")
    assert meeting.status == "draft"
    assert (meeting.participations.count(), meeting.place.city) == (2, "Washington")
    assert {account.government.code for account in meeting.accounts.all()} == {"RU", "US"}
    assert (meeting.accounts.count(), meeting.outcomes.count()) == (4, 1)
    assert meeting.sources.count() == MOST_SOURCES

    # From that draft to the public page, by what its form says that it lacks.
    publish(editor)
    taken["from that draft to the public page"] = editor.taken()
    assert editor.page.goto(meeting.get_absolute_url()).status == 200

    # One word of it is corrected, from the public page to the public page.
    correct(editor)
    taken["a correction of one word, from public page to public page"] = editor.taken()
    assert "They spoke of Fishing" in editor.page.get_by_role("main").inner_text()

    # A source that is there is cited.
    editor.page.goto(f"/admin/meetings/meeting/{meeting.pk}/change/")
    editor.page.get_by_label("Summary in full").focus()
    editor.cite("Logbook 2")
    taken["a source that is there, cited in a text (6 steps before)"] = editor.taken()

    assert taken == {journey: figures_of(journey) for journey in taken}


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def draft(editor):
    page = editor.page
    editor.follow(page.locator("tr.model-meeting").get_by_role("link", name="Add"))
    editor.type("Talks in Washington")
    editor.write(page.get_by_label("First day"), "2017-05-10")
    with page.expect_popup() as opened:
        editor.click(page.locator("#add_id_place"))
    window = opened.value
    editor.write(window.get_by_label("City"), "Washington")
    editor.choose(window.get_by_label("Country"), "US")
    with window.expect_event("close"):
        editor.click(window.get_by_role("button", name="Save"))
    cited = iter(LINES)
    for number, issue in enumerate(("Fisheries in a test", "Harbours in a test")):
        if number:
            editor.click(page.get_by_role("button", name="Add another Discussion"))
        editor.find(f"discussions-{number}-issue", issue)
        for government in ("RU", "US"):
            field = page.locator(f"#id_discussions-{number}-account_{government}_text")
            editor.write(field, f"They spoke of {issue}")
            if line := next(cited, None):
                editor.cite_new(line)
            else:
                editor.cite()
    editor.choose(page.locator("#id_outcomes-0-state"), "announced")
    editor.write(page.locator("#id_outcomes-0-text"), "A further meeting was announced")
    editor.cite()
    for number, name in enumerate(("Travelogue", "Voyageur")):
        editor.find(f"participations-{number}-actor", name)
    editor.follow(button(page, "Save and continue editing"))


def publish(editor):
    page = editor.page
    for link in page.locator(".checklist > ul a").all():
        anchor = link.get_attribute("href")
        editor.choose(page.locator(anchor), LACKING[anchor])
    editor.write(page.get_by_label("Change note"), "First account.")
    editor.follow(button(page, "Save and publish"))


def correct(editor):
    page = editor.page
    editor.follow(page.get_by_role("link", name="Edit this page"))
    field = page.locator("#id_discussions-0-account_RU_text")
    editor.write(field, field.input_value().replace("Fisheries", "Fishing"))
    editor.write(page.get_by_label("Change note"), "Named as the account names it.")
    editor.choose(page.get_by_label("Change kind"), "correction")
    editor.write(page.get_by_label("What was wrong"), "It was called fisheries.")
    editor.follow(button(page, "Save and continue editing"))
    editor.follow(page.get_by_role("link", name="View on site"))
