"""Every kind of page where there is little room: nothing is cut, nothing scrolls sideways."""

import pytest

from .kinds import KINDS, TYPES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# A window of 1280 by 1024 px at 400 % (WCAG 1.4.10): 320 by 256 CSS pixels, drawn four times.
ZOOMED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
# The spacing a reader may set (WCAG 1.4.12).
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-block-end: 2em !important; }"""
# A reader's letters of twice the size, on a telephone (WCAG 1.4.4).
LARGE = "html { font-size: 200%; }"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# The words of a page's title that do not fit on a line.
BROKEN_TITLE = """() => {
    const title = document.querySelector('h1');
    const copy = title.cloneNode(), room = title.getBoundingClientRect().width;
    copy.style.cssText = 'position: absolute; inline-size: max-content';
    title.after(copy);
    return title.textContent.trim().split(/[\\s–-]+/).filter(word => {
        copy.textContent = word;
        return copy.getBoundingClientRect().width > room;
    });
}"""
# Text that its box hides: what is wider or higher than a box that shows no more.
CUT = """() => [...document.querySelectorAll('body *')].filter(e => {
    const style = getComputedStyle(e);
    const hides = [style.overflowX, style.overflowY].some(v => v === 'hidden' || v === 'clip');
    return hides && e.checkVisibility() && e.closest('.visually-hidden') === null
        && !(e instanceof SVGElement) && e.tagName !== 'INPUT'
        && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
}).map(e => e.outerHTML.slice(0, 200))"""


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, **ZOOMED, "bypass_csp": True}


@pytest.mark.parametrize("kind", TYPES)
def test_page_fits_at_400_percent_and_with_wider_spacing(page, kind):
    page.goto(KINDS[kind])
    found = {}
    for spacing in ("", SPACING):
        if spacing:
            page.add_style_tag(content=spacing)
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 256})
            seen = page.evaluate(SIDEWAYS), page.evaluate(CUT)
            if seen != (0, []):
                found["spaced" if spacing else "plain", width] = seen

    assert found == {}


@pytest.mark.parametrize("kind", TYPES)
def test_page_with_letters_of_twice_the_size_fits_on_a_telephone(page, kind):
    page.goto(KINDS[kind])
    page.set_viewport_size({"width": 360, "height": 740})

    page.add_style_tag(content=LARGE)

    assert page.evaluate(SIDEWAYS) == 0
    assert page.evaluate(BROKEN_TITLE) == []


def test_wide_parts_scroll_by_themselves_by_keyboard(page):
    """The table of issues is wider than the window: its own box moves, the page does not."""
    page.goto(KINDS["issues by meeting"])
    region = page.get_by_role("region", name="Table of issues by meeting")
    region.focus()

    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 50")

    assert page.evaluate("scrollX") == 0
