"""Markers in Markdown: those of citations, which say what a paragraph rests on, and of languages.

The syntax is Pandoc's: [@slug], [@slug, p. 4], [@one; @two] and [word]{lang=de}
(https://pandoc.org/MANUAL.html#citation-syntax, #divs-and-spans). Knows no model; what a marker
looks like on a page is for ``meetings.text.rendering``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from .languages import is_language

CITATION = re.compile(r"@(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)(?:,\s*(?P<locator>[^;\]]+))?")
OPENING = "[@"
MARKER = re.compile(r"\[@[^\]\[]*\]")
# What may mean something in Markdown: signs of form, brackets that are no marker, lists, code.
FORM = re.compile(
    r"[*_`#<>\\&|~=!\r\t\f\v\x00\x1c-\x1f\x85\u2028\u2029]|\[(?!@)|\]:|^ *(?:[-+]|\d+[.)])|^ {4}",
    re.MULTILINE,
)
# Texts up to this length are remembered for a while once they were read.
SHORT = 20_000
BLANK = re.compile(r"\n(?: *\n)+")
LANGUAGE = re.compile(r"\{lang=(?P<quote>\"?)(?P<tag>[A-Za-z0-9-]+)(?P=quote)\}")


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


def language_rule(state: StateInline, silent: bool) -> bool:
    """Read words with their language at the parser's position, as a rule of markdown-it.

    What is no language of BCP 47 stays text, for whoever wrote it to see.
    """
    start, most = state.pos, state.posMax
    end = state.md.helpers.parseLinkLabel(state, start) if state.src[start] == "[" else -1
    match = LANGUAGE.match(state.src, end + 1) if end >= 0 else None
    if match is None or not is_language(match["tag"]):
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
    markdown.inline.ruler.before("link", "citation", marker_rule)
    markdown.inline.ruler.before("link", "language", language_rule)
    return markdown


def is_plain(text: str) -> bool:
    """Return whether a text is paragraphs of words and readable markers, and nothing else.

    Most texts of a large record are. They are read without the parser, in a fiftieth of its time.
    """
    return is_plain_again(text) if len(text) <= SHORT else is_plain_anew(text)


def is_plain_anew(text: str) -> bool:
    if FORM.search(text):
        return False
    rest = MARKER.sub("", text)
    if "[" in rest or "]" in rest:
        return False
    return all(read_marker(found[1:-1]) is not None for found in MARKER.findall(text))


# Whoever reads a text asks it several things, one soon after another.
is_plain_again = lru_cache(maxsize=2_000)(is_plain_anew)


def plain_paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a plain text."""
    for block in filter(None, BLANK.split(text.strip(" \n"))):
        markers = (read_marker(found[1:-1]) or [] for found in MARKER.findall(block))
        yield Paragraph(block.strip(), [citation for found in markers for citation in found])


def parse(text: str) -> list[Token]:
    """Return the tokens of a Markdown text with markers."""
    return parser().parse(text)


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text; an item of a list and a block of code are paragraphs too."""
    if is_plain(text):
        yield from plain_paragraphs(text)
        return
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


def read(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a text cites, and the beginnings of markers that cannot be read."""
    if OPENING not in text:
        return (), ()
    return read_again(text) if len(text) <= SHORT else read_anew(text)


def read_anew(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parts = list(every_inline(text))
    slugs = (citation.slug for part in parts for citation in part.citations)
    return tuple(dict.fromkeys(slugs)), tuple(start for part in parts for start in part.broken)


read_again = lru_cache(maxsize=2_000)(read_anew)


def cited(text: str) -> tuple[str, ...]:
    """Return the slugs that a text cites, each once, in order of first use."""
    return read(text)[0]


def broken(text: str) -> tuple[str, ...]:
    """Return the beginnings of markers that cannot be read."""
    return read(text)[1]


def every_inline(text: str) -> Iterator[Paragraph]:
    """Yield paragraphs and headings alike: a heading may cite, but owes no citation."""
    if is_plain(text):
        return plain_paragraphs(text)
    return (read_paragraph(token) for token in parse(text) if token.type == "inline")


def uncovered(text: str) -> list[Paragraph]:
    """Return the paragraphs without a marker."""
    if "\n" not in text and cited(text) and is_plain(text):
        return []
    return [part for part in paragraphs(text) if not part.citations]
