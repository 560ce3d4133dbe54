"""What a reference says of a work, whatever its form: a page of the record, or a source."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings

from ...models import Revised, Source

# Between names; "Jr." and its like belong to the name before.
BETWEEN_NAMES = re.compile(r"\s*;\s*|\s*,(?!\s*(?:Jr|Sr|II|III|IV)\b)\s*|\s+and\s+")


@dataclass(frozen=True)
class Form:
    """What a kind of work is called in CSL, RIS and BibTeX."""

    csl: str
    ris: str
    bibtex: str
    is_quoted: bool = False
    is_in_periodical: bool = False

    @property
    def is_report(self):
        return self.csl == "report"


WEB_PAGE = Form("webpage", "ELEC", "misc", is_quoted=True)
DOCUMENT = Form("document", "GEN", "misc", is_quoted=True)
REPORT = Form("report", "RPRT", "techreport")
FORMS = {
    Source.Kind.INTELLIGENCE_REPORT: REPORT,
    Source.Kind.ANALYSIS: REPORT,
    Source.Kind.TREATY: Form("treaty", "LEGAL", "misc"),
    Source.Kind.LAW: Form("legislation", "STAT", "misc"),
    Source.Kind.DATASET: Form("dataset", "DATA", "misc"),
    Source.Kind.NEWS: Form("article-newspaper", "NEWS", "article", True, True),
    Source.Kind.ARTICLE: Form("article-journal", "JOUR", "article", True, True),
    Source.Kind.BOOK: Form("book", "BOOK", "book"),
}


@dataclass(frozen=True)
class Work:
    """A work as a reference names it.

    ``key`` tells it from every other work of the site; ``is_living`` says that its text may
    change, so that the day it was read belongs to the reference.
    """

    key: str
    form: Form
    title: str
    authors: tuple[str, ...]
    publisher: str
    published: date | None
    read: date | None
    address: str
    language: str
    is_living: bool = False

    @property
    def credited(self):
        """Who stands in the author's place: the authors or, without one, the publisher."""
        return self.authors or ((self.publisher,) if self.publisher else ())

    @property
    def other_publisher(self):
        """The publisher, unless it stands in the author's place."""
        return "" if self.credited == (self.publisher,) else self.publisher

    @property
    def publisher_tag(self):
        """The name under which Google Scholar and Zotero look for the publisher in a page."""
        if self.form.is_in_periodical:
            return "citation_journal_title"
        return f"citation_{'technical_report_institution' if self.form.is_report else 'publisher'}"

    @property
    def read_if_needed(self):
        """The day it was read, where the reference needs it: no date tells which text it was."""
        return self.read if self.is_living or not self.published else None


def work_of(entry: Revised, *, changed: date | None, today: date) -> Work:
    """Return what a reference says: of a source the cited work itself, otherwise the page.

    ``changed`` is the day of the entry's last change, ``today`` the day it is read.
    """
    return source_work(entry) if isinstance(entry, Source) else page_work(entry, changed, today)


def page_work(entry: Any, changed: date | None, today: date) -> Work:
    """Return a page of the record as a work; its author is the record."""
    return Work(
        key=key_of(entry),
        form=WEB_PAGE,
        title=one_line(entry.page_title),
        authors=(one_line(settings.SITE_NAME),),
        publisher=one_line(settings.SITE_NAME),
        published=changed,
        read=today,
        address=settings.SITE_URL + entry.get_absolute_url(),
        language=settings.LANGUAGE_CODE[:2],
        is_living=True,
    )


def dataset_work(dataset: Any, *, changed: date | None, today: date) -> Work:
    """Return all data of the record as one work; ``dataset`` has a title and an address."""
    return replace(page_work(dataset, changed, today), form=FORMS[Source.Kind.DATASET])


def source_work(source: Source) -> Work:
    """Return the work that a source is; it was read on the day the record says, if it does."""
    address = source.url or source.archived_url
    return Work(
        key=key_of(source),
        form=FORMS.get(Source.Kind(source.kind), WEB_PAGE if address else DOCUMENT),
        title=one_line(source.title),
        authors=tuple(filter(None, BETWEEN_NAMES.split(one_line(source.authors)))),
        publisher=one_line(source.publisher),
        published=source.published,
        read=source.accessed,
        address=one_line(address),
        language=source.language,
    )


def key_of(entry: Any) -> str:
    """Return the address of a page as one word: meetings-geneva-1985."""
    return entry.get_absolute_url().strip("/").replace("/", "-") or str(entry.slug)


def one_line(text: str) -> str:
    """Return a text without what any reader of files takes for the end of a line."""
    return " ".join(filter(None, (line.strip() for line in text.splitlines())))
