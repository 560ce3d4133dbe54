"""A meeting on paper, and in a reader's own colours."""

import io
from collections import Counter
from datetime import UTC, datetime

import pdfplumber
import pytest

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAPER = 672  # A4 between its margins, in CSS pixels.
# A4 is the narrower one.
# A font has one glyph for a quotation mark and for the letter of its shape; a PDF names the letter.
QUOTATION_MARKS = str.maketrans("\u02bb\u02bc", "\u2018\u2019")
PAPERS = ["A4", pytest.param("Letter", marks=pytest.mark.soak)]


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
        assert not any(e.is_visible() for e in page.locator(hidden).all()), hidden


def test_filters_are_left_out_on_paper_and_the_table_is_whole(page):
    page.emulate_media(media="print")
    page.goto(KINDS["reactions"])
    assert not page.locator(".filter-form").is_visible()

    page.goto(KINDS["issues by meeting"])
    assert page.locator(".matrix").is_visible()
    assert len(page.pdf(format="A4")) > 10_000


def on_paper(page, address, paper):
    """Return a page's words as a reader of PDF finds them, after checking that no edge cuts any."""
    page.emulate_media(media="print")
    page.goto(address)
    with pdfplumber.open(io.BytesIO(page.pdf(format=paper, prefer_css_page_size=True))) as document:
        texts = []
        for sheet in document.pages:
            beyond = [c["text"] for c in sheet.chars if c["x0"] < 0 or c["x1"] > sheet.width]
            assert beyond == []
            texts.append(sheet.extract_text())
        return "\n".join(texts).translate(QUOTATION_MARKS)


def lacking(page, text):
    """Return what the page shows and a text does not have, in letters: columns change the order."""
    page.evaluate("() => document.querySelectorAll('.visually-hidden').forEach(e => e.remove())")
    shown = "".join(page.locator("main").inner_text().split())
    assert len(shown) > 500
    return Counter(shown) - Counter("".join(text.split()))


@pytest.mark.parametrize("paper", PAPERS)
def test_fullest_meeting_is_whole_on_paper_with_the_addresses_of_its_sources(page, paper):
    text = on_paper(page, KINDS["meeting"], paper)

    links = page.locator(".notes a[data-address]").all()
    sources = {link.get_attribute("data-address") for link in links}
    assert len(sources) > 20
    assert {source for source in sources if source not in "".join(text.split())} == set()
    assert lacking(page, text) == Counter()


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", ["issues by meeting", "home", "reactions", "sources"])
def test_lists_and_the_table_are_whole_on_paper(page, kind, paper):
    text = on_paper(page, KINDS[kind], paper)

    assert lacking(page, text) == Counter()
    # No word of a table is broken.
    cells = page.locator(".matrix :is(th, td)").all_inner_texts()
    assert {word for cell in cells for word in cell.split()} - set(text.split()) == set()
    assert kind not in {"issues by meeting", "home"} or len(cells) > 100


def test_every_reaction_stands_on_paper_and_only_there_beyond_the_first(page):
    page.goto(KINDS["meeting"])
    said = sum(
        int(text.split()[0])
        for text in page.locator("#reactions .group-head .meta").all_inner_texts()
    )
    lines = page.locator("#reactions .reaction-line")
    further = page.locator("#reactions .on-paper li")

    assert said == lines.count() + further.count() > lines.count()
    assert not any(item.is_visible() for item in further.all())
    page.emulate_media(media="print")
    assert all(item.is_visible() for item in further.all())
    assert not page.get_by_text("All reactions to this meeting").first.is_visible()


def test_paper_ends_with_the_address_and_the_day(page, settings):
    began = datetime.now(UTC)
    page.goto(KINDS["meeting"])
    printed = page.locator(".printed")
    on_screen = printed.is_visible()

    page.emulate_media(media="print")

    # At midnight the day changes on the way.
    days = {f"{moment:%-d %B %Y}" for moment in (began, datetime.now(UTC))}
    start = f"{settings.SITE_URL}{KINDS['meeting']}, printed "
    assert not on_screen
    assert printed.inner_text() in {start + day for day in days}
    assert page.locator("body").inner_text().rstrip().endswith(printed.inner_text())


@pytest.mark.parametrize("kind", ["meeting", "reaction", "home"])
def test_everything_is_open_on_paper(page, kind):
    page.emulate_media(media="print")
    page.goto(KINDS[kind])

    shut = page.evaluate(
        """() => [...document.querySelectorAll('details:not([open]) > :not(summary)')]
            .filter(e => e.parentElement.checkVisibility())
            .filter(e => !e.checkVisibility({contentVisibilityAuto: true})).length"""
    )

    assert shut == 0
