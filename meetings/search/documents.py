"""Search documents: the title, the context and the words of a row, as they are searched.

A document is public when its row is, so it holds only what is public whenever the row is: that of
a meeting holds its readouts, but a discussion has its own, because it is public only when its issue
is too. ``meetings.search.index`` writes them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db.models import Prefetch

from ..models import Participation
from ..models.search import SEARCHED_TABLES
from ..text.countries import country_name
from ..text.rendering import plain_text
from .normalize import fold, further_latin_forms

# PostgreSQL refuses a text whose words fill more than a megabyte; this much always fits.
MAX_DOCUMENT_CHARACTERS = 400_000


class Document(NamedTuple):
    """The fields of a ``SearchDocument``, and ``heading``: title and context before normalization.

    Search takes the words that it suggests from ``heading`` and ``words``.
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
class DocumentDefinition:
    """How the documents of one table are made: what to fetch, and what each holds of a row.

    A table with very many rows is read without objects: its ``values``, and for each many-to-many
    column in ``related_names`` a column of the related rows.
    """

    title: Callable[[Any], Iterable[str]]
    words: Callable[[Any], Iterable[str]]
    context: Callable[[Any], Iterable[str]] = lambda row: ()
    day: Callable[[Any], date | None] = lambda row: None
    entry_id: Callable[[Any], int] = lambda row: row.pk
    select_related: tuple[str, ...] = ()
    prefetch_related: tuple[Any, ...] = ()
    values: tuple[str, ...] = ()
    related_names: dict[str, str] = field(default_factory=dict)


def date_words(day: date | None) -> str:
    return f"{day.day} {day:%B} {day.year}" if day else ""


def place_words(place) -> Iterator[str]:
    """Yield the names of a place: venue, city, country."""
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
    yield from (date_words(meeting.starts_on), meeting.forum)
    yield from place_words(meeting.place)


def part_context(part) -> Iterator[str]:
    """Yield the title and the context of a part's meeting."""
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
    yield from (country_name(reaction.country), date_words(reaction.reacted_on))
    yield reaction.meeting__title
    yield from reaction.issues


DEFINITIONS = {
    "meetings": DocumentDefinition(
        title=lambda row: [row.title],
        context=meeting_context,
        words=meeting_words,
        day=lambda row: row.starts_on,
        select_related=("place",),
        prefetch_related=(
            "readouts",
            Prefetch("participations", Participation.objects.select_related("actor")),
        ),
    ),
    "discussions": DocumentDefinition(
        title=lambda row: [],
        context=discussion_context,
        words=discussion_words,
        day=lambda row: row.meeting.starts_on,
        entry_id=lambda row: row.meeting_id,
        select_related=("meeting__place", "issue"),
        prefetch_related=("meeting__accounts",),
    ),
    "outcomes": DocumentDefinition(
        title=lambda row: [],
        context=lambda row: [row.get_state_display(), *part_context(row)],
        words=lambda row: [row.text],
        day=lambda row: row.meeting.starts_on,
        entry_id=lambda row: row.meeting_id,
        select_related=("meeting__place",),
    ),
    "issues": DocumentDefinition(
        title=lambda row: [row.title],
        words=lambda row: [row.summary, row.body, *(part.text for part in row.positions.all())],
        prefetch_related=("positions",),
    ),
    "reactions": DocumentDefinition(
        title=lambda row: [row.attribution],
        context=reaction_context,
        words=reaction_words,
        day=lambda row: row.reacted_on,
        values=(
            "pk",
            "attribution",
            "role",
            "affiliation",
            "country",
            "reacted_on",
            "summary",
            "quotation",
            "meeting__title",
        ),
        related_names={"actors": "name", "issues": "title"},
    ),
    "actors": DocumentDefinition(
        title=lambda row: [row.name, *row.names_besides],
        context=lambda row: [row.sort_name, country_name(row.country.code)],
        words=lambda row: [row.description, ", ".join(row.names_besides)],
    ),
    "places": DocumentDefinition(
        title=lambda row: [row.venue, row.city],
        words=lambda row: [", ".join(filter(None, place_words(row)))],
    ),
    "sources": DocumentDefinition(
        title=lambda row: [row.title],
        context=lambda row: [row.publisher, row.authors, row.get_kind_display()],
        words=lambda row: [row.note],
        day=lambda row: row.published,
    ),
    "themes": DocumentDefinition(
        title=lambda row: [row.title],
        words=lambda row: [row.summary, row.body, row.views_for, row.views_against],
    ),
    "milestones": DocumentDefinition(
        title=lambda row: [row.title],
        context=lambda row: [date_words(row.occurred_on), row.get_kind_display()],
        words=lambda row: [row.summary],
        day=lambda row: row.occurred_on,
    ),
    "pages": DocumentDefinition(
        title=lambda row: [row.title],
        words=lambda row: [row.summary, row.body],
    ),
}


def documents(table: str, **lookups) -> Iterator[Document]:
    """Yield the current documents of a table's rows, filtered by lookups."""
    model, definition = SEARCHED_TABLES[table][0], DEFINITIONS[table]
    found = model._default_manager.filter(**lookups)
    if definition.values:
        rows: Iterable[Any] = value_rows(model, definition, found)
    else:
        rows = found.select_related(*definition.select_related)
        rows = rows.prefetch_related(*definition.prefetch_related)
    for row in rows:
        yield document_of(table, definition, row)


def value_rows(model, definition: DocumentDefinition, found) -> list[SimpleNamespace]:
    """Return a queryset's values as attributes, with lists of the names of related rows."""
    rows = {values["pk"]: SimpleNamespace(**values) for values in found.values(*definition.values)}
    for column, name in definition.related_names.items():
        relation = model._meta.get_field(column)
        own_key, other_key = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        for row in rows.values():
            setattr(row, column, [])
        through = relation.remote_field.through._default_manager
        links = through.filter(**{f"{own_key}__in_array": rows}).order_by(other_key)
        for pk, related in links.values_list(f"{own_key}_id", f"{other_key}__{name}"):
            getattr(rows[pk], column).append(related)
    return list(rows.values())


def document_of(table: str, definition: DocumentDefinition, row) -> Document:
    """Return the document of a row."""
    title = " ".join(filter(None, definition.title(row)))
    context = " ".join(filter(None, definition.context(row)))
    texts = (plain_text(text) for text in definition.words(row) if text)
    words = "\n".join(texts)[:MAX_DOCUMENT_CHARACTERS]
    heading = f"{title} {context}"
    return Document(
        table=table,
        object_id=row.pk,
        entry_id=definition.entry_id(row),
        day=definition.day(row),
        words=words,
        title=fold(title),
        context=f"{fold(context)} {further_latin_forms(heading)}".strip(),
        text=f"{fold(words)} {further_latin_forms(words)}".strip()[:MAX_DOCUMENT_CHARACTERS],
        heading=heading,
    )
