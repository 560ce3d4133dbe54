"""Every public page is sound HTML5: it parses, its headings are in order, its anchors have ends."""

import re

import pytest
from django.db import connection

from .addresses import pages as html_pages
from .browser.kinds import KINDS, status
from .content import record as record
from .content import withdraw_one
from .nu import check
from .pages import OWN, keep
from .reading import read, refused
from .walk import visit

pytestmark = pytest.mark.django_db

ALONE = ("/errors/500/", "/errors/503/")
# What a visitor meets without a link to it.
ASTRAY = ("/meetings/nowhere/", "/meetings/?event_status=angry", "/issues/?meeting=no")


@pytest.fixture(scope="module")
def texts(record):
    """Return the HTML of every public page of the content, and of what can go wrong, by address."""
    withdraw_one()
    addresses = dict.fromkeys([*html_pages(), *KINDS.values(), *ASTRAY])
    found = {address: visit(address).content.decode() for address in addresses}
    keep(found, connection.vendor)
    return found


@pytest.fixture(scope="module")
def pages(texts):
    """Return those pages as a parser reads them; on PostgreSQL only what may differ there.

    All others are compared with SQLite's byte for byte, at the end of both runs.
    """
    everywhere = connection.vendor == "sqlite"
    return [
        read(address, html)
        for address, html in texts.items()
        if everywhere or address.startswith(OWN)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_is_what_it_says(client, kind):
    """Otherwise the checks over kinds would look at something else."""
    withdraw_one()

    answer = client.get(KINDS[kind])

    assert answer.status_code == status(kind)
    assert answer["Content-Type"] == "text/html; charset=utf-8"


def test_reader_finds_what_is_wrong():
    """The parser keeps its errors to itself unless asked."""
    page = read("/", "<!doctype html><title>x</title><h1 id=a>x</h1><h3 id=a>x</h3></div>")

    assert page.errors
    assert page.skipped_levels == [(1, 3)]
    assert page.repeated_ids == ["a"]


def test_independent_checker_reads_what_is_wrong(tmp_path):
    (tmp_path / "page.html").write_text("<!doctype html><html lang=en><title>x</title><b><p></b>")

    assert "p" in " ".join(check(tmp_path))


@pytest.mark.parametrize(
    "is_whole", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["kinds", "every page"]
)
def test_independent_checker_finds_nothing(texts, tmp_path, is_whole):
    for number, address in enumerate(texts if is_whole else KINDS.values()):
        words = re.sub(r"\W+", "-", address)
        (tmp_path / f"{number}{words[:100]}.html").write_text(texts[address])

    assert check(tmp_path) == []


def test_pages_parse_without_errors(pages, texts):
    assert len(texts) > 500
    assert pages
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
        # The pages for our own faults load nothing: their style is in them, allowed by its hash.
        styles = [] if page.address in ALONE else page.named("style")
        return scripts + styles + page.values("style") + handlers

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
