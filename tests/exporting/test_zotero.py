"""What Zotero saves of every page: a page as a page of this site, a source as what it is."""

import json
from collections import Counter
from pathlib import Path

import pytest
import rispy
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from django.conf import settings
from pybtex.backends.plaintext import Backend
from pybtex.database import parse_string
from pybtex.style.formatting.unsrt import Style

from meetings.exporting.bibliography import FILE_FORMATS, coins, source_work
from meetings.models import Actor, Issue, Meeting, Milestone, Place, Reaction, Source, Theme
from tests.content import record as record
from tests.reading import read

from .zotero import RIS_TYPES, context_object, items

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

STYLES = ("harvard-cite-them-right", "american-political-science-association", "ieee")
DATA = Path(__file__).parent.parent / "data"
ENTRIES = (Meeting, Issue, Reaction, Theme, Milestone, Actor, Place)
SOURCE_TYPES = {
    "transcript": "webpage",
    "official_statement": "webpage",
    "intelligence_report": "report",
    "treaty": "statute",
    "law": "statute",
    "dataset": "dataset",
    "news": "newspaperArticle",
    "analysis": "report",
    "article": "journalArticle",
    "book": "book",
}


def saved(client, address):
    return items(read(address, client.get(address).content.decode()))


@pytest.fixture(scope="module")
def sources(record, django_db_blocker):
    with django_db_blocker.unblock():
        return list(Source.objects.published())


@pytest.mark.parametrize("model", ENTRIES)
def test_page_is_saved_as_a_web_page_of_this_site_and_of_nobody(client, model):
    row = model.objects.published().order_by("slug").first()
    address = row.get_absolute_url()

    (item,) = saved(client, address)

    assert (item["type"], item["title"]) == ("webpage", row.page_title)
    assert (item["authors"], item["where"]) == ([], settings.SITE_NAME)
    # The fixed revision, where the page has any.
    assert item["url"].startswith(settings.SITE_URL + address)
    assert item["date"][:2] == "20"
    assert (item["language"], item["rights"][:28]) == ("en", "https://creativecommons.org/")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/", settings.SITE_NAME),
        ("/meetings/", "Meetings"),
        ("/timeline/", "Timeline"),
        ("/reactions/", "Reactions"),
        ("/about/", None),
    ],
)
def test_list_is_saved_as_a_page_with_the_day_of_the_record(client, address, title):
    (item,) = saved(client, address)

    assert (item["type"], item["authors"]) == ("webpage", [])
    assert title is None or item["title"] == title
    assert item["date"].replace("/", "-") > "2026"
    assert item["url"].startswith(settings.SITE_URL + address)


def test_data_are_saved_as_a_dataset(client):
    (item,) = saved(client, "/data/")

    assert (item["type"], item["authors"]) == ("dataset", [])
    assert item["url"] == f"{settings.SITE_URL}/data/"


def test_every_source_is_saved_as_what_it_is(sources):
    for source in sources:
        item = context_object(coins(source_work(source)))

        kind, address = SOURCE_TYPES[source.kind], source.url or source.archived_url
        assert item["type"] == ("document" if kind == "webpage" and not address else kind)
        assert item["title"].strip("[]") == source.title.replace("+", " ").strip("[]")
        assert ", ".join(item["authors"]) == source.authors.replace("; ", ", ").replace(
            " and ", ", "
        )
        assert item["where"] == source.publisher.replace("+", " ")
        assert item["url"] == address.replace("+", " ")
        assert item["language"] == source.language
        assert str(source.published.year if source.published else "") in item["date"]


def test_page_of_a_source_and_list_of_sources_offer_the_sources(client):
    source = Source.objects.published().filter(kind="news").order_by("slug").first()

    (item,) = saved(client, source.get_absolute_url())
    listed = saved(client, "/sources/")

    assert (item["type"], item["url"]) == ("newspaperArticle", source.url or source.archived_url)
    assert len(listed) == 50


def test_zotero_reads_every_source_in_ris_as_what_it_is(sources):
    read_back = rispy.loads("".join(FILE_FORMATS["ris"].pieces(map(source_work, sources))))

    for source, entry in zip(sources, read_back, strict=True):
        kind = SOURCE_TYPES[source.kind]
        if kind == "webpage" and not (source.url or source.archived_url):
            # Zotero has no type for a document in RIS.
            kind = "report"
        assert RIS_TYPES[entry["type_of_reference"]] == kind


def test_pybtex_takes_every_reference(sources):
    text = "".join(FILE_FORMATS["bib"].pieces(map(source_work, sources)))

    found = parse_string(text, "bibtex")
    listed = list(Style().format_entries(found.entries.values()))

    assert len(found.entries) == len(listed) == len(sources)
    assert all(entry.text.render(Backend()) for entry in listed)


@pytest.mark.parametrize("style", STYLES)
def test_citeproc_takes_every_reference(sources, style):
    listed = json.loads("".join(FILE_FORMATS["csl.json"].pieces(map(source_work, sources))))
    own = DATA / f"{style}.csl"
    rules = CitationStylesStyle(str(own) if own.exists() else style, validate=False)

    found = CitationStylesBibliography(rules, CiteProcJSON(listed), formatter.plain)
    for item in listed:
        found.register(Citation([CitationItem(item["id"])]))

    lines = [str(line) for line in found.bibliography()]
    assert len(lines) == len(sources)
    assert Counter(item["id"] for item in listed).most_common(1)[0][1] == 1
