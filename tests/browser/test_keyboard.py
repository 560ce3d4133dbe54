"""Every kind of page by keyboard alone, without scripts: all is reached, and seen when it is."""

import re
from urllib.parse import quote_plus

import pytest

from meetings.models import Issue

from .kinds import ISSUE, KINDS, TYPES, thin_out, whole_or_thin
from .reader import Reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# The pages for our own faults stand alone: what surrounds the others may be what failed.
ALONE = ("error 500", "error 503")
STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
)].filter(e => e.checkVisibility({contentVisibilityAuto: true})).length"""
AROUND = """() => {
    const b = document.activeElement.getBoundingClientRect(), room = 8;
    const x = Math.max(b.x - room, 0), y = Math.max(b.y - room, 0);
    return {x, y, width: Math.min(b.right + room, innerWidth) - x,
        height: Math.min(b.bottom + room, innerHeight) - y};
}"""
BLURRED = "() => { window.left = document.activeElement; window.left.blur(); }"
BACK = "() => window.left.focus({preventScroll: true})"


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False}


@whole_or_thin
@pytest.mark.parametrize("kind", TYPES)
def test_focus_is_seen_on_everything_that_takes_it(page, kind, is_whole):
    """The steps from the first to the last are as many as the page has things to step on."""
    page.set_viewport_size({"width": 1280, "height": 900})
    reader = Reader(page, KINDS[kind])
    if not is_whole:
        thin_out(page)
    names = []

    while look := reader.step():
        names.append(look["name"])

    assert len(names) == page.evaluate(STOPS)
    assert "" not in names
    assert kind in ALONE or names[0] == "Skip to main content"


@whole_or_thin
@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.soak), "dark"])
@pytest.mark.parametrize("kind", ["home", "meeting", "reactions filtered", "issues by meeting"])
def test_focus_is_seen_where_there_is_little_room(page, kind, scheme, is_whole):
    """At 400 % the window is 320 by 256 px: the ring is drawn there, and nothing hides it."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 256})
    reader = Reader(page, KINDS[kind])
    if not is_whole:
        thin_out(page)
    looks = set()

    while look := reader.step():
        if look["look"] in looks:
            continue
        looks.add(look["look"])
        around = page.evaluate(AROUND)
        focused = page.screenshot(clip=around)
        page.evaluate(BLURRED)
        assert page.screenshot(clip=around) != focused, look
        page.evaluate(BACK)

    assert len(looks) > 5


@pytest.mark.parametrize("kind", ["home", "meeting", "issues by meeting", "search", "not found"])
def test_skip_link_leads_to_the_content(page, kind):
    """That it comes first on every page is asked above; where it leads is one template's."""
    reader = Reader(page, KINDS[kind])
    reader.step()

    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main, footer') !== null")


def test_filters_are_set_taken_away_and_cleared(page):
    reader = Reader(page, "/reactions/")
    reader.tick("Critical")
    reader.choose("Year", "2018")
    reader.follow("Apply filters")
    assert "stance=critical" in page.url
    assert "year=2018" in page.url

    reader.follow(re.compile("Remove filter Year"))
    assert "year" not in page.url
    reader.follow("Clear all")
    assert page.url.endswith("/reactions/")


def test_filters_are_open_where_there_is_room_and_closed_where_not(page):
    button = page.get_by_role("button", name="Apply filters")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/reactions/")
    wide = button.is_visible()
    page.set_viewport_size({"width": 360, "height": 900})
    reader = Reader(page, "/reactions/")
    narrow = button.is_visible()
    reader.reach("Filters")
    page.keyboard.press("Enter")

    assert (wide, narrow, button.is_visible()) == (True, False, True)


def test_list_is_sorted_and_turned_over(page):
    reader = Reader(page, "/reactions/")
    reader.follow("newest first")
    reader.follow("Next page")

    assert "sort=-date" in page.url
    assert "page=2" in page.url


def test_note_leads_to_its_source_and_back(page):
    reader = Reader(page, KINDS["meeting"])
    reader.follow(re.compile(r"(Source )?\[?1\]?$"))
    note = page.url.partition("#")[2]

    reader.follow(re.compile("Back to statement 1|↑"))

    assert note
    assert page.url.partition("#")[2] not in {"", note}


def test_words_are_searched_from_the_masthead(page):
    issue = Issue.objects.published().get(slug=ISSUE)
    reader = Reader(page)
    reader.reach(re.compile("Search"))
    page.keyboard.type(issue.title.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/search/?q={quote_plus(issue.title.lower())}")

    reader.follow(issue.title)

    assert page.url.endswith(issue.get_absolute_url())
