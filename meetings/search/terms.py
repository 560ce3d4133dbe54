"""Search terms: the words and phrases of the text typed into the search box."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from ..models.fields import FORBIDDEN_CHARACTER, normalize_text
from .normalize import WORD, latin_forms, latin_word_forms

# More than anybody types; the rest of a pasted text is ignored, and the page says so.
MAX_QUERY_CHARACTERS = 300
MAX_TERMS = 16
# Shorter words are searched as whole words, others as the beginning of a word.
MIN_PREFIX_CHARACTERS = 3
QUERY_PART = re.compile(r'["“”„«»](?P<phrase>[^"“”„«»]*)["“”„«»]|(?P<words>[^"“”„«»]+)')

# What asks for the participants of a meeting, before the meeting's name or after it.
ATTENDANCE = re.compile(
    r"(?:who|which\s+people)\s+(?:attended|(?:took\s+part|participated)\s+in"
    r"|(?:was|were)(?:\s+present)?\s+(?:at|in))\s+(?P<after>.+)"
    r"|(?:participants|attendees)(?:\s+(?:of|in|at))?\s+(?P<next>.+)"
    r"|(?P<before>.+)\s+(?:participants|attendees)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Term:
    """A word or a quoted phrase; each form is one transliteration, as a tuple of folded words."""

    typed: str
    forms: tuple[tuple[str, ...], ...]
    is_exact: bool

    def matches(self, words: tuple[str, ...]) -> bool:
        """Return whether folded words, as many as a form has, match a form."""
        for form in self.forms:
            if self.is_exact and words == form:
                return True
            if not self.is_exact and len(words) == 1 and words[0].startswith(form[0]):
                return True
        return False


class Query:
    """A typed text and its terms, all of which a result must match.

    A question such as "who attended Osaka" is one for the participants of meetings; its terms are
    those of the meeting.
    """

    def __init__(self, text: str):
        whole = " ".join(
            normalize_text(FORBIDDEN_CHARACTER.sub("", text[: 2 * MAX_QUERY_CHARACTERS])).split()
        )
        self.text = whole[:MAX_QUERY_CHARACTERS].strip()
        asked = ATTENDANCE.fullmatch(self.text.rstrip("? "))
        self.asks_participants = asked is not None
        self.searched = next(filter(None, asked.groups())) if asked else self.text
        found = list(islice(self.parse(), MAX_TERMS + 1))
        self.terms = found[:MAX_TERMS]
        self.is_cut = len(found) > MAX_TERMS or len(whole) > MAX_QUERY_CHARACTERS

    def parse(self) -> Iterator[Term]:
        """Yield the terms in their order, each once."""
        seen = set()
        for part in QUERY_PART.finditer(self.searched):
            if part["phrase"] is not None:
                found: Iterable[Term] = [phrase_term(part["phrase"])]
            else:
                found = (word_term(match[0]) for match in WORD.finditer(part["words"]))
            for term in found:
                if term.forms and (term.forms, term.is_exact) not in seen:
                    seen.add((term.forms, term.is_exact))
                    yield term

    @cached_property
    def words(self) -> list[str]:
        """The words outside quotation marks, as typed."""
        return [term.typed for term in self.terms if not term.is_exact]

    def __bool__(self):
        return bool(self.terms)


def phrase_term(text: str) -> Term:
    """Return the term of a quoted phrase, of its first MAX_TERMS words."""
    typed = " ".join(match[0] for match in islice(WORD.finditer(text), MAX_TERMS))
    written = tuple(tuple(form.split()) for form in latin_forms(typed) if form)
    return Term(typed, written, is_exact=True)


def word_term(typed: str) -> Term:
    """Return the term of one word."""
    written = tuple((form,) for form in latin_word_forms(typed) if form)
    is_short = all(len(form[0]) < MIN_PREFIX_CHARACTERS for form in written)
    return Term(typed, written, is_exact=is_short)
