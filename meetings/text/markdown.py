"""Markdown with citation markers and with words in other languages.

The syntax is Pandoc's: [@slug], [@slug, p. 4], [@one; @two] and [word]{lang=de}
(https://pandoc.org/MANUAL.html#citation-syntax, #divs-and-spans). How a marker looks on a page is
for ``meetings.text.rendering``.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from .languages import is_language_tag

CITATION = re.compile(r"@(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)(?:,\s*(?P<locator>[^;\]]+))?")
MARKER_START = "[@"
MARKER = re.compile(r"\[@[^\]\[]*\]")
# What may be Markdown syntax: emphasis and code, brackets that are no marker, lists and code at the
# beginning of a line. One after the other: a pattern of them all takes three times as long.
MARKUP = (
    re.compile(r"[*_`#<>\\&|~=!\r\t\f\v\x00\x1c-\x1f\x85\u2028\u2029]"),
    re.compile(r"\[(?!@)"),
    re.compile(r"\]:"),
    re.compile(r"\n(?: *(?:[-+]|\d+[.)])| {4})"),
)
CACHED_TEXTS = 2_000
CACHED_TEXT_CHARACTERS = 20_000
# The slug at the beginning of a part of a marker.
PART_SLUG = re.compile(r"@([a-z0-9-]+)")
BLANK_LINES = re.compile(r"\n(?: *\n)+")
LANGUAGE_ATTRIBUTE = re.compile(r"\{lang=(?P<quote>\"?)(?P<tag>[A-Za-z0-9-]+)(?P=quote)\}")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Citation:
    """A source named in a marker, with the locator (``p. 4``) where one is given."""

    slug: str
    locator: str = ""


@dataclass
class Paragraph:
    """A paragraph of a text: its Markdown, its citations, and the starts of its broken markers."""

    text: str
    citations: list[Citation] = field(default_factory=list)
    broken_markers: list[str] = field(default_factory=list)

    @property
    def opening(self) -> str:
        """The first eight words, without markers."""
        words = re.sub(r"\s*\[@[^\]]*\]", "", self.text).split()
        return " ".join(words[:8]) + ("…" if len(words) > 8 else "")


def parse_marker(content: str) -> list[Citation] | None:
    """Return the citations in ``@one, p. 4; @two``, or None if it is no marker."""
    citations = []
    for part in content.split(";"):
        match = CITATION.fullmatch(part.strip())
        if match is None:
            return None
        citations.append(Citation(match["slug"], (match["locator"] or "").strip()))
    return citations


def citation_rule(state: StateInline, silent: bool) -> bool:
    """Parse a citation marker, as an inline rule of markdown-it."""
    if not state.src.startswith(MARKER_START, state.pos):
        return False
    end = state.src.find("]", state.pos)
    citations = parse_marker(state.src[state.pos + 1 : end]) if end != -1 else None
    if citations is None:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.meta = {"citations": citations}
    state.pos = end + 1
    return True


def language_rule(state: StateInline, silent: bool) -> bool:
    """Parse words with their language, as an inline rule of markdown-it.

    A tag that is no language of BCP 47 stays text, so that its writer sees it.
    """
    start, most = state.pos, state.posMax
    end = state.md.helpers.parseLinkLabel(state, start) if state.src[start] == "[" else -1
    match = LANGUAGE_ATTRIBUTE.match(state.src, end + 1) if end >= 0 else None
    if match is None or not is_language_tag(match["tag"]):
        return False
    if not silent:
        state.pos, state.posMax = start + 1, end
        state.push("span_open", "span", 1).attrs = {"lang": match["tag"]}
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = most
    state.pos = match.end()
    return True


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """Return the one Markdown parser: CommonMark without raw HTML and images, with markers."""
    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    markdown.inline.ruler.before("link", "citation", citation_rule)
    markdown.inline.ruler.before("link", "language", language_rule)
    return markdown


def cached(function: Callable[[str], Result]) -> Callable[[str], Result]:
    """Cache what a function returns for the latest texts, long ones excepted."""
    remembered = lru_cache(maxsize=CACHED_TEXTS)(function)

    @wraps(function)
    def wrapper(text: str) -> Result:
        return remembered(text) if len(text) <= CACHED_TEXT_CHARACTERS else function(text)

    return wrapper


@cached
def is_plain(text: str) -> bool:
    """Return whether a text is paragraphs of words and valid markers, and nothing else.

    Most texts of a large record are. They are read without the parser, in a fiftieth of its time.
    """
    lines = f"\n{text}"
    if any(pattern.search(lines) for pattern in MARKUP):
        return False
    rest = MARKER.sub("", text)
    if "[" in rest or "]" in rest:
        return False
    return all(parse_marker(found[1:-1]) is not None for found in MARKER.findall(text))


def plain_paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a plain text."""
    for block in filter(None, BLANK_LINES.split(text.strip(" \n"))):
        markers = (parse_marker(found[1:-1]) or [] for found in MARKER.findall(block))
        yield Paragraph(block.strip(), [citation for found in markers for citation in found])


def parse(text: str) -> list[Token]:
    """Return the tokens of a Markdown text with markers."""
    return parser().parse(text)


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text, list items and blocks of code among them."""
    if is_plain(text):
        yield from plain_paragraphs(text)
        return
    previous = ""
    for token in parse(text):
        if token.type == "inline" and previous != "heading_open":
            yield paragraph_of(token)
        elif token.type in {"fence", "code_block"}:
            yield Paragraph(text=token.content)
        previous = token.type


def paragraph_of(token: Token) -> Paragraph:
    """Return the paragraph of an inline token."""
    paragraph = Paragraph(text=token.content)
    for child in token.children or []:
        if child.type == "citation":
            paragraph.citations.extend(child.meta["citations"])
        elif child.type == "text" and MARKER_START in child.content:
            start = child.content.index(MARKER_START)
            paragraph.broken_markers.append(child.content[start : start + 40])
    return paragraph


def read_markers(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the slugs that a text cites, and the first characters of its broken markers."""
    return parse_markers(text) if MARKER_START in text else ((), ())


@cached
def parse_markers(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    blocks = list(inline_blocks(text))
    slugs = (citation.slug for block in blocks for citation in block.citations)
    broken = (start for block in blocks for start in block.broken_markers)
    return tuple(dict.fromkeys(slugs)), tuple(broken)


def cited_slugs(text: str) -> tuple[str, ...]:
    """Return the slugs that a text cites, each once, in order of first use."""
    return read_markers(text)[0]


def broken_markers(text: str) -> tuple[str, ...]:
    """Return the first characters of each marker that is not valid."""
    return read_markers(text)[1]


def with_slugs(text: str, slugs: dict[str, str]) -> str:
    """Return a text whose markers name sources by other slugs; a citation stands once in each."""

    def renamed_marker(match: re.Match[str]) -> str:
        cited = parse_marker(match[0][1:-1]) or []
        if not any(citation.slug in slugs for citation in cited):
            return match[0]
        parts = (part.strip() for part in match[0][1:-1].split(";"))
        renamed = (PART_SLUG.sub(lambda m: f"@{slugs.get(m[1], m[1])}", p, count=1) for p in parts)
        return f"[{'; '.join(dict.fromkeys(renamed))}]"

    return MARKER.sub(renamed_marker, text) if slugs and MARKER_START in text else text


@cached
def linked_paths(text: str) -> tuple[str, ...]:
    """Return the paths of the pages of the site to which a text links, each once."""
    if is_plain(text):
        return ()
    links = (
        str(child.attrGet("href"))
        for token in parse(text)
        for child in token.children or []
        if child.type == "link_open"
    )
    return tuple(dict.fromkeys(path for path in map(page_path, links) if path))


def page_path(address: str) -> str:
    """Return the path of a link to a page of the site; nothing for files and other sites."""
    path = re.split("[?#]", address, maxsplit=1)[0]
    is_file = "." in path.rpartition("/")[2]
    return path if path.startswith("/") and not path.startswith("//") and not is_file else ""


def inline_blocks(text: str) -> Iterator[Paragraph]:
    """Return paragraphs and headings: a heading may cite, but needs no citation."""
    if is_plain(text):
        return plain_paragraphs(text)
    return (paragraph_of(token) for token in parse(text) if token.type == "inline")


def uncited_paragraphs(text: str) -> list[Paragraph]:
    """Return the paragraphs without a citation."""
    if "\n" not in text and cited_slugs(text) and is_plain(text):
        return []
    return [part for part in paragraphs(text) if not part.citations]
