"""Another spelling for a query that finds nothing, if that one finds something.

The words come from the whole record, drafts included; only what finds something public is said.
"""

from difflib import get_close_matches

from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from ..models import SearchWord
from .query import Found
from .terms import Query, Term

# More unknown words than these are not misspelt, but about something else.
MOST_UNKNOWN = 3
MOST_TERMS = 8
CANDIDATES = 4_000
CLOSE = 0.72


def suggestion(query: Query) -> Query | None:
    """Return the query with its unknown words replaced by known ones, if that finds something."""
    if not 0 < len(query.terms) <= MOST_TERMS:
        return None
    unknown = [term for term in query.terms if not term.is_exact and not is_known(term)]
    if not 0 < len(unknown) <= MOST_UNKNOWN:
        return None
    mended = query.text
    for term in unknown:
        word = nearest(term)
        if not word:
            return None
        mended = mended.replace(term.typed, word, 1)
    found = Query(mended)
    return found if Found(found).total else None


def is_known(term: Term) -> bool:
    """Return whether the public record has a word that a term finds."""
    return Found(Query(term.typed)).documents.exists()


def nearest(term: Term) -> str:
    """Return the word nearest to a term that is found in public, as it is written there."""
    typed = term.forms[0][0]
    if len(typed) < 3:
        return ""
    alike = Q(word__startswith=typed[0]) | Q(word__endswith=typed[-3:])
    length = Length("word")
    words = SearchWord.objects.filter(
        alike, GreaterThanOrEqual(length, len(typed) - 2), LessThanOrEqual(length, len(typed) + 2)
    )
    written = dict(words.values_list("word", "written")[:CANDIDATES])
    for word in get_close_matches(typed, written, n=3, cutoff=CLOSE):
        if is_known(Term(word, ((word,),), is_exact=False)):
            return written[word]
    return ""
