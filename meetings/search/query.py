"""The matches of a query in the published record, counted by kind and ranked."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.db.models.functions import Length, Replace

from ..models import SearchDocument, SearchIndex
from ..models.search import RESULT_KINDS, RelevanceScore
from .expressions import SYNTAX
from .references import public_documents, published_references
from .terms import Query

# As many documents are asked for by table whether they are public, and counted one by one; of more
# the database is asked in one query, which takes longer to write than these to answer.
FEW_DOCUMENTS = 200

SORT_LABELS = {"relevance": "By relevance", "date": "by date"}
# Matches with every term in the title come first, then those with one there; among equals, the
# record's own entries and names come before the sources. A headline has many words: a source is
# called what was typed only where that is at least half of its title.
RELEVANCE_ORDER = ("tier", "is_source", "-score", "table", "object_id")
NEWEST_ORDER = (F("day").desc(nulls_last=True), *RELEVANCE_ORDER)


class FoundDocument(NamedTuple):
    """A document that matches: its row, and the result that it is part of."""

    pk: int
    table: str
    object_id: int
    kind: str
    result: int


class SearchMatches:
    """The public entries, outcomes and references that match a query, each counted once."""

    def __init__(self, query: Query):
        self.query = query
        self.expression = SYNTAX[connection.vendor](query.terms)

    def matching(self, documents):
        """Return those of some documents that have every term, annotated with their results."""
        found = documents.matching(self.expression).with_kind()
        return found.filter(table="meetings") if self.query.asks_participants else found

    @cached_property
    def few(self) -> list[FoundDocument] | None:
        """The public documents with every term, in no order; None if there may be many."""
        if not self.query:
            return []
        rows = self.matching(SearchDocument.objects.all()).values_list(*FoundDocument._fields)
        found = [FoundDocument(*row) for row in rows[: FEW_DOCUMENTS + 1]]
        if len(found) > FEW_DOCUMENTS:
            return None
        public: dict[str, set[int]] = {}
        for table in {document.table for document in found}:
            ids = [document.object_id for document in found if document.table == table]
            rows = published_references(table).filter(pk__in=ids)
            public[table] = set(rows.order_by().values_list("pk", flat=True))
        return [document for document in found if document.object_id in public[document.table]]

    @cached_property
    def documents(self):
        """The public documents with every term, annotated with the kind of their result."""
        if self.few is None:
            return self.matching(public_documents())
        ids = [document.pk for document in self.few]
        return self.matching(SearchDocument.objects.filter(pk__in=ids))

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of results of each kind."""
        if self.few is None:
            rows = self.documents.order_by().values_list("kind")
            found = dict(rows.annotate(number=Count("result", distinct=True)))
        else:
            found = Counter(kind for kind, _ in {(each.kind, each.result) for each in self.few})
        return {kind: found.get(kind, 0) for kind in RESULT_KINDS}

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def exist(self) -> bool:
        """Return whether there is any, in one query."""
        return self.matching(public_documents()).exists()

    def tier(self):
        """Return the expression for the terms in the title: 0 for all, 1 for some, 2 for none."""
        typed = sum(len(term.forms[0]) for term in self.query.terms)
        is_called_so = ~Q(table="sources") | Q(title_words__lte=2 * typed)
        some = When(self.titled(any_of=True) & ~Q(table="sources"), then=1)
        every = When(self.titled(any_of=False) & is_called_so, then=0)
        return Case(every, some, default=2, output_field=IntegerField())

    def titled(self, *, any_of: bool) -> Q:
        """Return the condition that a title has every term, or any of them."""
        syntax = SYNTAX[connection.vendor]
        expression = syntax(self.query.terms, in_title=True, any_of=any_of)
        return Q(pk__in=SearchIndex.objects.filter(words__match=expression).values("document"))

    def ranked(self, kind: str = "", sort: str = "relevance"):
        """Return the documents by relevance or date; one result may have several of them."""
        rows = self.documents.annotate(
            score=RelevanceScore(self.expression),
            title_words=Length("title") - Length(Replace("title", Value(" "))) + 1,
            tier=self.tier(),
            is_source=Case(When(table="sources", then=1), default=Value(0)),
        )
        if kind:
            rows = rows.filter(kind=kind)
        return rows.order_by(*(NEWEST_ORDER if sort == "date" else RELEVANCE_ORDER))

    def best(self, number: int | None, kind: str = "", sort: str = "relevance") -> list[int]:
        """Return the id of the best document of each of the first ``number`` results, or of all."""
        keys = self.ranked(kind, sort).values_list("pk", "kind", "result")
        # Few results have many documents, so the first query nearly always suffices.
        limit = number * 3 if number else None
        while True:
            rows = list(keys[:limit])
            results: dict[tuple[str, int], int] = {}
            for pk, result_kind, result in rows:
                results.setdefault((result_kind, result), pk)
            if not limit or len(results) >= (number or 0) or len(rows) < limit:
                return list(results.values())[:number]
            limit *= 4


class RankedMatches(Sequence):
    """The best document of each result, in order, as a sequence for a paginator."""

    def __init__(self, matches: SearchMatches, kind: str = "", sort: str = "relevance"):
        self.matches, self.kind, self.sort = matches, kind, sort

    def __len__(self):
        counts = self.matches.counts
        return counts[self.kind] if self.kind else self.matches.total

    def __getitem__(self, part):
        ids = self.matches.best(part.stop, self.kind, self.sort)[part]
        rows = SearchDocument.objects.in_bulk(ids)
        return [rows[pk] for pk in ids]
