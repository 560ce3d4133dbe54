"""Corrected spelling for a query that finds nothing, if the correction finds something.

The words come from the whole record, drafts included, but only words in public documents are
suggested.
"""

from difflib import get_close_matches

from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from ..models import SearchWord
from .query import SearchMatches
from .terms import Query, Term

# A query with more unknown words is not misspelt, but about something else.
MAX_UNKNOWN_TERMS = 3
MAX_CORRECTED_TERMS = 8
MAX_CANDIDATE_WORDS = 4_000
MIN_SIMILARITY = 0.72


def suggest(query: Query) -> Query | None:
    """Return the query with its unknown words replaced by known ones, if that finds something."""
    if not 0 < len(query.terms) <= MAX_CORRECTED_TERMS:
        return None
    unknown = [term for term in query.terms if not term.is_exact and not is_known(term)]
    if not 0 < len(unknown) <= MAX_UNKNOWN_TERMS:
        return None
    corrected = query.text
    for term in unknown:
        word = nearest_word(term)
        if not word:
            return None
        corrected = corrected.replace(term.typed, word, 1)
    found = Query(corrected)
    return found if SearchMatches(found).total else None


def is_known(term: Term) -> bool:
    """Return whether a term matches a public document."""
    return SearchMatches(Query(term.typed)).exist()


def nearest_word(term: Term) -> str:
    """Return the public word closest to a term, as first written; or an empty text."""
    typed = term.forms[0][0]
    if len(typed) < 3:
        return ""
    alike = Q(word__startswith=typed[0]) | Q(word__endswith=typed[-3:])
    length = Length("word")
    words = SearchWord.objects.filter(
        alike, GreaterThanOrEqual(length, len(typed) - 2), LessThanOrEqual(length, len(typed) + 2)
    )
    written = dict(words.values_list("word", "written")[:MAX_CANDIDATE_WORDS])
    for word in get_close_matches(typed, written, n=3, cutoff=MIN_SIMILARITY):
        if is_known(Term(word, ((word,),), is_exact=False)):
            return written[word]
    return ""
