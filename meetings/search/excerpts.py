"""Excerpts: some words of a document around the terms of a query, which are marked in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..text.sentences import sentence_ends
from .normalize import CYRILLIC, WORD, fold_word, latin_word_forms
from .terms import Term

EXCERPT_WORDS = 30
SEARCHED_CHARACTERS = 50_000
# How many words an excerpt shows before its first match.
LEADING_WORDS = 4


@dataclass(frozen=True)
class ExcerptPiece:
    """A part of an excerpt, marked as a match or not."""

    text: str
    is_match: bool


@dataclass(frozen=True)
class TextWord:
    """A word at a position of a text, with its folded forms in Latin letters."""

    start: int
    end: int
    forms: tuple[str, ...]


def text_words(text: str) -> list[TextWord]:
    """Return the words of a text, up to SEARCHED_CHARACTERS."""
    return [
        TextWord(match.start(), match.end(), folded_forms(match[0]))
        for match in WORD.finditer(text[:SEARCHED_CHARACTERS])
        if fold_word(match[0])
    ]


def folded_forms(word: str) -> tuple[str, ...]:
    return latin_word_forms(word) if CYRILLIC.search(word) else (fold_word(word),)


def terms_by_word(words: list[TextWord], terms: Iterable[Term]) -> dict[int, set[int]]:
    """Return the numbers of the terms that match, by the index of the word."""
    found: dict[int, set[int]] = {}
    for number, term in enumerate(terms):
        for length in {len(form) for form in term.forms}:
            for start in range(len(words) - length + 1):
                if is_match(words[start : start + length], term):
                    for index in range(start, start + length):
                        found.setdefault(index, set()).add(number)
    return found


def is_match(words: list[TextWord], term: Term) -> bool:
    """Return whether consecutive words match a term."""
    if len(words) == 1:
        return any(term.matches((form,)) for form in words[0].forms)
    # A phrase is transliterated by one schema throughout.
    return any(
        len(form) == len(words)
        and all(part in word.forms for part, word in zip(form, words, strict=True))
        for form in term.forms
    )


def excerpt(text: str, terms: Iterable[Term]) -> list[ExcerptPiece]:
    """Return the part of a text with the most different terms, in marked and plain pieces."""
    words = text_words(text)
    found = terms_by_word(words, terms)
    start = best_start(found, len(words))
    stop = min(start + EXCERPT_WORDS, len(words))
    if start == stop:
        return []
    first = words[start].start if start else 0
    last = words[stop - 1].end if stop < len(words) else len(text)
    matches = [words[index] for index in range(start, stop) if index in found]
    pieces = [
        ExcerptPiece("… " if start else "", False),
        *pieces_between(text, matches, first, last),
        ExcerptPiece(" …" if stop < len(words) else "", False),
    ]
    return merge_pieces(pieces)


def marked(text: str, terms: Iterable[Term]) -> list[ExcerptPiece]:
    """Return a whole text, such as a title, in marked and plain pieces."""
    words = text_words(text)
    matches = [words[index] for index in sorted(terms_by_word(words, terms))]
    return merge_pieces(pieces_between(text, matches, 0, len(text)))


def pieces_between(
    text: str, matches: Iterable[TextWord], first: int, last: int
) -> Iterator[ExcerptPiece]:
    """Yield the matches in a text between two positions, and what is between them."""
    for word in matches:
        yield ExcerptPiece(text[first : word.start], False)
        yield ExcerptPiece(text[word.start : word.end], True)
        first = word.end
    yield ExcerptPiece(text[first:last], False)


def matching_sentences(text: str, terms: Iterable[Term]) -> str:
    """Return the sentences of a text that match a term, without the remarks beside them."""
    terms = list(terms)
    ends = sentence_ends(text)
    sentences = (text[start:end].strip() for start, end in pairwise([0, *ends]))
    return " ".join(found for found in sentences if terms_by_word(text_words(found), terms))


def best_start(found: dict[int, set[int]], number: int) -> int:
    """Return the index of the first word of the excerpt, of ``number`` words of the text.

    The excerpt with the most different terms is the best; of equal ones the one with the most
    matches, then the earliest.
    """
    indexes = sorted(found)
    best, start = (0, 0), 0
    for position, index in enumerate(indexes):
        end = index + EXCERPT_WORDS - LEADING_WORDS
        inside = [i for i in indexes[position : position + EXCERPT_WORDS] if i < end]
        score = (len(set().union(*(found[i] for i in inside))), len(inside))
        if score > best:
            best, start = score, index
    return max(0, min(start - LEADING_WORDS, number - EXCERPT_WORDS))


def merge_pieces(pieces: Iterable[ExcerptPiece]) -> list[ExcerptPiece]:
    """Return pieces with neighbours of one kind merged: marked words with a space between, too."""
    result: list[ExcerptPiece] = []
    for piece in (piece for piece in pieces if piece.text):
        if len(result) > 1 and piece.is_match and result[-1].text == " " and result[-2].is_match:
            space, before = result.pop(), result.pop()
            result.append(ExcerptPiece(before.text + space.text + piece.text, True))
        elif result and result[-1].is_match == piece.is_match:
            result.append(ExcerptPiece(result.pop().text + piece.text, piece.is_match))
        else:
            result.append(piece)
    return result
