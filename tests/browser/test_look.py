"""How the pages look, measured: numerals, columns, signs, and what gives way when it is narrow."""

import pytest

from meetings.models import Meeting
from meetings.templatetags.record import account_name

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# The width of some figures in an element's own font, as they stand there and as asked for.
FIGURES = """([selector, numeric]) => {
    const span = document.createElement('span');
    span.textContent = '3454 7890';
    span.style.cssText = `white-space: nowrap; font-size: 100px; font-variant-numeric: ${numeric}`;
    document.querySelector(selector).append(span);
    const width = span.getBoundingClientRect().width;
    span.remove();
    return width;
}"""
OLD, LINING = "oldstyle-nums proportional-nums", "lining-nums proportional-nums"


def figures(page, selector, numeric="inherit"):
    return page.evaluate(FIGURES, [selector, numeric])


@pytest.mark.parametrize(
    ("selector", "own", "other"), [("#summary p", OLD, LINING), ("h1", LINING, OLD)]
)
def test_numerals_are_old_style_in_running_text_and_lining_in_headings(page, selector, own, other):
    page.goto(KINDS["meeting"])
    page.evaluate("document.fonts.ready")

    assert figures(page, selector) == figures(page, selector, own)
    assert figures(page, selector) != figures(page, selector, other)


COLUMNS = """() => [...document.querySelectorAll('.matrix tbody tr:first-child > *')]
    .map(cell => cell.getBoundingClientRect().width)"""
ROOM = "wrap => [wrap.clientWidth, wrap.scrollWidth]"


def test_columns_of_the_table_are_fixed_and_those_of_the_meetings_equal(page):
    page.goto(KINDS["issues by meeting"])
    fixed = set()
    for width in (1280, 768, 360):
        page.set_viewport_size({"width": width, "height": 900})

        issue, *meetings, total = page.evaluate(COLUMNS)

        room, whole = page.locator(".matrix-wrap").evaluate(ROOM)
        fixed.add((round(issue), round(total)))
        assert max(meetings) - min(meetings) <= 1
        assert issue + sum(meetings) + total == pytest.approx(whole, abs=2)
        assert page.locator(".matrix-how").is_visible() == (whole > room)
    assert len(fixed) == 1


def test_issues_stay_in_place_while_the_table_is_moved_by_keyboard(page):
    page.set_viewport_size({"width": 768, "height": 900})
    page.goto(KINDS["issues by meeting"])
    wrap = page.get_by_role("region", name="Table of issues by meeting")
    before = page.locator(".matrix tbody th").first.bounding_box()["x"]

    wrap.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(50)

    assert wrap.evaluate("wrap => wrap.scrollLeft") > 100
    assert page.locator(".matrix tbody th").first.bounding_box()["x"] == before


def test_no_word_in_the_head_of_a_column_is_cut_off(page):
    page.set_viewport_size({"width": 768, "height": 900})
    page.goto(KINDS["issues by meeting"])

    cut = page.evaluate(
        """() => [...document.querySelectorAll('.matrix thead th')]
            .filter(head => head.scrollWidth > head.clientWidth + 1).map(head => head.innerText)"""
    )

    assert cut == []


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (640, True), (620, False)])
@pytest.mark.parametrize("kind", ["meeting", "issue"])
def test_accounts_stand_side_by_side_from_40_rem_and_else_in_the_same_order(
    page, kind, width, beside
):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(KINDS[kind])
    pairs = page.locator(".discussion .sides")
    orders = {tuple(map(account_name, m.governments)) for m in Meeting.objects.published()}

    assert pairs.count() > 1
    for pair in pairs.all():
        first, second = (pair.locator("> .account").nth(n).bounding_box() for n in range(2))
        heads = pair.get_by_role("heading").all_inner_texts()
        assert tuple(heads) in orders
        assert (first["y"] == second["y"]) == beside
        if beside:
            assert first["width"] == pytest.approx(second["width"], abs=1)
            assert first["x"] < second["x"]
        else:
            assert first["y"] < second["y"]


def test_each_stance_has_a_sign_of_its_own(page):
    page.goto(KINDS["reactions"])
    looks = page.evaluate(
        """() => [...document.querySelectorAll('.stance-counts .stance-sign')].map(sign => {
            const style = getComputedStyle(sign);
            return [sign.textContent, style.borderTopStyle, style.backgroundColor,
                style.backgroundImage.slice(0, 8)].join();
        })"""
    )

    assert len(set(looks)) == 4
    assert [look[0] for look in looks] == ["+", "−", "±", "·"]
    assert [look.split(",")[1] for look in looks] == ["solid", "solid", "solid", "dotted"]
