"""What Zotero makes of a page: a reading of the published rules of its translators.

Read in github.com/zotero/translators at 2814370 of 26 June 2026 (COinS 2021-06-01 with priority
310, Embedded Metadata 2026-04-27 with 320, RDF 2026-06-19, RIS) and github.com/zotero/utilities at
4051881 (``openurl.js``). Only the fields that the record gives are read.
"""

import re
from urllib.parse import unquote

from tests.reading import Page

FORMATS = {
    "info:ofi/fmt:kev:mtx:journal": "journalArticle",
    "info:ofi/fmt:kev:mtx:book": "book",
    "info:ofi/fmt:kev:mtx:dc": "webpage",
}
GENRES = {"report": "report", "bookitem": "bookSection", "document": "document"}
# Types of items that may stand in rft.type.
TYPES = {
    *("book", "dataset", "document", "journalArticle", "newspaperArticle"),
    *("report", "statute", "webpage"),
}
# importTypeMap of RIS, and exportTypeMap the other way round.
RIS_TYPES = {
    "BOOK": "book",
    "DATA": "dataset",
    "ELEC": "webpage",
    "GEN": "journalArticle",
    "GOVDOC": "report",
    "JOUR": "journalArticle",
    "LEGAL": "case",
    "NEWS": "newspaperArticle",
    "RPRT": "report",
    "STAT": "statute",
}


def items(page: Page) -> list[dict]:
    """Return what Zotero saves of a page: the references in it, or without one the page itself."""
    spans = [span for span in page.named("span") if span.get("class") == "Z3988"]
    found = [context_object(span.get("title")) for span in spans]
    return found or [embedded(page)]


def context_object(text: str) -> dict:
    """Return the item of a ContextObject (``parseContextObject``)."""
    parts = [part.split("=") for part in text.split("&")]
    # A second = in a part, or none, would be lost or an error there.
    values = [(key, unquote(re.sub(r"\+|%2[bB]", " ", value))) for key, value in parts]
    given = dict(values)
    kind = FORMATS[given["rft_val_fmt"]]
    if kind == "book":
        kind = GENRES.get(given.get("rft.genre", ""), "book")
    if given.get("rft.type") in TYPES:
        kind = given["rft.type"]
    title = {"journalArticle": "rft.atitle", "book": "rft.btitle", "report": "rft.btitle"}
    where = {"journalArticle": "rft.jtitle", "newspaperArticle": "rft.source"}
    address = given.get("rft_id", "")
    return {
        "type": kind,
        "title": given[title.get(kind, "rft.title")],
        "authors": [value for key, value in values if key == "rft.au"],
        "where": given.get(where.get(kind, "rft.publisher"), ""),
        "date": given.get("rft.date", ""),
        "url": address if re.match("https?://", address) else "",
        "language": given.get("rft.language", ""),
    }


def embedded(page: Page) -> dict:
    """Return the item of a page's meta elements (Embedded Metadata, with the types of RDF)."""
    meta: dict[str, list[str]] = {}
    for element in page.named("meta"):
        if name := element.get("name") or element.get("property"):
            meta.setdefault(name, []).append(element.get("content"))

    def first(*names: str) -> str:
        return next((meta[name][0] for name in names if name in meta), "")

    known = {"website": "webpage", "book": "book"}.get(first("og:type"))
    guessed = "journalArticle" if "citation_title" in meta else "webpage"
    kind = known or guessed
    if "citation_journal_title" in meta:
        kind = "journalArticle"
    elif "citation_technical_report_institution" in meta:
        kind = "report"
    times = [e.get("datetime") for e in page.named("time") if e.get("datetime")]
    dates = ("citation_publication_date", "og:published_time", "article:published_time", "dc.date")
    bylines = [value for value in page.values("class") if re.search("byline|vcard", value)]
    return {
        "type": kind,
        "title": first("citation_title", "og:title"),
        "authors": meta.get("citation_author", meta.get("author", [])) + bylines,
        "where": first("citation_journal_title", "og:site_name"),
        "date": first(*dates, "citation_online_date") or next(iter(times), ""),
        "url": first("citation_public_url", "og:url"),
        "language": first("citation_language") or page.named("html")[0].get("lang"),
        "rights": first("dc.rights"),
    }
