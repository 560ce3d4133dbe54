"""Works as references name them, whatever the style: a page of the record, or a source."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from ...models import Source, VersionedModel

# Between names; "Jr." and its like belong to the name before.
NAME_SEPARATOR = re.compile(r"\s*;\s*|\s*,(?!\s*(?:Jr|Sr|II|III|IV)\b)\s*|\s+and\s+")


@dataclass(frozen=True)
class WorkType:
    """Type of a work by its names in CSL, RIS, BibTeX and Zotero.

    Zotero reads RIS by a table of its own, in which GEN is a journal article and LEGAL a case; the
    names here come out as what the work is.
    """

    csl: str
    ris: str
    bibtex: str
    zotero: str
    is_quoted: bool = False
    is_in_periodical: bool = False

    @property
    def is_report(self):
        return self.csl == "report"

    @property
    def needs_author(self):
        """Whether the styles of BibTeX refuse an entry of this type without an author."""
        return self.bibtex in {"article", "book", "techreport"}


WEB_PAGE = WorkType("webpage", "ELEC", "online", "webpage", is_quoted=True)
DOCUMENT = WorkType("document", "GOVDOC", "misc", "document", is_quoted=True)
REPORT = WorkType("report", "RPRT", "techreport", "report")
WORK_TYPES = {
    Source.Kind.INTELLIGENCE_REPORT: REPORT,
    Source.Kind.ANALYSIS: REPORT,
    Source.Kind.TREATY: WorkType("treaty", "STAT", "misc", "statute"),
    Source.Kind.LAW: WorkType("legislation", "STAT", "misc", "statute"),
    Source.Kind.DATASET: WorkType("dataset", "DATA", "misc", "dataset"),
    Source.Kind.NEWS: WorkType(
        "article-newspaper", "NEWS", "article", "newspaperArticle", True, True
    ),
    Source.Kind.ARTICLE: WorkType(
        "article-journal", "JOUR", "article", "journalArticle", True, True
    ),
    Source.Kind.BOOK: WorkType("book", "BOOK", "book", "book"),
}
# So much of an ISO date is known; where nothing is said, all of it.
DATE_CHARACTERS: dict[str, int] = {
    Source.DateIs.MONTH: len("2018-07"),
    Source.DateIs.YEAR: len("2018"),
    Source.DateIs.APPROXIMATE: len("2018"),
}
# Of these kinds the type says less than the kind does.
KINDS_NAMED = {
    Source.Kind.TRANSCRIPT,
    Source.Kind.OFFICIAL_STATEMENT,
    Source.Kind.INTELLIGENCE_REPORT,
    Source.Kind.TREATY,
}
# In which a title is the words of whoever cites the work, which styles put in brackets.
TITLES_OF_OURS = {Source.TitleIs.DESCRIBED, Source.TitleIs.TRANSLATED}


@dataclass(frozen=True)
class Work:
    """A work as a reference names it.

    ``key`` is unique on the site; ``is_revised`` says that its text may change, so that the day
    on which it was read belongs to the reference. ``date_is`` is how exact the date is, one of
    ``Source.DateIs``. A title that ``is_title_of_ours`` stands in brackets.
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
    kind: str = ""
    date_is: str = ""
    is_title_of_ours: bool = False

    @property
    def is_page(self):
        """Whether it is a page of the record itself."""
        return self.is_revised and self.type is WEB_PAGE

    @property
    def is_circa(self):
        """Whether its date is known about alone."""
        return self.published is not None and self.date_is == Source.DateIs.APPROXIMATE

    @property
    def iso_date(self) -> str:
        """Its date as far as it is known, of an approximate one the year: 2018-07-16, 2018-07."""
        if self.published is None:
            return ""
        return self.published.isoformat()[: DATE_CHARACTERS.get(self.date_is)]

    @property
    def meta_date(self) -> str:
        """Its date as Google Scholar reads it: 2018/07/16, 2018/07, 2018."""
        return self.iso_date.replace("-", "/")

    @property
    def date_words(self) -> str:
        """Its date in one word or two, with circa: 2018-07-16, ca. 2018."""
        return f"ca. {self.iso_date}" if self.is_circa else self.iso_date

    @property
    def credited_names(self):
        """Names in the author's place: the authors or, without one, the publisher."""
        return self.authors or ((self.publisher,) if self.publisher else ())

    @property
    def personal_authors(self):
        """The authors, unless that is the publisher, of whose name programs make a person."""
        return () if self.authors == (self.publisher,) else self.authors

    @property
    def separate_publisher(self):
        """The publisher, unless it stands in the author's place."""
        return "" if self.credited_names == (self.publisher,) else self.publisher

    @property
    def publisher_meta_name(self):
        """Name of the meta element in which Google Scholar and Zotero read the publisher.

        That of a journal makes whatever has it a journal article.
        """
        if self.type.csl == "article-journal":
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
    page = page_work(dataset, changed, today)
    key = f"{slugify(settings.SITE_NAME) or 'record'}-{page.key}"
    return replace(page, key=key, type=WORK_TYPES[Source.Kind.DATASET])


def source_work(source: Source) -> Work:
    """Source as a work, read on the day that the record gives, if it gives one."""
    address = source.url or source.archived_url
    title, is_of_ours = on_one_line(source.title), source.title_is in TITLES_OF_OURS
    return Work(
        key=citation_key(source),
        type=WORK_TYPES.get(Source.Kind(source.kind), WEB_PAGE if address else DOCUMENT),
        title=f"[{title}]" if is_of_ours else title,
        authors=tuple(filter(None, NAME_SEPARATOR.split(on_one_line(source.authors)))),
        publisher=on_one_line(source.publisher),
        published=source.published,
        accessed_on=source.accessed,
        address=on_one_line(address),
        language=source.language,
        kind=source.get_kind_display() if source.kind in KINDS_NAMED else "",
        date_is=source.date_is,
        is_title_of_ours=is_of_ours,
    )


def citation_key(entry: Any) -> str:
    """Citation key of a page, made from its address: meetings-geneva-1985."""
    return entry.get_absolute_url().strip("/").replace("/", "-") or str(entry.slug)


def on_one_line(text: str) -> str:
    """Return a text without line ends of any kind."""
    return " ".join(filter(None, (line.strip() for line in text.splitlines())))
