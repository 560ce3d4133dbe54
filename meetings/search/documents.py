"""What search looks through for each row of a table: its title, what it belongs to, its words.

A document is public when its row is, so it holds only what is public whenever the row is: a
meeting's holds its readouts, while a discussion has one of its own, because it is public only when
its issue is too. ``meetings.search.index`` writes them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db.models import Prefetch
from django_countries.fields import Country

from ..models import Participation
from ..models.search import SEARCHED
from ..text.rendering import plain_text
from .normalize import fold, other_forms

# PostgreSQL refuses a text whose words fill more than a megabyte; so much of one always fits.
LONGEST = 400_000


class Document(NamedTuple):
    """What search looks through for one row, as ``SearchDocument`` keeps it.

    ``heading`` is its title and context as written, for whoever learns words from it.
    """

    table: str
    object_id: int
    entry_id: int
    day: date | None
    words: str
    title: str
    context: str
    text: str
    heading: str


@dataclass(frozen=True)
class Described:
    """How the documents of one table are made: what is fetched, and what each holds of a row."""

    title: Callable[[Any], Iterable[str]]
    words: Callable[[Any], Iterable[str]]
    context: Callable[[Any], Iterable[str]] = lambda row: ()
    day: Callable[[Any], date | None] = lambda row: None
    entry_id: Callable[[Any], int] = lambda row: row.pk
    follow: tuple[str, ...] = ()
    beside: tuple[Any, ...] = ()
    # Of a table with very many rows: the values instead, and what columns of several slugs name.
    values: tuple[str, ...] = ()
    named: dict[str, str] = field(default_factory=dict)


def day_words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


@lru_cache(maxsize=1_000)
def country_name(code: str | None) -> str:
    """Return the name of a country; of none, nothing."""
    return str(Country(code).name) if code else ""


def place_words(place) -> Iterator[str]:
    """Yield what a place is called."""
    if place:
        yield from (place.venue, place.city, country_name(place.country.code))


def meeting_words(meeting) -> Iterator[str]:
    yield from (meeting.summary, meeting.body, meeting.accounts_differ)
    yield from (readout.text for readout in meeting.readouts.all())
    yield from (meeting.participants_note, meeting.duration_note, meeting.date_note)
    people = (
        ", ".join(filter(None, (part.actor.name, part.role)))
        for part in meeting.participations.all()
    )
    yield "; ".join(people)


def meeting_context(meeting) -> Iterator[str]:
    yield from (day_words(meeting.starts_on), meeting.forum)
    yield from place_words(meeting.place)


def part_context(part) -> Iterator[str]:
    """Yield what places a part of a meeting."""
    yield part.meeting.title
    yield from meeting_context(part.meeting)


def discussion_words(discussion) -> Iterator[str]:
    yield discussion.summary
    yield from (account.text for account in discussion.accounts)
    yield discussion.outcome


def discussion_context(discussion) -> Iterator[str]:
    yield discussion.issue.title
    yield from part_context(discussion)


def reaction_words(reaction) -> Iterator[str]:
    yield reaction.summary
    if reaction.quotation:
        yield f"“{reaction.quotation}”"
    yield ", ".join(filter(None, (reaction.role, reaction.affiliation)))


def reaction_context(reaction) -> Iterator[str]:
    yield from reaction.actors
    yield from (country_name(reaction.country), day_words(reaction.reacted_on))
    yield reaction.meeting__title
    yield from reaction.issues


DESCRIBED = {
    "meetings": Described(
        title=lambda row: [row.title],
        context=meeting_context,
        words=meeting_words,
        day=lambda row: row.starts_on,
        follow=("place",),
        beside=(
            "readouts",
            Prefetch("participations", Participation.objects.select_related("actor")),
        ),
    ),
    "discussions": Described(
        title=lambda row: [],
        context=discussion_context,
        words=discussion_words,
        day=lambda row: row.meeting.starts_on,
        entry_id=lambda row: row.meeting_id,
        follow=("meeting__place", "issue"),
        beside=("meeting__accounts",),
    ),
    "outcomes": Described(
        title=lambda row: [],
        context=lambda row: [row.get_state_display(), *part_context(row)],
        words=lambda row: [row.text],
        day=lambda row: row.meeting.starts_on,
        entry_id=lambda row: row.meeting_id,
        follow=("meeting__place",),
    ),
    "issues": Described(
        title=lambda row: [row.title],
        words=lambda row: [row.summary, row.body, *(part.text for part in row.positions.all())],
        beside=("positions",),
    ),
    "reactions": Described(
        title=lambda row: [row.attribution],
        context=reaction_context,
        words=reaction_words,
        day=lambda row: row.reacted_on,
        values=(
            *("pk", "attribution", "role", "affiliation", "country", "reacted_on", "summary"),
            *("quotation", "meeting__title"),
        ),
        named={"actors": "name", "issues": "title"},
    ),
    "actors": Described(
        title=lambda row: [row.name],
        context=lambda row: [row.sort_name, country_name(row.country.code)],
        words=lambda row: [row.description],
    ),
    "places": Described(
        title=lambda row: [row.venue, row.city],
        words=lambda row: [", ".join(filter(None, place_words(row)))],
    ),
    "sources": Described(
        title=lambda row: [row.title],
        context=lambda row: [row.publisher, row.authors, row.get_kind_display()],
        words=lambda row: [", ".join(filter(None, (row.authors, row.publisher))), row.note],
        day=lambda row: row.published,
    ),
    "themes": Described(
        title=lambda row: [row.title],
        words=lambda row: [row.summary, row.body, row.views_for, row.views_against],
    ),
    "milestones": Described(
        title=lambda row: [row.title],
        context=lambda row: [day_words(row.occurred_on), row.get_kind_display()],
        words=lambda row: [row.summary],
        day=lambda row: row.occurred_on,
    ),
    "pages": Described(
        title=lambda row: [row.title],
        words=lambda row: [row.summary, row.body],
    ),
}


def documents(table: str, **lookups) -> Iterator[Document]:
    """Yield the documents of a table's rows as they should be now."""
    model, described = SEARCHED[table][0], DESCRIBED[table]
    found = model._default_manager.filter(**lookups)
    if described.values:
        rows: Iterable[Any] = light_rows(model, described, found)
    else:
        rows = found.select_related(*described.follow).prefetch_related(*described.beside)
    for row in rows:
        yield document_of(table, described, row)


def light_rows(model, described: Described, found) -> list[SimpleNamespace]:
    """Return rows as their values alone, with what they name as a list of names."""
    rows = {values["pk"]: SimpleNamespace(**values) for values in found.values(*described.values)}
    for column, name in described.named.items():
        relation = model._meta.get_field(column)
        here, there = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        for row in rows.values():
            setattr(row, column, [])
        links = relation.remote_field.through._default_manager.filter(**{f"{here}__among": rows})
        for pk, named in links.order_by(there).values_list(f"{here}_id", f"{there}__{name}"):
            getattr(rows[pk], column).append(named)
    return list(rows.values())


def document_of(table: str, described: Described, row) -> Document:
    """Return the document of one row."""
    title = " ".join(filter(None, described.title(row)))
    context = " ".join(filter(None, described.context(row)))
    words = "\n".join(plain_text(text) for text in described.words(row) if text)[:LONGEST]
    heading = f"{title} {context}"
    return Document(
        table=table,
        object_id=row.pk,
        entry_id=described.entry_id(row),
        day=described.day(row),
        words=words,
        title=fold(title),
        context=f"{fold(context)} {other_forms(heading)}".strip(),
        text=f"{fold(words)} {other_forms(words)}".strip()[:LONGEST],
        heading=heading,
    )
