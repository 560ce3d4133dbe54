"""The theme a reader chooses in the footer, without JavaScript, against the system's."""

import pytest
from playwright.sync_api import expect

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LIGHT, DARK = "rgb(252, 251, 248)", "rgb(20, 23, 26)"


@pytest.fixture
def browser_context_args(browser_context_args):
    # No scripts of the page; what the test asks the browser itself still runs.
    return {**browser_context_args, "java_script_enabled": False}


def expect_paper(page, colour):
    expect(page.locator("body")).to_have_css("background-color", colour)


def test_pages_follow_the_system(page):
    page.emulate_media(color_scheme="light")
    page.goto("/")

    expect_paper(page, LIGHT)
    page.emulate_media(color_scheme="dark")
    expect_paper(page, DARK)


@pytest.mark.parametrize(
    ("system", "before", "choice", "after"),
    [("light", LIGHT, "Dark", DARK), ("dark", DARK, "Light", LIGHT)],
)
def test_choice_goes_before_the_system_until_it_is_taken_back(page, system, before, choice, after):
    page.emulate_media(color_scheme=system)
    page.goto(KINDS["meetings filtered"])
    address = page.url
    expect_paper(page, before)

    page.get_by_role("button", name=choice, exact=True).click()

    expect_paper(page, after)
    assert page.url == address
    page.goto("/issues/")
    expect_paper(page, after)
    page.get_by_role("button", name="Auto", exact=True).click()
    expect_paper(page, before)
