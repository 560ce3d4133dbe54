"""Every public page is sound HTML5: it parses, its headings are in order, its anchors have ends."""

import pytest
from django.test import Client

from .addresses import pages as html_pages
from .content import record as record
from .reading import read, refused

pytestmark = pytest.mark.django_db

# What a visitor meets without a link to it.
ASTRAY = ("/nowhere/", "/meetings/nowhere/", "/meetings/?event_status=angry", "/issues/?meeting=no")


@pytest.fixture(scope="module")
def pages(record):
    """Return every public HTML page of the content, read once."""
    client = Client()
    walked = [*html_pages(), *ASTRAY]
    return [read(address, client.get(address).content.decode()) for address in walked]


def test_reader_finds_what_is_wrong():
    """The parser keeps its errors to itself unless asked."""
    page = read("/", "<!doctype html><title>x</title><h1 id=a>x</h1><h3 id=a>x</h3></div>")

    assert page.errors
    assert page.skipped_levels == [(1, 3)]
    assert page.repeated_ids == ["a"]


def test_pages_parse_without_errors(pages):
    assert len(pages) > 500
    assert refused(pages, lambda page: page.errors) == {}


def test_pages_have_one_main_heading(pages):
    assert refused(pages, lambda page: page.levels.count(1) != 1) == {}


def test_headings_skip_no_level(pages):
    assert refused(pages, lambda page: page.skipped_levels) == {}


def test_ids_are_unique(pages):
    assert refused(pages, lambda page: page.repeated_ids) == {}


@pytest.mark.parametrize(
    ("attribute", "sign"),
    [("href", "#"), ("for", ""), ("aria-labelledby", ""), ("aria-describedby", "")],
)
def test_references_within_a_page_have_their_target(pages, attribute, sign):
    def dangling(page):
        ids = set(page.values("id"))
        texts = [text for text in page.values(attribute) if text.startswith(sign)]
        return [
            name for text in texts for name in text.removeprefix(sign).split() if name not in ids
        ]

    assert refused(pages, dangling) == {}


def test_pages_say_their_language(pages):
    assert refused(pages, lambda page: page.elements[0].get("lang") != "en") == {}


def test_pages_have_no_script_and_no_style_of_their_own(pages):
    def inline(page):
        handlers = [name for e in page.elements for name in e.attrib if name.startswith("on")]
        # A block of data (JSON-LD) is a script in name only: it has no address and is not run.
        scripts = [e for e in page.named("script") if e.attrib != {"type": "application/ld+json"}]
        return scripts + page.named("style") + page.values("style") + handlers

    assert refused(pages, inline) == {}


def test_form_fields_have_a_label(pages):
    def unlabelled(page):
        labels = page.named("label")
        inside = {id(inner) for label in labels for inner in label.iter()}
        fields = page.named("input", "select", "textarea")
        return [
            element.get("name")
            for element in fields
            if element.get("type") != "hidden"
            and element.get("id") not in page.values("for")
            and id(element) not in inside
        ]

    assert refused(pages, unlabelled) == {}
