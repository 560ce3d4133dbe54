"""The sentences of a Markdown text, and those that cite: a marker ends them or stands in them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from . import markdown

# Where a sentence may end: a stop, with closing quotation marks and brackets.
SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)")
# A stop after one of these abbreviations, or before a small letter, does not end a sentence.
NEXT_LETTER = re.compile(r"\s+(\w)")
ABBREVIATION = re.compile(
    r"\b([A-Z]|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gen|Gov|Col|Lt|Amb|Rev|St|Jr|Sr|No|Nos|Art|Vol|vs|cf|p|pp)$"
)
# A longer sentence is shortened around its marker: mostly what stands before it rests on it.
MAX_SENTENCE_WORDS = 60
WORDS_BEFORE_MARKER = 50


@dataclass(frozen=True)
class CitedSentence:
    """A sentence in plain words, with the locators (``p. 4``) of its citations of one source."""

    words: str
    locators: tuple[str, ...] = ()


def cited_sentences(text: str, slug: str) -> Iterator[CitedSentence]:
    """Yield the sentences of a text that cite the source ``slug``, each once, in their order."""
    for token in markdown.parse(text):
        if token.type == "inline" and markdown.MARKER_START in token.content:
            yield from sentences_of_paragraph(token, slug)


def sentences_of_paragraph(token: Token, slug: str) -> Iterator[CitedSentence]:
    """Yield the sentences of one paragraph that cite a source."""
    words, markers = words_and_markers(token)
    ends = sentence_ends(words)
    found: dict[int, tuple[int, list[str]]] = {}
    for position, citations in markers:
        for citation in citations:
            if citation.slug == slug:
                _, locators = found.setdefault(bisect_left(ends, position), (position, []))
                locators += [citation.locator] if citation.locator else []
    for index, (position, locators) in found.items():
        start = ends[index - 1] if index else 0
        if shown := shorten(words[start : ends[index]], position - start):
            yield CitedSentence(shown, tuple(dict.fromkeys(locators)))


@markdown.cached
def count_uncited_sentences(text: str) -> int:
    """Return how many sentences cite nothing, in the paragraphs of a text that cite something."""
    return sum(
        len(set(range(len(ends))) - {bisect_left(ends, position) for position in positions})
        for words, positions in statements(text)
        if positions and (ends := sentence_ends(words))
    )


def statements(text: str) -> Iterator[tuple[str, list[int]]]:
    """Yield the plain words of each paragraph and heading, and where in them a marker stands."""
    if markdown.is_plain(text):
        for paragraph in markdown.plain_paragraphs(text):
            yield plain_words(paragraph.text)
        return
    for token in markdown.parse(text):
        if token.type == "inline":
            words, markers = words_and_markers(token)
            yield words, [position for position, _ in markers]


def plain_words(text: str) -> tuple[str, list[int]]:
    """Return a plain paragraph without its markers, and where these stood."""
    words, positions, start = "", [], 0
    for marker in markdown.MARKER.finditer(text):
        words = (words + text[start : marker.start()]).rstrip()
        positions.append(len(words))
        start = marker.end()
    return words + text[start:], positions


def words_and_markers(token: Token) -> tuple[str, list[tuple[int, list[markdown.Citation]]]]:
    """Return the plain words of a paragraph, and its markers as position in them and citations."""
    words, markers = "", []
    for child in token.children or []:
        if child.type == "citation":
            words = words.rstrip()
            markers.append((len(words), child.meta["citations"]))
        elif child.type in {"text", "code_inline"}:
            words += child.content
        elif child.type in {"softbreak", "hardbreak"}:
            words += " "
    return words, markers


def sentence_ends(words: str) -> list[int]:
    """Return the positions at which the sentences of a paragraph end."""
    words = words.rstrip()
    ends = [
        stop.end()
        for stop in SENTENCE_END.finditer(words)
        if not ABBREVIATION.search(words[max(0, stop.start() - 6) : stop.start()])
        and not ((after := NEXT_LETTER.match(words, stop.end())) and after[1].islower())
    ]
    return ends if ends and ends[-1] == len(words) else [*ends, len(words)]


def shorten(sentence: str, position: int) -> str:
    """Return a sentence; of a long one, the words around a position, between ellipses."""
    words = sentence.split()
    if len(words) <= MAX_SENTENCE_WORDS:
        return " ".join(words)
    before = len(sentence[:position].split())
    first = max(0, min(before - WORDS_BEFORE_MARKER, len(words) - MAX_SENTENCE_WORDS))
    last = first + MAX_SENTENCE_WORDS
    shown = " ".join(words[first:last])
    return f"{'… ' if first else ''}{shown}{' …' if last < len(words) else ''}"
