"""A public page as a parser of HTML5 understands it, and what is wrong with it."""

import gzip
import io
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import html5lib

from meetings.exporting.responses import PACKED_TYPES

HEADINGS = {f"{{http://www.w3.org/1999/xhtml}}h{level}": level for level in range(1, 7)}


@dataclass
class Page:
    """The elements of one page, in order, and the errors of its parsing."""

    address: str
    errors: list = field(repr=False)
    elements: list[Element] = field(repr=False)

    def values(self, attribute: str) -> list[str]:
        return [e.get(attribute) for e in self.elements if e.get(attribute) is not None]

    def named(self, *tags: str) -> list[Element]:
        return [e for e in self.elements if e.tag.rpartition("}")[2] in tags]

    @property
    def levels(self) -> list[int]:
        return [HEADINGS[element.tag] for element in self.elements if element.tag in HEADINGS]

    @property
    def skipped_levels(self) -> list[tuple[int, int]]:
        steps = zip([0, *self.levels], self.levels, strict=False)
        return [(above, below) for above, below in steps if below > above + 1]

    @property
    def repeated_ids(self) -> list[str]:
        return [name for name, number in Counter(self.values("id")).items() if number > 1]


def read(address: str, html: str) -> Page:
    """Return the page that a text of HTML is."""
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(html)
    # Comments are in the tree too; their tag is no text.
    return Page(address, parser.errors, [e for e in tree.iter() if isinstance(e.tag, str)])


def refused(pages: list[Page], rule: Callable) -> dict:
    """Return what a rule finds on each page, where it finds anything."""
    return {page.address: found for page in pages if (found := rule(page))}


def compressed(content: bytes) -> int:
    """Return the bytes a file takes on its way, at the level at which pages are compressed."""
    return len(gzip.compress(content, compresslevel=6))


def response_text(answer) -> str:
    """Return the text of an answer; of a zip that of all its files, their names with it.

    A workbook is a zip; of a database it is the statements that would make it.
    """
    content, kind = answer.getvalue(), answer.get("Content-Type")
    if kind == PACKED_TYPES["sqlite"]:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(content)
            return "\n".join(database.iterdump())
    if kind not in PACKED_TYPES.values():
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode()}" for name in archive.namelist())
