"""What a page of the site is: one description, which all that speaks to machines is made of.

Its head, its linked data and its ``Link`` headers say the same because they say this.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from ..models import Actor, Issue, Meeting, Milestone, Place, Reaction, Release, Source, Theme
from ..text.rendering import plain_text
from .bibliography import FILE_FORMATS, Work
from .catalogue import Dataset

CREATIVE_COMMONS = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
# Name and address of the list that the page of a row stands in.
SECTIONS: dict[type, tuple[str, str]] = {
    Meeting: ("Meetings", "/meetings/"),
    Issue: ("Issues", "/issues/"),
    Reaction: ("Reactions", "/reactions/"),
    Theme: ("Themes", "/themes/"),
    Milestone: ("Timeline", "/timeline/"),
    Actor: ("People", "/people/"),
    Place: ("Places", "/places/"),
    Source: ("Sources", "/sources/"),
    Release: ("Releases", "/data/releases/"),
}
# What a page is by schema.org; an Article has its text from the record.
PAGE_TYPES = {
    Actor: "ProfilePage",
    Place: "WebPage",
    Source: "WebPage",
    Dataset: "WebPage",
    Release: "WebPage",
}


@dataclass(frozen=True)
class PageDescription:
    """A page that shows ``entry``, which is about what that names.

    ``work`` is what a reference to the page names. ``published`` is the day on which it was first
    public, ``modified`` that of its last change.
    """

    entry: Any
    work: Work
    published: date | None = None
    modified: date | None = None

    @property
    def type(self) -> str:
        """Its type by schema.org."""
        return PAGE_TYPES.get(type(self.entry), "Article")

    @property
    def title(self) -> str:
        """The title of the page, without its kind."""
        return self.work.title if self.work.is_page else self.entry.page_title

    @property
    def path(self) -> str:
        return self.entry.get_absolute_url()

    @property
    def address(self) -> str:
        return settings.SITE_URL + self.path

    @property
    def fixed_address(self) -> str:
        """Address by which the page is cited: of its fixed revision, or of a release of the data.

        Empty for another's work.
        """
        is_own = self.work.is_page or isinstance(self.entry, Dataset | Release)
        return self.work.address if is_own else ""

    @property
    def file(self) -> str:
        """Path of the one file that the page is about; empty for other pages."""
        return getattr(self.entry, "zip_url", "")

    @property
    def summary(self) -> str:
        words = getattr(self.entry, "summary", "") or getattr(self.entry, "description", "")
        return plain_text(words)

    @property
    def language(self) -> str:
        return settings.LANGUAGE_CODE[:2]

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """Name and address of the pages that lead to it, and its own."""
        section = SECTIONS.get(type(self.entry))
        return [("Home", "/"), *([section] if section else []), (self.title, self.path)]

    @property
    def citation_files(self) -> list[tuple[str, str]]:
        """Address and media type of the files that hold the reference."""
        return [
            (f"{self.path}cite.{ending}", file.content_type.partition(";")[0])
            for ending, file in FILE_FORMATS.items()
        ]


def licence_url() -> str:
    """Return the address by which a licence is known: that of Creative Commons, or of SPDX."""
    licence = settings.CONTENT_LICENCE
    return CREATIVE_COMMONS.get(licence, f"https://spdx.org/licenses/{licence}.html")


def licence_text_url() -> str:
    """Return the address of the licence's whole text."""
    url = licence_url()
    return f"{url}legalcode" if settings.CONTENT_LICENCE in CREATIVE_COMMONS else url
