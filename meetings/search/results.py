"""The results on a page of search, as a reader sees them, read from their own tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language_info

from ..models import Actor, Issue, Meeting, SearchDocument
from ..models.search import SEARCHED_TABLES
from .excerpts import ExcerptPiece, excerpt, marked, matching_sentences
from .references import published_references
from .terms import Query


@dataclass(frozen=True)
class Result:
    """A result: its kind, title and address, further facts, and an excerpt around the terms.

    The title and the excerpt are in pieces, of which those that match are to be marked.
    """

    kind: str
    kicker: str
    title_pieces: list[ExcerptPiece]
    address: str
    day: date | None
    pieces: list[ExcerptPiece]
    facts: list[str]

    @property
    def title(self) -> str:
        return "".join(piece.text for piece in self.title_pieces)

    @property
    def excerpt(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class ResultDisplay:
    """How the rows of one table are shown as results; ``add_counts`` changes them."""

    select_related: tuple[str, ...] = ()
    title: Callable[[Any], str] = str
    facts: Callable[[Any], Iterable[str]] = lambda row: ()
    add_counts: Callable[[list], None] = lambda rows: None


def count_label(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}".replace(",", " ") if count else ""


def discussion_facts(row) -> Iterable[str]:
    planned = "What was discussed" if row.meeting.is_held else "What was planned"
    return (f"In: {planned}, {row.issue.title}",)


def reaction_facts(row) -> Iterable[str]:
    yield from (row.role, row.affiliation, str(row.country.name), row.get_stance_display())
    yield f"On: {row.meeting.title}"


def source_facts(row) -> Iterable[str]:
    in_language = f", in {language_label(row.language)}" if row.language not in {"", "en"} else ""
    return (row.publisher, f"{row.get_kind_display()}{in_language}")


def language_label(tag: str) -> str:
    try:
        return get_language_info(tag)["name"]
    except KeyError:
        return tag


def issue_facts(row) -> Iterable[str]:
    return (
        count_label(row.held_count, "meeting"),
        f"{row.not_held_count} not held" if row.not_held_count else "",
        count_label(row.call_count, "call"),
        count_label(row.reaction_count, "reaction"),
    )


def actor_facts(row) -> Iterable[str]:
    return (
        count_label(row.meeting_count, "meeting"),
        count_label(row.call_count, "call"),
        f"in {count_label(row.delegation_count, 'delegation')}" if row.delegation_count else "",
        f"named for {row.planned_count} not held" if row.planned_count else "",
        count_label(row.reaction_count, "reaction"),
    )


DISPLAYS = {
    "meetings": ResultDisplay(("place",), facts=lambda row: (row.place.city if row.place else "",)),
    "discussions": ResultDisplay(
        ("meeting", "issue"), title=lambda row: row.meeting.title, facts=discussion_facts
    ),
    "outcomes": ResultDisplay(
        ("meeting",),
        title=lambda row: row.meeting.title,
        facts=lambda row: (row.get_state_display(),),
    ),
    "issues": ResultDisplay(facts=issue_facts, add_counts=Issue.objects.add_counts),
    "reactions": ResultDisplay(("meeting",), facts=reaction_facts),
    "actors": ResultDisplay(facts=actor_facts, add_counts=Actor.objects.add_counts),
    "places": ResultDisplay(facts=lambda row: (str(row.country.name),)),
    "sources": ResultDisplay(facts=source_facts),
    "themes": ResultDisplay(),
    "milestones": ResultDisplay(facts=lambda row: (row.get_kind_display(),)),
    "pages": ResultDisplay(),
}


def results(documents: Iterable[SearchDocument], query: Query) -> list[Result]:
    """Return the results of some documents, in the same order, with one query a table.

    A row that has ceased to be public since the search is left out.
    """
    documents = list(documents)
    rows: dict[tuple[str, int], Any] = {}
    for table in dict.fromkeys(document.table for document in documents):
        ids = [document.object_id for document in documents if document.table == table]
        found = published_references(table).select_related(*DISPLAYS[table].select_related)
        if query.asks_participants:
            found = found.prefetch_related("participations__actor")
        by_id = found.in_bulk(ids)
        if by_id:
            DISPLAYS[table].add_counts(list(by_id.values()))
        rows |= {(table, pk): row for pk, row in by_id.items()}
    keys = [(document, (document.table, document.object_id)) for document in documents]
    return [result_of(document, rows[key], query) for document, key in keys if key in rows]


def result_of(document: SearchDocument, row, query: Query) -> Result:
    """Return the result of a document and its row."""
    display = DISPLAYS[document.table]
    entry = row.meeting if document.table == "discussions" else row
    return Result(
        kind=SEARCHED_TABLES[document.table][1],
        kicker=kicker_of(entry),
        title_pieces=marked(display.title(row), query.terms),
        address=row.get_absolute_url() + ("#participants" if query.asks_participants else ""),
        day=document.day,
        pieces=excerpt(words_shown(document, row, query), query.terms),
        facts=[fact for fact in display.facts(row) if fact],
    )


def words_shown(document: SearchDocument, row, query: Query) -> str:
    """Return the words of a document from which a result shows an excerpt.

    Of a question for participants those are their names. The notes of sources are remarks of the
    desk as well: only what matches in them is shown.
    """
    if query.asks_participants:
        return "; ".join(person.actor.name for person in row.participations.all())
    if document.table == "sources":
        return matching_sentences(document.words, query.terms)
    return document.words


def kicker_of(row) -> str:
    """Return the label of a result's kind: Meeting, Call, Person, Organisation …"""
    if isinstance(row, Actor):
        return row.get_kind_display()
    if isinstance(row, Meeting) and row.is_call:
        return "Call"
    return str(row._meta.verbose_name).capitalize()
