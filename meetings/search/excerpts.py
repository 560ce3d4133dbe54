"""Some thirty words of a document around what was looked for, which is marked in them."""

from collections.abc import Iterable
from dataclasses import dataclass

from .normalize import CYRILLIC, WORD, fold_word, word_forms
from .terms import Term

LENGTH = 30
# How far into a very long text an excerpt is looked for.
FAR = 50_000


@dataclass(frozen=True)
class Piece:
    """A run of an excerpt's text, marked or not."""

    text: str
    is_match: bool


@dataclass(frozen=True)
class Word:
    start: int
    end: int
    forms: tuple[str, ...]


def words_in(text: str) -> list[Word]:
    """Return the words of a text with the ways to write them, folded."""
    return [
        Word(match.start(), match.end(), forms_of(match[0]))
        for match in WORD.finditer(text[:FAR])
        if fold_word(match[0])
    ]


def forms_of(word: str) -> tuple[str, ...]:
    return word_forms(word) if CYRILLIC.search(word) else (fold_word(word),)


def matches(words: list[Word], terms: Iterable[Term]) -> dict[int, set[int]]:
    """Return which terms are found at each word, by the word's place."""
    found: dict[int, set[int]] = {}
    for number, term in enumerate(terms):
        for length in {len(form) for form in term.forms}:
            for start in range(len(words) - length + 1):
                if holds(words[start : start + length], term):
                    for place in range(start, start + length):
                        found.setdefault(place, set()).add(number)
    return found


def holds(words: list[Word], term: Term) -> bool:
    """Return whether a term is found in words that follow each other."""
    if len(words) == 1:
        return any(term.holds((form,)) for form in words[0].forms)
    # A phrase is written one way throughout, and so is what it is compared with.
    return any(
        len(form) == len(words)
        and all(part in word.forms for part, word in zip(form, words, strict=True))
        for form in term.forms
    )


def excerpt(text: str, terms: Iterable[Term]) -> list[Piece]:
    """Return the part of a text that holds the most of the terms, in marked and plain pieces."""
    words = words_in(text)
    found = matches(words, terms)
    start = best_start(found, len(words))
    shown = range(start, min(start + LENGTH, len(words)))
    if not shown:
        return []
    pieces = []
    end = words[start].start if start else 0
    for place in shown:
        word = words[place]
        if place in found:
            pieces.append(Piece(text[end : word.start], False))
            pieces.append(Piece(text[word.start : word.end], True))
            end = word.end
    is_last = shown.stop == len(words)
    pieces.append(Piece(text[end:] if is_last else text[end : words[shown.stop - 1].end], False))
    before = [Piece("… ", False)] if start else []
    after = [] if is_last else [Piece(" …", False)]
    return joined([*before, *pieces, *after])


def best_start(found: dict[int, set[int]], number: int) -> int:
    """Return the first word of the window with the most different terms, a few words before them.

    Of windows with as many, the one with the most matches, then the earliest.
    """
    places = sorted(found)
    best, start = (0, 0), 0
    for index, place in enumerate(places):
        inside = [p for p in places[index : index + LENGTH] if p < place + LENGTH - 4]
        value = (len(set().union(*(found[p] for p in inside))), len(inside))
        if value > best:
            best, start = value, place
    return max(0, min(start - 4, number - LENGTH))


def joined(pieces: list[Piece]) -> list[Piece]:
    """Return pieces with neighbours of one kind put together: two marked words side by side too."""
    result: list[Piece] = []
    for piece in (piece for piece in pieces if piece.text):
        if len(result) > 1 and piece.is_match and result[-1].text == " " and result[-2].is_match:
            space, before = result.pop(), result.pop()
            result.append(Piece(before.text + space.text + piece.text, True))
        elif result and result[-1].is_match == piece.is_match:
            result.append(Piece(result.pop().text + piece.text, piece.is_match))
        else:
            result.append(piece)
    return result
