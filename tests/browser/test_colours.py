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
WAYS = [
    {"color_scheme": scheme, "forced_colors": forced}
    for scheme in ("light", "dark")
    for forced in ("none", "active")
]


def drawn(page, selector):
    """Return every different sign as it is drawn, in grey, by what names it."""
    signs = {}
    for element in page.locator(selector).all():
        name = element.evaluate("e => `${e.parentElement.className} ${e.className}`")
        if name in signs:
            continue
        box = element.bounding_box()
        # The words beside a dot would tell it apart: only the dot is looked at.
        width = 24 if selector.endswith("li") else box["width"]
        # With some paper around: a sign that is filled is no blank.
        clip = {
            "x": box["x"] - 3,
            "y": box["y"] - 3,
            "width": width + 6,
            "height": box["height"] + 6,
        }
        picture = page.screenshot(clip=clip, full_page=True)
        signs[name] = Image.open(io.BytesIO(picture)).convert("L")
    return signs


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


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(way.values()))
@pytest.mark.parametrize("what", SIGNS)
def test_signs_are_told_apart_without_colours(page, what, way):
    kind, selector, fewest = SIGNS[what]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(**way)
    page.goto(KINDS[kind])

    signs = drawn(page, selector)

    alike = {
        (first, second): difference(signs[first], signs[second])
        for first, second in combinations(signs, 2)
        if difference(signs[first], signs[second]) < 0.02
    }
    blank = [name for name, sign in signs.items() if sign.getextrema()[0] == sign.getextrema()[1]]
    assert len(signs) >= fewest
    assert alike == {}
    assert blank == []


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
