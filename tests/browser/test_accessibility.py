"""Every kind of page in Chromium: WCAG 2.2 A and AA, in both themes, at two widths, by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

RULES = {
    "runOnly": {
        "type": "tag",
        "values": [
            *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
            "best-practice",
        ],
    },
    "resultTypes": ["violations"],
}
# What a theme can change; the rest was seen in the other theme.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
# The spacing a reader may set (WCAG 1.4.12).
SPACED = """() => document.querySelectorAll('*').forEach(e => Object.assign(e.style, {
    lineHeight: '1.5', letterSpacing: '0.12em', wordSpacing: '0.16em'}))"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def open_page(page, kind, *, width, scheme="light"):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    return page.goto(KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(page, kind):
    found = {}
    for width in (360, 1280):
        for scheme, rules in (("light", RULES), ("dark", COLOURS)):
            answer = open_page(page, kind, width=width, scheme=scheme)
            assert answer.status == (404 if kind == "not found" else 200)
            results = Axe().run(page, options=rules).response
            for violation in results["violations"]:
                nodes = [node["html"][:200] for node in violation["nodes"]]
                found[width, scheme, violation["id"]] = nodes

    assert found == {}


@pytest.mark.parametrize("kind", KINDS)
def test_page_does_not_scroll_sideways_when_narrow(page, kind):
    open_page(page, kind, width=320)

    plain = page.evaluate(OVERFLOW)
    page.evaluate(SPACED)
    spaced = page.evaluate(OVERFLOW)

    assert (plain, spaced) == (0, 0)


@pytest.mark.parametrize("kind", ["home", "meeting", "reactions", "method"])
def test_skip_link_comes_first_and_leads_to_the_content(page, kind):
    open_page(page, kind, width=1280)

    page.keyboard.press("Tab")

    link = page.locator(":focus")
    assert link.inner_text() == "Skip to main content"
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["home", "meeting", "reactions filtered", "issues by meeting"])
def test_focus_is_visible_on_everything_that_takes_it(page, kind, scheme):
    open_page(page, kind, width=1280, scheme=scheme)
    unseen, seen = [], 0

    for _ in range(60):
        page.keyboard.press("Tab")
        look = page.evaluate(
            """() => {
                const e = document.activeElement;
                const s = getComputedStyle(e), b = e.getBoundingClientRect();
                return {html: e.outerHTML.slice(0, 120), is_body: e === document.body,
                    width: parseFloat(s.outlineWidth), style: s.outlineStyle, color: s.outlineColor,
                    in_view: b.bottom > 0 && b.top < innerHeight && b.width > 0 && b.height > 0,
                    paper: getComputedStyle(document.body).backgroundColor};
            }"""
        )
        if look["is_body"]:
            break
        seen += 1
        has_ring = (
            look["style"] == "solid" and look["width"] >= 3 and look["color"] != look["paper"]
        )
        if not (has_ring and look["in_view"]):
            unseen.append(look)

    assert seen > 10
    assert unseen == []


def test_filters_are_open_where_there_is_room_and_closed_where_not(page):
    open_page(page, "reactions", width=1280)
    wide = page.get_by_role("button", name="Apply filters").is_visible()
    open_page(page, "reactions", width=360)
    narrow = page.get_by_role("button", name="Apply filters").is_visible()
    page.get_by_text("Filters", exact=True).click()
    opened = page.get_by_role("button", name="Apply filters").is_visible()

    assert (wide, narrow, opened) == (True, False, True)


def test_filter_form_is_used_by_keyboard_alone(page):
    open_page(page, "reactions", width=1280)

    page.get_by_label("Critical").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**stance=critical**")

    assert page.get_by_role("status").inner_text().endswith("reactions")


def test_pages_load_nothing_from_elsewhere_and_report_no_error(page):
    addresses, errors = [], []
    page.on("request", lambda request: addresses.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    for kind in ("home", "meeting", "reactions", "issues by meeting"):
        open_page(page, kind, width=1280)

    origin = page.url.split("/issues")[0]
    assert [address for address in addresses if not address.startswith(origin)] == []
    assert errors == []
