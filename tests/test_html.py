"""Every public page is sound HTML5: it parses, its headings are in order, its anchors have ends."""

import os
import re
from html import unescape

import pytest
from django.db import connection

from meetings.models import Milestone

from .addresses import details, few_of_each_kind, lists
from .browser.kinds import KINDS, status
from .content import WITHDRAWN, withdraw_one
from .content import record as record
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
    """Return the HTML of public pages of the content, and of what can go wrong, by address.

    Sixty of each kind of row, in ``make soak`` all.
    """
    withdraw_one()
    most = None if os.environ.get("SOAK") else 60
    addresses = dict.fromkeys(
        [*lists(), *few_of_each_kind(details(), most), *KINDS.values(), *ASTRAY]
    )
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


# On PostgreSQL they are the same, byte for byte.
@pytest.mark.one_database
@pytest.mark.parametrize(
    "is_whole", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["kinds", "every page"]
)
def test_independent_checker_finds_nothing(texts, tmp_path, is_whole):
    for number, address in enumerate(texts if is_whole else KINDS.values()):
        words = re.sub(r"\W+", "-", address)
        (tmp_path / f"{number}{words[:100]}.html").write_text(texts[address])

    assert check(tmp_path) == []


def test_pages_parse_without_errors(pages, texts):
    assert len(texts) > 400
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


def description(html):
    """Return the words by which a page describes itself."""
    return unescape(re.search('<meta name="description" content="([^"]*)">', html)[1])


def described(texts):
    """Return the descriptions of all pages that are no answer to a fault, by address."""
    faults = ("/errors/", *ASTRAY, WITHDRAWN, "/nowhere/")
    return {
        address: description(html)
        for address, html in texts.items()
        if html and not address.startswith(faults)
    }


def test_pages_describe_themselves_in_a_sentence_or_two(texts):
    found = described(texts)

    assert len(found) > 400
    assert {a: words for a, words in found.items() if not 40 <= len(words) <= 300} == {}
    assert {a: words for a, words in found.items() if re.search(r"\[@|\*\*|<|  ", words)} == {}


def test_no_two_entries_have_the_same_description(texts):
    of_entries = {a: words for a, words in described(texts).items() if "?" not in a}

    assert len(set(of_entries.values())) == len(of_entries)


def test_citations_have_the_title_of_the_page(texts):
    """Without the name of the kind before it."""
    cited = re.compile('<meta name="citation_title" content="([^"]*)">')
    names = ["Reaction", "Issue", "Theme", "Person", "Organisation", "Place"]
    kinds = f"(?:{'|'.join(map(str, [*names, *Milestone.Kind.labels]))}): "
    titles = {
        address: (work[1], re.sub(f"^{kinds}", "", re.search("<title>(.*) – ", html)[1]))
        for address, html in texts.items()
        if (work := cited.search(html)) and "?" not in address
        # A source is cited by its own title, and the data by that of the record.
        if not address.startswith(("/sources/", "/data/"))
    }

    assert len(titles) > 200
    assert {a: pair for a, pair in titles.items() if pair[0] != pair[1]} == {}
