"""The sentences of a Markdown text that a source supports: those that its markers end or hold."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from . import markdown

# Where a sentence may end: a stop, with what closes a quotation or a bracket behind it.
STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)")
# A stop behind one of these words, or before a small letter, belongs to the word.
NEXT = re.compile(r"\s+(\w)")
SHORTENED = re.compile(
    r"\b([A-Z]|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gen|Gov|Col|Lt|Amb|Rev|St|Jr|Sr|No|Nos|Art|Vol|vs|cf|p|pp)$"
)
# A longer sentence is cut around its marker, which ends what it supports.
MOST_WORDS, WORDS_BEFORE = 60, 50


@dataclass(frozen=True)
class Statement:
    """A sentence in plain words, with the places in the source (``p. 4``) that it names."""

    words: str
    locators: tuple[str, ...] = ()


def supported(text: str, slug: str) -> Iterator[Statement]:
    """Yield the sentences of a text that cite the source ``slug``, each once, in their order."""
    for token in markdown.parse(text):
        if token.type == "inline" and markdown.OPENING in token.content:
            yield from supported_in(token, slug)


def supported_in(token: Token, slug: str) -> Iterator[Statement]:
    """Yield the sentences of one paragraph that cite a source."""
    words, marks = words_and_marks(token)
    ends = ends_of_sentences(words)
    found: dict[int, tuple[int, list[str]]] = {}
    for place, citations in marks:
        for citation in citations:
            if citation.slug == slug:
                _, locators = found.setdefault(bisect_left(ends, place), (place, []))
                locators += [citation.locator] if citation.locator else []
    for index, (place, locators) in found.items():
        start = ends[index - 1] if index else 0
        if shown := cut(words[start : ends[index]], place - start):
            yield Statement(shown, tuple(dict.fromkeys(locators)))


def words_and_marks(token: Token) -> tuple[str, list[tuple[int, list[markdown.Citation]]]]:
    """Return the plain words of a paragraph, and each marker's citations with its place in them."""
    words, marks = "", []
    for child in token.children or []:
        if child.type == "citation":
            words = words.rstrip()
            marks.append((len(words), child.meta["citations"]))
        elif child.type in {"text", "code_inline"}:
            words += child.content
        elif child.type in {"softbreak", "hardbreak"}:
            words += " "
    return words, marks


def ends_of_sentences(words: str) -> list[int]:
    """Return where the sentences of a paragraph end; the last ends with the paragraph."""
    words = words.rstrip()
    ends = [
        stop.end()
        for stop in STOP.finditer(words)
        if not SHORTENED.search(words[max(0, stop.start() - 6) : stop.start()])
        and not ((after := NEXT.match(words, stop.end())) and after[1].islower())
    ]
    return ends if ends and ends[-1] == len(words) else [*ends, len(words)]


def cut(sentence: str, place: int) -> str:
    """Return a sentence, of a long one the words around ``place`` with dots for the others."""
    words = sentence.split()
    if len(words) <= MOST_WORDS:
        return " ".join(words)
    before = len(sentence[:place].split())
    first = max(0, min(before - WORDS_BEFORE, len(words) - MOST_WORDS))
    last = first + MOST_WORDS
    shown = " ".join(words[first:last])
    return f"{'… ' if first else ''}{shown}{' …' if last < len(words) else ''}"
