"""What a query finds of the published record, counted by kind and ranked."""

from collections.abc import Sequence
from functools import cached_property

from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Q, Value, When

from ..models import SearchDocument, SearchIndex
from ..models.search import KINDS, Score
from .expressions import SYNTAX
from .references import public_documents
from .terms import Query

SORTS = {"relevance": "By relevance", "date": "by date"}
# What holds every word in its title comes first, then what holds one there; among equals the
# record's own entries and names come before the sources.
BEST = ("tier", "is_source", "-score", "table", "object_id")
NEWEST = (F("day").desc(nulls_last=True), *BEST)


class Found:
    """The results of a query: entries, outcomes and references, each once, at its best document."""

    def __init__(self, query: Query):
        self.query = query
        self.expression = SYNTAX[connection.vendor](query.terms)

    @cached_property
    def documents(self):
        """The public documents that hold every term, with the kind of result they belong to."""
        if not self.query:
            return SearchDocument.objects.none().with_kind()
        return public_documents().matching(self.expression).with_kind()

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many results each kind has."""
        rows = self.documents.order_by().values_list("kind")
        found = dict(rows.annotate(number=Count("result", distinct=True)))
        return {kind: found.get(kind, 0) for kind in KINDS}

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def tier(self):
        """Return the expression for where the terms are: all in the title, one of them, none."""
        one = When(self.titled(any_of=True) & ~Q(table="sources"), then=1)
        every = When(self.titled(any_of=False), then=0)
        return Case(every, one, default=2, output_field=IntegerField())

    def titled(self, *, any_of: bool) -> Q:
        """Return the condition that a title holds every term, or any of them."""
        syntax = SYNTAX[connection.vendor]
        expression = syntax(self.query.terms, in_title=True, any_of=any_of)
        return Q(pk__in=SearchIndex.objects.filter(words__match=expression).values("document"))

    def ranked(self, kind: str = "", sort: str = "relevance"):
        """Return the documents with the best first, or the newest; several may be of one result."""
        rows = self.documents.annotate(
            score=Score(self.expression),
            tier=self.tier(),
            is_source=Case(When(table="sources", then=1), default=Value(0)),
        )
        if kind:
            rows = rows.filter(kind=kind)
        return rows.order_by(*(NEWEST if sort == "date" else BEST))

    def best(self, number: int | None, kind: str = "", sort: str = "relevance") -> list[int]:
        """Return the ids of the best documents of the first results; of all for None."""
        keys = self.ranked(kind, sort).values_list("pk", "kind", "result")
        # A result has some documents, rarely many: what is asked for first mostly suffices.
        asked = number * 3 if number else None
        while True:
            rows = list(keys[:asked])
            results: dict[tuple[str, int], int] = {}
            for pk, of_kind, result in rows:
                results.setdefault((of_kind, result), pk)
            if not asked or len(results) >= (number or 0) or len(rows) < asked:
                return list(results.values())[:number]
            asked *= 4


class Ranked(Sequence):
    """The best documents of what is found, in order, for a paginator."""

    def __init__(self, found: Found, kind: str = "", sort: str = "relevance"):
        self.found, self.kind, self.sort = found, kind, sort

    def __len__(self):
        counts = self.found.counts
        return counts[self.kind] if self.kind else self.found.total

    def __getitem__(self, part):
        ids = self.found.best(part.stop, self.kind, self.sort)[part]
        rows = SearchDocument.objects.in_bulk(ids)
        return [rows[pk] for pk in ids]
