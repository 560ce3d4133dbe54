"""Markdown as HTML: headings that fit the page, and citations as links to numbered notes."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it.token import Token

from . import markdown

HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
TAGS = HEADINGS | {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "sup",
    "ul",
}
ATTRIBUTES = {
    "a": {"href", "id", "title", "aria-label"},
    "ol": {"start"},
    "span": {"class", "lang"},
    "sup": {"class"},
} | {heading: {"id"} for heading in HEADINGS}

# The anchors of the pages' own sections and notes; a heading of a text gets none of them.
RESERVED_ANCHORS = {
    "cite",
    "context",
    "discussed",
    "evidence",
    "glance",
    "main",
    "meetings",
    "note",
    "noted",
    "outcomes",
    "participants",
    "planned",
    "positions",
    "quotation",
    "reactions",
    "readouts",
    "related",
    "roles",
    "sources",
    "summary",
    "uses",
    "views",
}
RESERVED_PREFIXES = (
    "compared-",
    "discussed-",
    "filter-",
    "footer-",
    "meeting-",
    "note-",
    "ref-",
    "year-",
)
RESERVED_SUFFIX = "-head"


@dataclass
class CitationUse:
    """A place on a page where a source is cited: its number and letter, and the locator."""

    number: int
    letter: str
    locator: str

    @property
    def anchor(self) -> str:
        return f"ref-{self.number}-{self.letter}"


class CitationNumbering(Protocol):
    """The notes of a page, which number its citations in the order of rendering."""

    def cite(self, citation: markdown.Citation) -> CitationUse | None:
        """Return the next use of a source; None for a source that is no longer listed."""


def citation_marks(
    citations: list[markdown.Citation], notes: CitationNumbering | None
) -> SafeString:
    """Return the HTML of a marker: a link to the note of each source."""
    if notes is None:
        return SafeString("")
    uses = [notes.cite(citation) for citation in citations]
    return format_html_join("", "{}", ((citation_mark(use),) for use in uses))


def citation_mark(use: CitationUse | None) -> SafeString:
    """Return the link to a source's note, or words for a source that is no longer listed."""
    if use is None:
        return format_html('<sup class="note">{}</sup>', "[source no longer listed]")
    shown = f"[{use.number}{f', {use.locator}' if use.locator else ''}]"
    # A label rather than hidden words: a long page has hundreds of marks.
    return format_html(
        '<sup class="note"><a id="{}" href="#note-{}" aria-label="Source {}">{}</a></sup>',
        use.anchor,
        use.number,
        shown,
        shown,
    )


def render(text: str, notes: CitationNumbering | None = None, *, level: int = 3) -> SafeString:
    """Return Markdown as HTML whose highest heading is ``level``; raw HTML is shown as text."""
    tokens = attach_marks(fit_headings(markdown.parse(text), level))
    html = nh3.clean(
        markdown.parser().renderer.render(tokens, markdown.parser().options, {"notes": notes}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )
    # Safe: nh3 left only the tags and attributes listed above.
    return mark_safe(html)


def attach_marks(tokens: list[Token]) -> list[Token]:
    """Remove the space before each mark, as before a footnote, so that no line begins with it."""
    for token in tokens:
        for before, marker in pairwise(token.children or []):
            if marker.type == "citation" and before.type == "text" and before.content.endswith(" "):
                before.content = before.content.rstrip()
    return tokens


def fit_headings(tokens: list[Token], level: int) -> list[Token]:
    """Give the headings levels from ``level`` down without gaps, and anchors from their words."""
    stack: list[int] = []
    used: set[str] = set()
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            depth = int(token.tag[1])
            while stack and stack[-1] >= depth:
                stack.pop()
            stack.append(depth)
            anchor = slugify(plain_text(tokens[index + 1].content)) or "section"
            if level == 2 and anchor not in used and not is_reserved(anchor):
                token.attrSet("id", anchor)
                used.add(anchor)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(level + len(stack) - 1, 6)}"
    return tokens


def is_reserved(anchor: str) -> bool:
    """Return whether an anchor is one of the pages' own."""
    return (
        anchor in RESERVED_ANCHORS
        or anchor.startswith(RESERVED_PREFIXES)
        or anchor.endswith(RESERVED_SUFFIX)
    )


def plain_text(text: str) -> str:
    """Return the words of a Markdown text on one line, without markers and formatting."""
    if not markdown.is_plain(text):
        return parsed_plain_text(text)
    words = " ".join(markdown.MARKER.sub("", text).split())
    return re.sub(r" ([.,;:])", r"\1", words)


def parsed_plain_text(text: str) -> str:
    """Return the same for any text, read by the parser."""
    words = []
    for token in markdown.parse(text):
        for child in token.children or []:
            if child.type in {"text", "code_inline"}:
                words.append(child.content)
            elif child.type in {"softbreak", "hardbreak"}:
                words.append(" ")
        if token.type == "inline":
            words.append(" ")
    return re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", "".join(words))).strip()


def render_citation(renderer, tokens, index, options, env) -> str:
    """Render the token of a marker, as a render rule of markdown-it."""
    return str(citation_marks(tokens[index].meta["citations"], env.get("notes")))


markdown.parser().add_render_rule("citation", render_citation)
