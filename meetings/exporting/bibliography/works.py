"""Works as references name them, whatever the style: a page of the record, or a source."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings

from ...models import Source, VersionedModel

# Between names; "Jr." and its like belong to the name before.
NAME_SEPARATOR = re.compile(r"\s*;\s*|\s*,(?!\s*(?:Jr|Sr|II|III|IV)\b)\s*|\s+and\s+")


@dataclass(frozen=True)
class WorkType:
    """Type of a work by its names in CSL, RIS and BibTeX."""

    csl: str
    ris: str
    bibtex: str
    is_quoted: bool = False
    is_in_periodical: bool = False

    @property
    def is_report(self):
        return self.csl == "report"


WEB_PAGE = WorkType("webpage", "ELEC", "misc", is_quoted=True)
DOCUMENT = WorkType("document", "GEN", "misc", is_quoted=True)
REPORT = WorkType("report", "RPRT", "techreport")
WORK_TYPES = {
    Source.Kind.INTELLIGENCE_REPORT: REPORT,
    Source.Kind.ANALYSIS: REPORT,
    Source.Kind.TREATY: WorkType("treaty", "LEGAL", "misc"),
    Source.Kind.LAW: WorkType("legislation", "STAT", "misc"),
    Source.Kind.DATASET: WorkType("dataset", "DATA", "misc"),
    Source.Kind.NEWS: WorkType("article-newspaper", "NEWS", "article", True, True),
    Source.Kind.ARTICLE: WorkType("article-journal", "JOUR", "article", True, True),
    Source.Kind.BOOK: WorkType("book", "BOOK", "book"),
}


@dataclass(frozen=True)
class Work:
    """A work as a reference names it.

    ``key`` is unique on the site; ``is_revised`` says that its text may change, so that the day
    on which it was read belongs to the reference.
    """

    key: str
    type: WorkType
    title: str
    authors: tuple[str, ...]
    publisher: str
    published: date | None
    accessed_on: date | None
    address: str
    language: str
    is_revised: bool = False

    @property
    def credited_names(self):
        """Names in the author's place: the authors or, without one, the publisher."""
        return self.authors or ((self.publisher,) if self.publisher else ())

    @property
    def separate_publisher(self):
        """The publisher, unless it stands in the author's place."""
        return "" if self.credited_names == (self.publisher,) else self.publisher

    @property
    def publisher_meta_name(self):
        """Name of the meta element in which Google Scholar and Zotero read the publisher."""
        if self.type.is_in_periodical:
            return "citation_journal_title"
        return f"citation_{'technical_report_institution' if self.type.is_report else 'publisher'}"

    @property
    def access_date(self):
        """Day on which it was read, where no other date says which text it was; else None."""
        return self.accessed_on if self.is_revised or not self.published else None


def work_of(
    entry: VersionedModel,
    *,
    changed: date | None,
    today: date,
    is_twin: bool = False,
    address: str = "",
    revision: int | None = None,
) -> Work:
    """Work that a reference to a page names: of a source that source, otherwise the page.

    ``changed`` is the day of the entry's last change, ``today`` the day it is read. The title of a
    page that ``is_twin`` of another has its slug, here as on the page; that of a past ``revision``
    its number. ``address`` is that of the revision that is cited.
    """
    if isinstance(entry, Source):
        return source_work(entry)
    work = page_work(entry, changed, today)
    if address:
        work = replace(work, address=settings.SITE_URL + address)
    if is_twin:
        work = replace(work, title=f"{work.title} ({entry.slug})")
    return replace(work, title=f"{work.title}, revision {revision}") if revision else work


def page_work(entry: Any, changed: date | None, today: date) -> Work:
    """Page of the record as a work; its author is the record."""
    return Work(
        key=citation_key(entry),
        type=WEB_PAGE,
        title=on_one_line(entry.page_title),
        authors=(on_one_line(settings.SITE_NAME),),
        publisher=on_one_line(settings.SITE_NAME),
        published=changed,
        accessed_on=today,
        address=settings.SITE_URL + entry.get_absolute_url(),
        language=settings.LANGUAGE_CODE[:2],
        is_revised=True,
    )


def dataset_work(dataset: Any, *, changed: date | None, today: date) -> Work:
    """All data of the record as one work; ``dataset`` has a title and an address."""
    return replace(page_work(dataset, changed, today), type=WORK_TYPES[Source.Kind.DATASET])


def source_work(source: Source) -> Work:
    """Source as a work, read on the day that the record gives, if it gives one."""
    address = source.url or source.archived_url
    return Work(
        key=citation_key(source),
        type=WORK_TYPES.get(Source.Kind(source.kind), WEB_PAGE if address else DOCUMENT),
        title=on_one_line(source.title),
        authors=tuple(filter(None, NAME_SEPARATOR.split(on_one_line(source.authors)))),
        publisher=on_one_line(source.publisher),
        published=source.published,
        accessed_on=source.accessed,
        address=on_one_line(address),
        language=source.language,
    )


def citation_key(entry: Any) -> str:
    """Citation key of a page, made from its address: meetings-geneva-1985."""
    return entry.get_absolute_url().strip("/").replace("/", "-") or str(entry.slug)


def on_one_line(text: str) -> str:
    """Return a text without line ends of any kind."""
    return " ".join(filter(None, (line.strip() for line in text.splitlines())))
