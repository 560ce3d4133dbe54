"""Markdown as HTML: headings that fit the page, and citations as links to numbered notes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

import nh3
from django.utils.html import escape, format_html, format_html_join
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
    "li": {"id"},
    "ol": {"start"},
    "p": {"id"},
    "span": {"class", "lang"},
    "sup": {"class"},
} | {heading: {"id"} for heading in HEADINGS}

# The anchors of the pages' own sections and notes; a heading of a text gets none of them.
RESERVED_ANCHORS = {
    "cite",
    "contents",
    "claims",
    "context",
    "discussed",
    "evidence",
    "glance",
    "in-the-record",
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
    "roles",
    "sources",
    "summary",
    "uses",
    "views",
}
RESERVED_PREFIXES = (
    "compared-",
    "claim-",
    "discussed-",
    "filter-",
    "footer-",
    "meeting-",
    "note-",
    "outcome-",
    "p-",
    "ref-",
    "year-",
)
RESERVED_SUFFIX = "-head"
PARAGRAPH_DIGITS = 8
# Returns where a page of the site is now; nothing where it is not public.
PublicPath = Callable[[str], str]
# Only the elements of an anchored paragraph have an id, for text has "<" as an escape.
PARAGRAPH_ANCHOR = re.compile(f'(<(?:p|li) id=")(p-[0-9a-f]{{{PARAGRAPH_DIGITS}}})')
# The place of marks in HTML. No text has this element: it can write none, and Markdown has none.
MARK = "<sup></sup>"


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

    def anchor(self, name: str) -> str:
        """Return an anchor that the page has once, made of a name."""

    def public_path(self, path: str) -> str:
        """Return where a page of the site is now; nothing where it is not public."""


def citation_marks(
    citations: list[markdown.Citation], notes: CitationNumbering | None
) -> SafeString:
    """Return the HTML of the marks of one place, by number: links to the notes of the sources."""
    if notes is None:
        return SafeString("")
    uses = [notes.cite(citation) for citation in citations]
    uses.sort(key=lambda use: (use is None, use.number if use else 0))
    return format_html_join("", "{}", ((citation_mark(use),) for use in uses))


def citation_mark(use: CitationUse | None) -> SafeString:
    """Return the link to a source's note, or words for a source that is no longer listed."""
    if use is None:
        return format_html('<sup class="note">{}</sup>', "[source no longer listed]")
    shown = escape(f"[{use.number}{f', {use.locator}' if use.locator else ''}]")
    # A label rather than hidden words: a long page has hundreds of marks. Safe: beside what is
    # escaped here, there are a number and a letter of ours.
    return mark_safe(
        f'<sup class="note"><a id="{use.anchor}" href="#note-{use.number}"'
        f' aria-label="Source {shown}">{shown}</a></sup>'
    )


def render(text: str, notes: CitationNumbering | None = None, *, level: int = 3) -> SafeString:
    """Return Markdown as HTML whose highest heading is ``level``; raw HTML is shown as text."""
    if notes is None:
        prepared = prepare(text, level, None)
    elif len(text) > markdown.CACHED_TEXT_CHARACTERS or markdown.linked_paths(text):
        prepared = prepare(text, level, notes.public_path)
    else:
        prepared = prepare_without_links(text, level)
    pieces = [prepared.pieces[0]]
    for citations, piece in zip(prepared.citations, prepared.pieces[1:], strict=True):
        pieces += [citation_marks(citations, notes), piece]
    html = "".join(pieces)
    if notes is not None:
        html = PARAGRAPH_ANCHOR.sub(lambda found: found[1] + notes.anchor(found[2]), html)
    # Safe: nh3 left only the tags and attributes listed above; the marks are ours.
    return mark_safe(html)


@dataclass(frozen=True)
class PreparedText:
    """A text as HTML in pieces, between which the marks of its citations belong."""

    pieces: list[str]
    citations: list[list[markdown.Citation]]


def prepare(text: str, level: int, public_path: PublicPath | None) -> PreparedText:
    """Return a text as HTML in all but the numbers of its notes, with its links as they lead.

    Without ``public_path`` they are left as they are, and no paragraph has an anchor.
    """
    tokens = attach_marks(fit_headings(markdown.parse(text), level))
    if public_path is not None:
        anchor_paragraphs(tokens)
        follow_links(tokens, public_path)
    citations: list[list[markdown.Citation]] = []
    html = nh3.clean(
        markdown.parser().renderer.render(
            tokens, markdown.parser().options, {"citations": citations}
        ),
        tags=TAGS,
        attributes=ATTRIBUTES,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )
    return PreparedText(html.split(MARK), citations)


@lru_cache(maxsize=markdown.CACHED_TEXTS)
def prepare_without_links(text: str, level: int) -> PreparedText:
    """Return the same of a text without links to pages of the site, which is the same anywhere."""
    return prepare(text, level, str)


def attach_marks(tokens: list[Token]) -> list[Token]:
    """Remove the space before each mark, as before a footnote, and join those of one place."""
    for token in tokens:
        children: list[Token] = []
        for child in token.children or []:
            if child.type == "citation":
                remove_space_at_end(children)
            if child.type == "citation" and children and children[-1].type == "citation":
                children[-1].meta["citations"] += child.meta["citations"]
            else:
                children.append(child)
        token.children = children or token.children
    return tokens


def remove_space_at_end(tokens: list[Token]) -> None:
    """Take off the space and the line ends with which inline tokens end."""
    while tokens and tokens[-1].type in {"softbreak", "text"}:
        is_break = tokens[-1].type == "softbreak"
        tokens[-1].content = tokens[-1].content.rstrip()
        if tokens[-1].content and not is_break:
            return
        tokens.pop()


def anchor_paragraphs(tokens: list[Token]) -> None:
    """Give paragraphs and items with a mark an anchor that no text above or below them changes."""
    for index, token in enumerate(tokens):
        if not any(child.type == "citation" for child in token.children or []):
            continue
        holder = tokens[index - 2 if tokens[index - 1].hidden else index - 1]
        if holder.type in {"paragraph_open", "list_item_open"}:
            holder.attrSet("id", paragraph_anchor(token.content))


def follow_links(tokens: list[Token], public_path: PublicPath) -> None:
    """Let links to pages of the site lead where those are now; leave words where none is public."""
    for token in tokens:
        children: list[Token] = []
        is_left_out = False
        for child in token.children or []:
            if child.type == "link_open":
                address = str(child.attrGet("href"))
                path = markdown.page_path(address)
                target = public_path(path) if path else ""
                is_left_out = bool(path) and not target
                child.attrSet("href", address.replace(path, target, 1) if path else address)
            # Links do not stand in links, so that the next end is that of this one.
            if not (is_left_out and child.type in {"link_open", "link_close"}):
                children.append(child)
        token.children = children or token.children


def paragraph_anchor(text: str) -> str:
    """Return the anchor of a paragraph: the start of the SHA-256 of its plain words."""
    return f"p-{sha256(plain_text(text).encode()).hexdigest()[:PARAGRAPH_DIGITS]}"


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
    """Render the token of a marker as the place of its marks, as a render rule of markdown-it."""
    env["citations"].append(tokens[index].meta["citations"])
    return MARK


markdown.parser().add_render_rule("citation", render_citation)
