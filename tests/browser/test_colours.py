"""Signs without colours: told apart by their pixels, in grey and in a reader's own colours."""

import io
from itertools import combinations

import pytest
from PIL import Image, ImageChops

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# Each set of signs: where it is seen, what draws it, and the fewest there are.
SIGNS = {
    "stance": ("reactions", ".stance-counts .stance-sign", 4),
    "table cells": ("issues by meeting", ".matrix-key .cell", 5),
    "timeline dots": ("home", ".dot-key li", 4),
    "status": ("home", ".meeting-card .tag", 2),
}
# The first of each different sign, and where it is on the sheet.
BOXES = """([selector, width]) => {
    const found = {};
    for (const e of document.querySelectorAll(selector)) {
        const box = e.getBoundingClientRect();
        found[`${e.parentElement.className} ${e.className}`] ??=
            [box.x + scrollX, box.y + scrollY, width || box.width, box.height];
    }
    return found;
}"""
WAYS = [
    {"color_scheme": scheme, "forced_colors": forced}
    for scheme in ("light", "dark")
    for forced in ("none", "active")
]


def drawn(page, selector):
    """Return every different sign as it is drawn, in grey, by what names it."""
    sheet = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("L")
    # The words beside a dot would tell it apart: only the dot is looked at.
    boxes = page.evaluate(BOXES, [selector, 24 if selector.endswith("li") else 0])
    # With some paper around: a sign that is filled is no blank.
    return {
        name: sheet.crop((round(x) - 3, round(y) - 3, round(x + width) + 3, round(y + height) + 3))
        for name, (x, y, width, height) in boxes.items()
    }


def difference(one, other):
    """Return which part of two signs, laid over each other, is clearly lighter or darker."""
    size = max(one.width, other.width), max(one.height, other.height)
    laid = []
    for sign in (one, other):
        paper = Image.new("L", size, sign.getpixel((0, 0)))
        paper.paste(sign)
        laid.append(paper)
    apart = ImageChops.difference(*laid).point(lambda grey: 255 if grey > 48 else 0)
    return apart.histogram()[255] / (size[0] * size[1])


@pytest.mark.parametrize("what", SIGNS)
def test_signs_are_told_apart_without_colours(page, what):
    kind, selector, fewest = SIGNS[what]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(KINDS[kind])
    for way in WAYS:
        page.emulate_media(**way)

        signs = drawn(page, selector)

        alike = {
            (first, second): difference(signs[first], signs[second])
            for first, second in combinations(signs, 2)
            if difference(signs[first], signs[second]) < 0.02
        }
        lightness = {name: sign.getextrema() for name, sign in signs.items()}
        assert len(signs) >= fewest, way
        assert alike == {}, way
        assert [name for name, (low, high) in lightness.items() if low == high] == [], way


def test_difference_sees_what_differs():
    plain, marked = Image.new("L", (20, 20), 255), Image.new("L", (20, 20), 255)
    marked.paste(0, (0, 0, 10, 4))

    assert difference(plain, plain) == 0
    assert difference(marked, plain) == 0.1


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
