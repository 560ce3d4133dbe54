"""References within a page, which Zotero and others find there: COinS.

An OpenURL ContextObject in a span (NISO Z39.88-2004, ocoins.info); of formats other than those for
journals and books Zotero reads ``rft.type`` as one of its own types of items.
"""

from urllib.parse import quote, urlencode

from .works import Work

DUBLIN_CORE = "info:ofi/fmt:kev:mtx:dc"
JOURNAL, BOOK = "info:ofi/fmt:kev:mtx:journal", "info:ofi/fmt:kev:mtx:book"
# Format and genre of what has a format of its own, with the names of title and publisher there.
FORMATS = {
    "journalArticle": (JOURNAL, "article", "atitle", "jtitle"),
    "report": (BOOK, "report", "btitle", "publisher"),
    "book": (BOOK, "book", "btitle", "publisher"),
}


def coins(work: Work) -> str:
    """Return the ContextObject of a work, for the title of a span with the class Z3988."""
    kind = work.type.zotero
    where = "source" if work.type.is_in_periodical else "publisher"
    form, genre, title, where = FORMATS.get(kind, (DUBLIN_CORE, "", "title", where))
    values = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", form),
        ("rft.genre", genre),
        ("rft.type", "" if genre else kind),
        (f"rft.{title}", work.title),
        (f"rft.{where}", work.publisher),
        *(("rft.au", name) for name in work.personal_authors),
        ("rft.date", work.date_words),
        ("rft.language", work.language),
        ("rft_id", work.address),
    ]
    # Zotero splits at = and reads a plus as a space.
    return urlencode([pair for pair in values if pair[1]], quote_via=quote, safe="")
