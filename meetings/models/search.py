"""The index of search: what is looked through for each row, and the words it may suggest.

What is public is asked of the rows themselves when somebody searches, not kept here. On SQLite
``SearchIndex`` is an FTS5 table over ``SearchDocument``, kept up by triggers; on PostgreSQL it is
a view of a generated column. A migration that has SQLite remake ``SearchDocument`` must make the
triggers again: see migration 0003.
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

# The tables whose rows are looked through, and the word of the address under which they are found:
# what was discussed is found as its meeting.
SEARCHED = {
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
KINDS = tuple(dict.fromkeys(kind for _, kind in SEARCHED.values()))


def has_public_row(table: str) -> Q:
    """Return the condition that the public may read the row of a document of one table."""
    model: Any = SEARCHED[table][0]
    return Q(Exists(model.objects.published().filter(pk=OuterRef("object_id"))))


class SearchDocumentQuerySet(models.QuerySet):
    def published(self, known: Mapping[str, Iterable[int]]):
        """Return the documents of rows that the public may read now.

        Of some tables the ids of those rows are ``known``; of the others they are asked.
        """
        condition = Q()
        for table in SEARCHED:
            ids = known.get(table)
            is_public = has_public_row(table) if ids is None else Q(object_id__among=ids)
            # The table first: a database asks what is cheap before what is dear only if told so.
            condition |= Q(table=table) & is_public
        return self.filter(condition)

    def matching(self, expression):
        """Return the documents in which the database finds an expression in its own syntax."""
        return self.filter(index__words__match=expression)

    def with_kind(self):
        """Add ``kind``, and ``result``: the id of the row of that kind that is found."""
        kinds = [When(table=table, then=Value(kind)) for table, (_, kind) in SEARCHED.items()]
        return self.annotate(
            kind=Case(*kinds, output_field=models.CharField()),
            result=Case(When(table="outcomes", then=F("object_id")), default=F("entry_id")),
        )


class SearchDocument(models.Model):
    """What is looked through for one row: its words, as written and as folded for comparing.

    ``entry_id`` is the row's own id, or that of the entry it is a part of. ``title``, ``context``
    (day, place, names of what it belongs to) and ``text`` are normalized by
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
    """The database's own full-text index of a document, for ``index__words__match``."""

    document = models.OneToOneField(
        SearchDocument,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_column="rowid",
        db_constraint=False,
        related_name="index",
    )
    # FTS5 calls the column that is matched by the name of its table.
    words = models.TextField(db_column="meetings_searchindex")
    rank = models.FloatField()

    class Meta:
        managed = False
        db_table = "meetings_searchindex"
        default_permissions = []

    def __str__(self):
        return str(self.document_id)


@models.TextField.register_lookup
class Match(Lookup):
    """Whether a full-text index holds an expression written in its database's syntax."""

    lookup_name = "match"

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        value, more = self.process_rhs(compiler, connection)
        return f"{column} MATCH {value}", (*params, *more)

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        value, more = self.process_rhs(compiler, connection)
        return f"{column} @@ to_tsquery('simple', {value})", (*params, *more)


class Score(Func):
    """How well a document matches an expression: the more, the better; the title weighs most."""

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
    """A word that occurs in the record, folded and as first written; search may suggest it."""

    word = models.CharField(max_length=100, unique=True)
    written = models.CharField(max_length=200)

    class Meta:
        default_permissions = []

    def __str__(self):
        return self.written
