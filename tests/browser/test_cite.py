"""Taking a reference away: in one gesture, and on paper."""

import pytest

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SELECTED = "() => getSelection().toString().trim()"
HEIGHTS = "() => [...document.querySelectorAll('.reference')].map(e => e.offsetHeight)"


@pytest.mark.parametrize("kind", ["APA", "BibTeX"])
def test_one_click_selects_a_whole_reference(page, kind):
    page.goto(KINDS["meeting"])
    page.locator("#cite").get_by_text(kind, exact=True).first.click()

    reference = page.locator(f"#cite details:has(summary:text-is('{kind}')) .reference")
    reference.click()

    assert page.evaluate(SELECTED) == reference.inner_text().strip()


def test_references_are_open_on_paper(page):
    page.goto(KINDS["meeting"])
    on_screen = page.evaluate("() => document.querySelectorAll('#cite details[open]').length")

    page.emulate_media(media="print")

    assert on_screen == 0
    assert page.locator("#cite details .reference").count() == 2
    assert all(height > 0 for height in page.evaluate(HEIGHTS))
    for reference in page.locator("#cite .reference").all():
        assert reference.evaluate("e => e.checkVisibility({contentVisibilityAuto: true})")
