"""Every kind of page read by axe-core: WCAG 2.2 A and AA and best practice, in both themes."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from .kinds import KINDS, TYPES, status, thin_out, whole_or_thin

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WIDTHS = (360, 1280)
MORE_WIDTHS = (360, 390, 1280)
TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
    "best-practice",
]
# What depends on the width, beside colour, which is all that a theme changes.
LAYOUT = ["color-contrast", "target-size", "scrollable-region-focusable"]
COLOURS = ["color-contrast"]
FOUND = """rules => axe.run({runOnly: rules, resultTypes: ['violations']}).then(
    found => found.violations.map(rule => [
        rule.id, rule.nodes.slice(0, 5).map(node => node.html.slice(0, 200))]))"""
FAULT = "@media (max-width: 380px) and (prefers-color-scheme: dark) { main p { color: #222; } }"
STYLED = """style => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
}"""


def violations(page, widths=WIDTHS):
    """Return what axe-core finds in a page by width and theme: all once, then what they change.

    The page is loaded once: without scripts, width and theme change nothing but its style.
    """
    page.evaluate(AXE_SCRIPT)
    found = {}
    for scheme in ("light", "dark"):
        # No fades: a colour is looked at when it has come to rest.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            rules = COLOURS if scheme == "dark" else LAYOUT if width > widths[0] else TAGS
            if broken := page.evaluate(FOUND, rules):
                found[scheme, width] = broken
    return found


@whole_or_thin
@pytest.mark.parametrize("kind", TYPES)
def test_axe_finds_nothing(page, kind, is_whole):
    answer = page.goto(KINDS[kind])
    if not is_whole:
        thin_out(page)

    assert answer.status == status(kind)
    assert violations(page, MORE_WIDTHS if is_whole else WIDTHS) == {}


def test_axe_finds_what_is_wrong_in_one_theme_at_one_width(page):
    """What the test above relies on: a page once loaded is judged as it looks now."""
    page.goto(KINDS["about"])
    page.evaluate(STYLED, FAULT)

    assert {key: [rule for rule, _ in found] for key, found in violations(page).items()} == {
        ("dark", 360): ["color-contrast"]
    }
