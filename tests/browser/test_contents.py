"""One's way in a long page, without scripts of its own: contents in view, marks at their word."""

import pytest

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
BESIDE, FOLDED = ".aside > .on-this-page", ".on-this-page.is-folded"
BOX = "e => { const b = e.getBoundingClientRect(); return [b.top, b.bottom, innerHeight]; }"
# The marks whose word, or the mark before them, stands on another line.
BROKEN_OFF = """() => [...document.querySelectorAll('main sup.note')].filter(mark => {
    const before = mark.previousSibling, range = document.createRange();
    if (before === null || !mark.checkVisibility()) return false;
    if (before.nodeType === Node.TEXT_NODE) {
        range.setStart(before, before.length - 1);
        range.setEnd(before, before.length);
    } else {
        range.selectNodeContents(before);
    }
    const [last] = [...range.getClientRects()].slice(-1);
    return mark.firstChild.getClientRects()[0].left < last.left;
}).map(mark => mark.parentElement.textContent)"""


@pytest.mark.parametrize("kind", ["meeting", "issue"])
def test_contents_stay_in_view_beside_a_long_page(page, kind):
    page.set_viewport_size(WIDE)
    page.goto(f"{KINDS[kind]}#sources")

    top, bottom, height = page.locator(BESIDE).evaluate(BOX)
    assert (top, bottom <= height) == (0, True)
    assert not page.locator(FOLDED).is_visible()
    assert page.get_by_role("link", name="Back to contents").count() == 0


def test_contents_that_are_longer_than_the_screen_scroll_by_themselves(page):
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(f"{KINDS['meeting']}#sources")
    last = page.locator(BESIDE).get_by_role("link", name="Cite this page")

    assert page.locator(BESIDE).evaluate(BOX)[1] <= 300
    last.focus()

    top, bottom, height = last.evaluate(BOX)
    assert 0 < top < bottom <= height


@pytest.mark.parametrize("kind", ["meeting", "issue"])
def test_contents_are_folded_on_a_narrow_screen_and_every_section_leads_back(page, kind):
    page.set_viewport_size(NARROW)
    page.goto(KINDS[kind])
    contents = page.locator(FOLDED)
    assert not page.locator(BESIDE).is_visible()
    assert not contents.get_by_role("link", name="Participants").is_visible()

    contents.locator("summary").click()
    contents.get_by_role("link", name="Reactions").click()
    page.locator("#reactions").get_by_role("link", name="Back to contents").last.click()

    top, _, height = contents.evaluate(BOX)
    assert 0 <= top < height


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_marks_do_not_break_from_their_word(page, width):
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(KINDS["meeting"])

    assert page.locator("main sup.note").count() > 100
    assert page.evaluate(BROKEN_OFF) == []
