"""The filters of a list: folded where there is little room, always open where there is more."""

import pytest

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LIST = KINDS["reactions"]
IN_VIEW = """e => { const b = e.getBoundingClientRect();
    return 0 <= b.top && b.bottom <= innerHeight; }"""


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False}


def form(page):
    return page.locator(".filter-form > details")


@pytest.mark.parametrize("width", [360, 768])
def test_results_are_in_view_once_filters_are_applied_on_a_narrow_screen(page, width):
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(LIST)
    critical = page.get_by_role("checkbox", name="Critical")
    assert not critical.is_visible()

    page.locator(".filter-form > details > summary").focus()
    page.keyboard.press("Enter")
    critical.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Apply filters").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{LIST}?stance=critical")

    assert not critical.is_visible()
    assert form(page).locator("> summary").inner_text() == "Filters (1 on)"
    assert page.get_by_role("status").evaluate(IN_VIEW)


def test_filters_are_open_where_there_is_room_and_stay_so(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    for address in (LIST, f"{LIST}?stance=critical"):
        page.goto(address)

        critical = page.get_by_role("checkbox", name="Critical")
        assert critical.is_visible()
        assert critical.is_checked() is ("?" in address)
        assert not form(page).locator("> summary").is_visible()
    critical.focus()
    page.keyboard.press("Space")
    assert not critical.is_checked()
