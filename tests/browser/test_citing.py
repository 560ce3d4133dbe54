"""An editor cites sources in a text: from the keyboard, and one that is not in the record yet."""

import pytest

from meetings.models import Revision, Source
from meetings.search import index

from .conftest import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SLUG = "a-source-to-cite-in-a-test"
FOUND = "#source-picker [aria-selected=true]"


@pytest.fixture
def text(browser, site, session):
    """The text of a new issue, in the form of an editor on a narrow screen."""
    context = signed_in(browser, site, session, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto("/admin/meetings/issue/add/")
    yield page.get_by_label("Body")
    context.close()
    for source in Source.objects.filter(slug=SLUG):
        index.remove(Source, [source.pk])
        Revision.objects.of(source).delete()
        source.delete()


def test_source_is_cited_and_undone_from_the_keyboard(text):
    page, source = text.page, Source.objects.exclude(publisher="").first()
    text.press_sequentially("They met @")
    page.keyboard.type(source.slug)
    page.get_by_role("option", selected=True).filter(has_text=source.slug).wait_for()

    page.keyboard.press("Enter")

    assert text.input_value() == f"They met [@{source.slug}]"
    below = page.locator(".cited").filter(has_text="1 source cited")
    assert source.title in below.text_content(timeout=5_000)
    page.keyboard.type(".")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert text.input_value() == "They met @"


def test_marker_that_is_begun_is_finished(text):
    page = text.page
    first, second = Source.objects.order_by("-pk")[:2]
    text.press_sequentially("So [@")
    page.locator(FOUND).wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("; @")
    page.locator(FOUND).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    assert text.input_value() == f"So [@{first.slug}; @{second.slug}]"


def test_at_sign_can_be_typed_all_the_same(text):
    text.press_sequentially("To ada@example.org and @")
    text.page.locator(FOUND).wait_for()
    text.page.keyboard.press("Escape")
    text.page.keyboard.type(" home.")

    assert text.input_value() == "To ada@example.org and @ home."


def test_new_source_is_added_and_cited_from_the_keyboard(text):
    page = text.page
    text.press_sequentially("They met @")
    page.keyboard.insert_text("https://example.org/nowhere/else")
    page.keyboard.press("Enter")
    title = page.get_by_role("form", name="Add a new source").get_by_label("Title:")
    title.wait_for()
    page.keyboard.type("A source to cite in a test")
    page.keyboard.press("Enter")

    page.get_by_text("1 source cited").wait_for()

    assert text.input_value() == f"They met [@{SLUG}]"
    source = Source.objects.get(slug=SLUG)
    assert (source.url, source.kind) == ("https://example.org/nowhere/else", "news")
    assert not page.locator("#source-picker").is_visible()


def test_source_that_may_be_there_already_is_shown_to_be_chosen(text):
    page, stored = text.page, Source.objects.exclude(url="").first()
    text.press_sequentially("They met @")
    page.get_by_role("button", name="Add a new source").click()
    page.get_by_role("form", name="Add a new source").get_by_label("Title:").fill(stored.title)
    page.get_by_role("button", name="Add and cite").click()
    page.get_by_text("one already that may be the same").wait_for()

    page.get_by_role("option").filter(has_text=stored.slug).click()

    assert text.input_value() == f"They met [@{stored.slug}]"


def test_new_source_is_added_with_all_its_fields_without_leaving_the_text(text):
    page = text.page
    text.press_sequentially("They met")
    text.locator("..").get_by_role("button", name="Cite a source").click()
    page.get_by_role("button", name="Add a new source").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Add one with all its fields").click()
    window = opened.value
    window.get_by_label("Slug").fill(SLUG)
    window.get_by_label("Title:").fill("A source")
    window.get_by_label("Kind:", exact=True).select_option("news")
    window.get_by_role("button", name="Save").click()

    page.get_by_text("1 source cited").wait_for()

    assert text.input_value() == f"They met [@{SLUG}]"
