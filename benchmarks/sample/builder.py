"""The builder of the sample record: random choices, dates, and writing in batches."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from random import Random
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils import timezone

from meetings.models import Publishable, VersionedModel
from meetings.tables.registry import TABLES_BY_MODEL

from .prose import ProseWriter, RowReference

BATCH_ROWS = 500
FIRST_YEAR = 1874
Status = Publishable.Status
Row = TypeVar("Item")
Entry = TypeVar("Entry", bound=VersionedModel)


@dataclass
class EntryRows(Generic[Entry]):
    """An entry or reference to write, its parts, and the related ids by many-to-many column.

    ``about`` holds facts that later rows need.
    """

    entry: Entry
    parts: Sequence[models.Model] = ()
    links: dict[str, set[int]] = field(default_factory=dict)
    about: Any = None


@dataclass
class SampleBuilder:
    """The state of one run: its random numbers, its size, and the rows that later ones may name."""

    rng: Random
    prefix: str
    size: int
    today: date = field(default_factory=lambda: timezone.now().date())
    places: list[RowReference] = field(default_factory=list)
    sources: list[RowReference] = field(default_factory=list)
    actors: dict[str, list[RowReference]] = field(default_factory=dict)
    issues: list[RowReference] = field(default_factory=list)
    meetings: list[RowReference] = field(default_factory=list)
    reactions: list[int] = field(default_factory=list)
    reaction_numbers: Iterator[int] = field(default_factory=count)
    written: Counter[str] = field(default_factory=Counter)

    def slug(self, kind: str, number: int) -> str:
        return f"{self.prefix}-{kind}-{number}"

    def date_at(self, share: float) -> date:
        """Return the date at a share, 0 to 1, of the record's time; later dates are denser."""
        first = date(FIRST_YEAR, 1, 1)
        return first + timedelta(days=int((self.today - first).days * share**0.6))

    def choose(self, rows: Sequence[Row]) -> Row:
        """Return a random row, the first of them much more often than the last."""
        return rows[int(len(rows) * self.rng.random() ** 2)]

    def choose_several(self, rows: Sequence[Row], number: int) -> list[Row]:
        """Return up to ``number`` different random rows, chosen by ``choose``."""
        return list(dict.fromkeys(self.choose(rows) for _ in range(number)))

    def prose_writer(self, sources: int, **slots: str) -> ProseWriter:
        """Return a writer of prose that cites up to ``sources`` sources."""
        return ProseWriter(self.rng, self.choose_several(self.sources, sources), **slots)

    def publication(self, number: int) -> dict:
        """Return the status and time of an entry: published, except one entry in fifty."""
        if number % 50 != 7:
            return {"status": Status.PUBLISHED}
        kind = (Status.DRAFT, Status.REVIEW, Status.WITHDRAWN, None)[number // 50 % 4]
        if kind:
            return {"status": kind}
        next_year = datetime.combine(self.today + timedelta(days=365), time(9), UTC)
        return {"status": Status.PUBLISHED, "publish_at": next_year}

    def write(self, bundles: Iterable[EntryRows[Entry]]) -> Iterator[list[EntryRows[Entry]]]:
        """Write the rows in batches and yield each batch once it is written."""
        for batch in in_batches(bundles):
            model = type(batch[0].entry)
            self.create(model, [bundle.entry for bundle in batch])
            parts = defaultdict(list)
            for part in (part for bundle in batch for part in bundle.parts):
                parts[type(part)].append(part)
            for part_model, rows in parts.items():
                self.create(part_model, rows)
            for column in TABLES_BY_MODEL[model].many_to_many:
                write_links(model, column, batch)
            yield batch

    def write_all(self, bundles: Iterable[EntryRows]) -> list[RowReference]:
        """Write the rows and return references to them."""
        return [
            RowReference(bundle.entry.pk, bundle.entry.slug, str(bundle.entry))
            for batch in self.write(bundles)
            for bundle in batch
        ]

    def create(self, model: type[models.Model], rows: list) -> None:
        """Write rows of one table."""
        model._default_manager.bulk_create(rows)
        self.written[TABLES_BY_MODEL[model].name] += len(rows)


def in_batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows in lists of a bounded length."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH_ROWS)):
        yield batch


def write_links(model: type[models.Model], column: str, batch: list[EntryRows]) -> None:
    """Write the through rows of one many-to-many column for a batch."""
    relation = TABLES_BY_MODEL[model].relation(column)
    through = relation.remote_field.through
    own_key = f"{relation.m2m_field_name()}_id"
    other_key = f"{relation.m2m_reverse_field_name()}_id"
    through._default_manager.bulk_create(
        through(**{own_key: bundle.entry.pk, other_key: pk})
        for bundle in batch
        for pk in sorted(bundle.links.get(column, ()))
    )
