"""Citation markers in Markdown: read them, and say which paragraphs carry one.

The syntax is Pandoc's: [@slug], [@slug, p. 4], [@one; @two]
(https://pandoc.org/MANUAL.html#citation-syntax). Knows no model; what a marker looks like on a page
is for ``meetings.prose``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

CITATION = re.compile(r"@(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)(?:,\s*(?P<locator>[^;\]]+))?")
OPENING = "[@"


@dataclass(frozen=True)
class Citation:
    """One source named in a marker, with the place in it (``p. 4``) where given."""

    slug: str
    locator: str = ""


@dataclass
class Paragraph:
    """One paragraph of a text: its words, what it cites, and markers that cannot be read."""

    text: str
    citations: list[Citation] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def opening(self) -> str:
        """The first words, to name the paragraph by."""
        words = re.sub(r"\s*\[@[^\]]*\]", "", self.text).split()
        return " ".join(words[:8]) + ("…" if len(words) > 8 else "")


def read_marker(content: str) -> list[Citation] | None:
    """Return the citations in ``@one, p. 4; @two``, or None if it is not a marker."""
    citations = []
    for part in content.split(";"):
        match = CITATION.fullmatch(part.strip())
        if match is None:
            return None
        citations.append(Citation(match["slug"], (match["locator"] or "").strip()))
    return citations


def marker_rule(state: StateInline, silent: bool) -> bool:
    """Read a marker at the parser's position, as a rule of markdown-it."""
    if not state.src.startswith(OPENING, state.pos):
        return False
    end = state.src.find("]", state.pos)
    citations = read_marker(state.src[state.pos + 1 : end]) if end != -1 else None
    if citations is None:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.meta = {"citations": citations}
    state.pos = end + 1
    return True


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """Return the one Markdown parser: CommonMark without raw HTML and images, with markers."""
    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    markdown.inline.ruler.before("link", "citation", marker_rule)
    return markdown


def parse(text: str) -> list[Token]:
    """Return the tokens of a Markdown text with markers."""
    return parser().parse(text)


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text; an item of a list and a block of code are paragraphs too."""
    previous = ""
    for token in parse(text):
        if token.type == "inline" and previous != "heading_open":
            yield read_paragraph(token)
        elif token.type in {"fence", "code_block"}:
            yield Paragraph(text=token.content)
        previous = token.type


def read_paragraph(token: Token) -> Paragraph:
    """Return the paragraph that an inline token holds."""
    paragraph = Paragraph(text=token.content)
    for child in token.children or []:
        if child.type == "citation":
            paragraph.citations.extend(child.meta["citations"])
        elif child.type == "text" and OPENING in child.content:
            start = child.content.index(OPENING)
            paragraph.broken.append(child.content[start : start + 40])
    return paragraph


def read(text: str) -> tuple[list[str], list[str]]:
    """Return what a text cites, and the beginnings of markers that cannot be read."""
    if OPENING not in text:
        return [], []
    parts = list(every_inline(text))
    slugs = (citation.slug for part in parts for citation in part.citations)
    return list(dict.fromkeys(slugs)), [start for part in parts for start in part.broken]


def cited(text: str) -> list[str]:
    """Return the slugs that a text cites, each once, in order of first use."""
    return read(text)[0]


def broken(text: str) -> list[str]:
    """Return the beginnings of markers that cannot be read."""
    return read(text)[1]


def every_inline(text: str) -> Iterator[Paragraph]:
    """Yield paragraphs and headings alike: a heading may cite, but owes no citation."""
    return (read_paragraph(token) for token in parse(text) if token.type == "inline")


def uncovered(text: str) -> list[Paragraph]:
    """Return the paragraphs without a marker."""
    return [part for part in paragraphs(text) if not part.citations]
