"""A meeting on paper, and in a reader's own colours."""

import pytest

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAPER = 672  # A4 between its margins, in CSS pixels.


def test_paper_has_facts_accounts_side_by_side_and_addresses_of_sources(page):
    page.set_viewport_size({"width": PAPER, "height": 950})
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(KINDS["meeting"])

    left, right = (page.locator("#readouts .account").nth(n).bounding_box()["x"] for n in range(2))
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    address = page.evaluate(
        "getComputedStyle(document.querySelector('.notes a[data-address]'), '::after').content"
    )

    assert background == "rgb(255, 255, 255)"
    assert right > left + PAPER / 3
    assert "http" in address
    assert page.get_by_text("Key facts").is_visible()
    for hidden in (".masthead-nav", ".on-this-page", ".theme-form", ".neighbours", ".breadcrumb"):
        assert not page.locator(hidden).is_visible(), hidden


def test_filters_are_left_out_on_paper_and_the_table_is_whole(page):
    page.emulate_media(media="print")
    page.goto(KINDS["reactions"])
    assert not page.locator(".filter-form").is_visible()

    page.goto(KINDS["issues by meeting"])
    assert page.locator(".matrix").is_visible()
    assert len(page.pdf(format="A4")) > 10_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawn_signs_stand_out_in_the_readers_own_colours(page, scheme):
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    page.goto(KINDS["home"])

    dot = page.evaluate(
        "getComputedStyle(document.querySelector('.meeting-card'), '::before').borderTopColor"
    )
    land, held = (
        page.evaluate(f"getComputedStyle(document.querySelector('.places-map {part}')).fill")
        for part in (".land", ".is-held")
    )
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert dot != paper
    assert held != land == paper
