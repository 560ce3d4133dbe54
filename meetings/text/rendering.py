"""Markdown as a page shows it: headings that fit the page, and citations as numbered notes."""

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

TAGS = {
    *("p", "a", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "br", "hr"),
    *("h2", "h3", "h4", "h5", "h6", "sup", "span"),
}
ATTRIBUTES = {
    "a": {"href", "id", "title", "aria-label"},
    "ol": {"start"},
    "span": {"class", "lang"},
    "sup": {"class"},
} | {f"h{level}": {"id"} for level in range(2, 7)}

# The anchors that pages give their own sections; a heading of a text gets another.
RESERVED = re.compile(
    r"main|summary|roles|planned|readouts|discussed|outcomes|participants|positions|meetings|reactions|context"
    r"|sources|cite|note|noted|uses|views|related|quotation|(note|ref|meeting|discussed|footer|filter|year)-.*"
    r"|.*-head"
)


@dataclass
class Use:
    """One place on a page where a source is cited."""

    number: int
    letter: str
    locator: str

    @property
    def anchor(self) -> str:
        return f"ref-{self.number}-{self.letter}"


class Numbering(Protocol):
    """What numbers the citations of a page, in the order in which they are rendered."""

    def cite(self, citation: markdown.Citation) -> Use | None:
        """Return the next use of a source; None for a source that is listed no longer."""


def mark(citations: list[markdown.Citation], notes: Numbering | None) -> SafeString:
    """Return the marks of one marker: a link to each source's note."""
    if notes is None:
        return SafeString("")
    uses = [notes.cite(citation) for citation in citations]
    return format_html_join("", "{}", ((mark_of(use),) for use in uses))


def mark_of(use: Use | None) -> SafeString:
    """Return one mark; a source that is listed no longer is said in words."""
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


def render(text: str, notes: Numbering | None = None, *, level: int = 3) -> SafeString:
    """Return Markdown as HTML whose highest heading is ``level``; raw HTML is shown as text."""
    tokens = tie_marks(fit_headings(markdown.parse(text), level))
    html = nh3.clean(
        markdown.parser().renderer.render(tokens, markdown.parser().options, {"notes": notes}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )
    # Cleaned in the line above: only the tags and attributes listed here are left.
    return mark_safe(html)


def tie_marks(tokens: list[Token]) -> list[Token]:
    """Put each mark close to the words before it, as footnotes stand, and so on their line."""
    for token in tokens:
        for before, mark in pairwise(token.children or []):
            if mark.type == "citation" and before.type == "text" and before.content.endswith(" "):
                before.content = before.content.rstrip()
    return tokens


def fit_headings(tokens: list[Token], level: int) -> list[Token]:
    """Give the headings levels from ``level`` down that skip none, and anchors of words."""
    stack: list[int] = []
    used: set[str] = set()
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            depth = int(token.tag[1])
            while stack and stack[-1] >= depth:
                stack.pop()
            stack.append(depth)
            anchor = slugify(plain(tokens[index + 1].content)) or "section"
            if level == 2 and anchor not in used and not RESERVED.fullmatch(anchor):
                token.attrSet("id", anchor)
                used.add(anchor)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(level + len(stack) - 1, 6)}"
    return tokens


def plain(text: str) -> str:
    """Return the words of a Markdown text, without markers and marks of form."""
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


def words_of(text: str) -> str:
    """Return what ``plain`` does; of a text without marks of form at once, for many texts."""
    if not markdown.is_plain(text):
        return plain(text)
    words = " ".join(markdown.MARKER.sub("", text).split())
    return re.sub(r" ([.,;:])", r"\1", words)


def render_citation(renderer, tokens, index, options, env) -> str:
    """Render a marker's token, as a rule of markdown-it's renderer."""
    return str(mark(tokens[index].meta["citations"], env.get("notes")))


markdown.parser().add_render_rule("citation", render_citation)
