"""The results of one page of search, as a reader sees them: read anew from their own tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language_info

from ..models import Actor, Issue, SearchDocument
from ..models.search import SEARCHED
from .excerpts import Piece, excerpt
from .references import public_rows
from .terms import Query


@dataclass(frozen=True)
class Result:
    """One result: its kind in a word, its title and address, the words around what was found."""

    kind: str
    kicker: str
    title: str
    address: str
    day: date | None
    pieces: list[Piece]
    facts: list[str]

    @property
    def excerpt(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Shown:
    """How the rows of one table are shown as results."""

    follow: tuple[str, ...] = ()
    title: Callable[[Any], str] = str
    facts: Callable[[Any], Iterable[str]] = lambda row: ()
    complete: Callable[[list], None] = lambda rows: None


def number_of(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}".replace(",", " ") if count else ""


def discussion_facts(row) -> Iterable[str]:
    planned = "What was discussed" if row.meeting.is_held else "What was planned"
    return (f"In: {planned}, {row.issue.title}",)


def reaction_facts(row) -> Iterable[str]:
    yield from (row.role, row.affiliation, str(row.country.name), row.get_stance_display())
    yield f"On: {row.meeting.title}"


def source_facts(row) -> Iterable[str]:
    in_language = f", in {language_name(row.language)}" if row.language not in {"", "en"} else ""
    return (row.publisher, f"{row.get_kind_display()}{in_language}")


def language_name(tag: str) -> str:
    try:
        return get_language_info(tag)["name"]
    except KeyError:
        return tag


def counted(model) -> Callable[[list], None]:
    return lambda rows: model.objects.add_counts(rows) if rows else None


def count_facts(row) -> Iterable[str]:
    return (number_of(row.meeting_count, "meeting"), number_of(row.reaction_count, "reaction"))


SHOWN = {
    "meetings": Shown(("place",), facts=lambda row: (row.place.city if row.place else "",)),
    "discussions": Shown(
        ("meeting", "issue"), title=lambda row: row.meeting.title, facts=discussion_facts
    ),
    "outcomes": Shown(
        ("meeting",),
        title=lambda row: row.meeting.title,
        facts=lambda row: (row.get_state_display(),),
    ),
    "issues": Shown(facts=count_facts, complete=counted(Issue)),
    "reactions": Shown(("meeting",), facts=reaction_facts),
    "actors": Shown(facts=count_facts, complete=counted(Actor)),
    "places": Shown(facts=lambda row: (str(row.country.name),)),
    "sources": Shown(facts=source_facts),
    "themes": Shown(),
    "milestones": Shown(facts=lambda row: (row.get_kind_display(),)),
    "pages": Shown(),
}


def results(documents: Iterable[SearchDocument], query: Query) -> list[Result]:
    """Return the results that some documents stand for, in their order.

    Each table is asked once. A row that is not public any more since the search is left out.
    """
    documents = list(documents)
    rows: dict[tuple[str, int], Any] = {}
    for table in dict.fromkeys(document.table for document in documents):
        ids = [document.object_id for document in documents if document.table == table]
        found = public_rows(table).select_related(*SHOWN[table].follow)
        by_id = found.in_bulk(ids)
        SHOWN[table].complete(list(by_id.values()))
        rows |= {(table, pk): row for pk, row in by_id.items()}
    keys = [(document, (document.table, document.object_id)) for document in documents]
    return [result_of(document, rows[key], query) for document, key in keys if key in rows]


def result_of(document: SearchDocument, row, query: Query) -> Result:
    """Return one result."""
    shown = SHOWN[document.table]
    is_discussion = document.table == "discussions"
    model = type(row.meeting) if is_discussion else type(row)
    return Result(
        kind=SEARCHED[document.table][1],
        kicker=kicker_of(row, model),
        title=shown.title(row),
        address=row.get_absolute_url(),
        day=document.day,
        pieces=excerpt(document.words, query.terms),
        facts=[fact for fact in shown.facts(row) if fact],
    )


def kicker_of(row, model) -> str:
    """Return the kind of a result in a word: Meeting, Person, Organisation …"""
    return row.get_kind_display() if model is Actor else str(model._meta.verbose_name).capitalize()
