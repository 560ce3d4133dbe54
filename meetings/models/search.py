"""The search index: a document for each row, and the words that search may suggest.

The index does not know what is public: that is asked of the rows at each search. On SQLite
``SearchIndex`` is an FTS5 table over ``SearchDocument``, updated by triggers; on PostgreSQL it is
a view of a generated column. A migration for which SQLite remakes ``SearchDocument`` must create
the triggers again: see migration 0003.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, Func, Lookup, OuterRef, Q, Value, When

from .actors import Actor
from .discussions import Discussion
from .issues import Issue
from .meeting_parts import Outcome
from .meetings import Meeting
from .milestones import Milestone
from .pages import Page
from .places import Place
from .reactions import Reaction
from .sources import Source
from .themes import Theme

# The searched tables, with their models and the kind of result: a discussion counts as its meeting.
SEARCHED_TABLES = {
    "meetings": (Meeting, "meetings"),
    "discussions": (Discussion, "meetings"),
    "issues": (Issue, "issues"),
    "outcomes": (Outcome, "outcomes"),
    "reactions": (Reaction, "reactions"),
    "actors": (Actor, "people"),
    "places": (Place, "places"),
    "sources": (Source, "sources"),
    "themes": (Theme, "themes"),
    "milestones": (Milestone, "milestones"),
    "pages": (Page, "pages"),
}
RESULT_KINDS = tuple(dict.fromkeys(kind for _, kind in SEARCHED_TABLES.values()))


def has_public_row(table: str) -> Q:
    """Return the condition that the row of a document of one table is public."""
    model: Any = SEARCHED_TABLES[table][0]
    return Q(Exists(model.objects.published().filter(pk=OuterRef("object_id"))))


class SearchDocumentQuerySet(models.QuerySet):
    def published(self, known: Mapping[str, Iterable[int]]):
        """Return the documents of rows that the public may read now.

        ``known`` holds the ids of the public rows of some tables; for others there is a subquery.
        """
        condition = Q()
        for table in SEARCHED_TABLES:
            ids = known.get(table)
            is_public = has_public_row(table) if ids is None else Q(object_id__in_array=ids)
            # The table first, so that the database checks the cheaper condition first.
            condition |= Q(table=table) & is_public
        return self.filter(condition)

    def matching(self, expression):
        """Return the documents that match a full-text expression in the database's syntax."""
        return self.filter(index__words__match=expression)

    def with_kind(self):
        """Annotate ``kind``, and ``result``: the id of the row of that kind."""
        kinds = [
            When(table=table, then=Value(kind)) for table, (_, kind) in SEARCHED_TABLES.items()
        ]
        return self.annotate(
            kind=Case(*kinds, output_field=models.CharField()),
            result=Case(When(table="outcomes", then=F("object_id")), default=F("entry_id")),
        )


class SearchDocument(models.Model):
    """The searched text of one row.

    ``entry_id`` is the row's own id, or that of the entry it is a part of. ``words`` are as
    written; ``title``, ``context`` (day, place, names of related rows) and ``text`` are folded by
    ``meetings.search.normalize``.
    """

    table = models.CharField(max_length=20)
    object_id = models.PositiveBigIntegerField()
    entry_id = models.PositiveBigIntegerField()
    day = models.DateField(null=True)
    words = models.TextField()
    title = models.TextField()
    context = models.TextField()
    text = models.TextField()

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["table", "object_id"], name="search_document_once")
        ]
        indexes = [models.Index(fields=["table", "entry_id"], name="search_document_of_entry")]

    def __str__(self):
        return f"{self.table} {self.object_id}"


class SearchIndex(models.Model):
    """The database's full-text index of a document, for ``index__words__match``."""

    document = models.OneToOneField(
        SearchDocument,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_column="rowid",
        db_constraint=False,
        related_name="index",
    )
    # In FTS5, the column to match has the name of the table.
    words = models.TextField(db_column="meetings_searchindex")
    rank = models.FloatField()

    class Meta:
        managed = False
        db_table = "meetings_searchindex"
        default_permissions = []

    def __str__(self):
        return str(self.document_id)


@models.TextField.register_lookup
class FullTextMatch(Lookup):
    """``words__match``: a full-text match of an expression in the database's syntax."""

    lookup_name = "match"

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        value, more = self.process_rhs(compiler, connection)
        return f"{column} MATCH {value}", (*params, *more)

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        value, more = self.process_rhs(compiler, connection)
        return f"{column} @@ to_tsquery('simple', {value})", (*params, *more)


class RelevanceScore(Func):
    """How well a document matches an expression: higher is better; the title has most weight."""

    output_field = models.FloatField()

    def __init__(self, expression):
        super().__init__(F("index__words"), F("index__rank"), Value(expression))

    def as_sqlite(self, compiler, connection, **extra):
        rank, params = compiler.compile(self.source_expressions[1])
        return f"-{rank}", params

    def as_postgresql(self, compiler, connection, **extra):
        vector, params = compiler.compile(self.source_expressions[0])
        value, more = compiler.compile(self.source_expressions[2])
        return f"ts_rank({vector}, to_tsquery('simple', {value}), 1)", (*params, *more)


class SearchWord(models.Model):
    """A word of the record, folded and as first written, which search may suggest."""

    word = models.CharField(max_length=100, unique=True)
    written = models.CharField(max_length=200)

    class Meta:
        default_permissions = []

    def __str__(self):
        return self.written
