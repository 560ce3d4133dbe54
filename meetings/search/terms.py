"""What somebody typed into the search box, as the words and phrases to look for."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from ..models.fields import FORBIDDEN, normalise
from .normalize import WORD, forms, word_forms

# More than anybody types; what is pasted beyond it is not looked for, and the page says so.
LONGEST = 300
MOST = 16
# Words shorter than this are looked for as they are, longer ones as the beginning of a word.
WHOLE_BELOW = 3
PART = re.compile(r'["“”„«»](?P<phrase>[^"“”„«»]*)["“”„«»]|(?P<words>[^"“”„«»]+)')


@dataclass(frozen=True)
class Term:
    """One word, or words in quotation marks: each way to write it, as its folded words."""

    typed: str
    forms: tuple[tuple[str, ...], ...]
    is_exact: bool

    def holds(self, words: tuple[str, ...]) -> bool:
        """Return whether folded words, as many as a form has, are what is looked for."""
        for form in self.forms:
            if self.is_exact and words == form:
                return True
            if not self.is_exact and len(words) == 1 and words[0].startswith(form[0]):
                return True
        return False


class Query:
    """A typed text: its terms, all of which a result must hold."""

    def __init__(self, text: str):
        whole = " ".join(normalise(FORBIDDEN.sub("", text[: 2 * LONGEST])).split())
        self.text = whole[:LONGEST].strip()
        found = list(islice(self.read(), MOST + 1))
        self.terms = found[:MOST]
        self.is_cut = len(found) > MOST or len(whole) > LONGEST

    def read(self):
        """Yield the terms in their order, each once."""
        seen = set()
        for part in PART.finditer(self.text):
            if part["phrase"] is not None:
                found = phrase(part["phrase"])
            else:
                found = (word(match[0]) for match in WORD.finditer(part["words"]))
            for term in found:
                if term.forms and (term.forms, term.is_exact) not in seen:
                    seen.add((term.forms, term.is_exact))
                    yield term

    @cached_property
    def words(self) -> list[str]:
        """The words that are not in quotation marks, as typed."""
        return [term.typed for term in self.terms if not term.is_exact]

    def __bool__(self):
        return bool(self.terms)


def phrase(text: str):
    """Yield the term of words in quotation marks; of very many, the first."""
    typed = " ".join(match[0] for match in islice(WORD.finditer(text), MOST))
    written = tuple(tuple(form.split()) for form in forms(typed) if form)
    yield Term(typed, written, is_exact=True)


def word(typed: str) -> Term:
    """Return the term of one word."""
    written = tuple((form,) for form in word_forms(typed) if form)
    return Term(typed, written, is_exact=all(len(form[0]) < WHOLE_BELOW for form in written))
