"""What the sample record's makers share: chance, dates, the rows written so far, and writing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from random import Random
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils import timezone

from meetings.models import Publishable, Revised
from meetings.tables.registry import BY_MODEL

from .words import Prose, Ref

BATCH = 500
FIRST_YEAR = 1874
Status = Publishable.Status
Item = TypeVar("Item")
Entry = TypeVar("Entry", bound=Revised)


@dataclass
class Bundle(Generic[Entry]):
    """A row to write, with its parts and the ids of what it lists in other tables.

    ``about`` is what the makers of later rows ask of it.
    """

    entry: Entry
    parts: Sequence[models.Model] = ()
    links: dict[str, set[int]] = field(default_factory=dict)
    about: Any = None


@dataclass
class Stage:
    """The state of one run: its chance, its size, and what later rows may name."""

    rng: Random
    prefix: str
    size: int
    today: date = field(default_factory=lambda: timezone.now().date())
    places: list[Ref] = field(default_factory=list)
    sources: list[Ref] = field(default_factory=list)
    actors: dict[str, list[Ref]] = field(default_factory=dict)
    issues: list[Ref] = field(default_factory=list)
    meetings: list[Ref] = field(default_factory=list)
    reactions: list[int] = field(default_factory=list)
    reaction_numbers: Iterator[int] = field(default_factory=count)
    written: Counter[str] = field(default_factory=Counter)

    def slug(self, kind: str, number: int) -> str:
        return f"{self.prefix}-{kind}-{number}"

    def day(self, share: float) -> date:
        """Return the day at a share of the time since the first year, closer together lately."""
        first = date(FIRST_YEAR, 1, 1)
        return first + timedelta(days=int((self.today - first).days * share**0.6))

    def often(self, rows: Sequence[Item]) -> Item:
        """Return one of the rows, the first of them much more often than the last."""
        return rows[int(len(rows) * self.rng.random() ** 2)]

    def several(self, rows: Sequence[Item], number: int) -> list[Item]:
        """Return different rows, the first of them much more often than the last."""
        return list(dict.fromkeys(self.often(rows) for _ in range(number)))

    def prose(self, sources: int, **slots: str) -> Prose:
        """Return a writer for one entry that cites some of ``sources`` sources."""
        return Prose(self.rng, self.several(self.sources, sources), **slots)

    def publication(self, number: int) -> dict:
        """Return an entry's status and time: published, but for one entry in fifty."""
        if number % 50 != 7:
            return {"status": Status.PUBLISHED}
        kind = (Status.DRAFT, Status.REVIEW, Status.WITHDRAWN, None)[number // 50 % 4]
        if kind:
            return {"status": kind}
        next_year = datetime.combine(self.today + timedelta(days=365), time(9), UTC)
        return {"status": Status.PUBLISHED, "publish_at": next_year}

    def write(self, bundles: Iterable[Bundle[Entry]]) -> Iterator[list[Bundle[Entry]]]:
        """Write the rows in batches and yield each batch once it is written."""
        for batch in batches(bundles):
            model = type(batch[0].entry)
            self.create(model, [bundle.entry for bundle in batch])
            parts = defaultdict(list)
            for part in (part for bundle in batch for part in bundle.parts):
                parts[type(part)].append(part)
            for part_model, rows in parts.items():
                self.create(part_model, rows)
            for column in BY_MODEL[model].many_to_many:
                link(model, column, batch)
            yield batch

    def write_all(self, bundles: Iterable[Bundle]) -> list[Ref]:
        """Write the rows and return them as others name them."""
        return [
            Ref(bundle.entry.pk, bundle.entry.slug, str(bundle.entry))
            for batch in self.write(bundles)
            for bundle in batch
        ]

    def create(self, model: type[models.Model], rows: list) -> None:
        """Write rows of one table."""
        model._default_manager.bulk_create(rows)
        self.written[BY_MODEL[model].name] += len(rows)


def batches(rows: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield rows in lists of a bounded length."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def link(model: type[models.Model], column: str, batch: list[Bundle]) -> None:
    """Write what the rows of a batch list in one many-to-many column."""
    relation = BY_MODEL[model].relation(column)
    through = relation.remote_field.through
    one, other = f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"
    through._default_manager.bulk_create(
        through(**{one: bundle.entry.pk, other: pk})
        for bundle in batch
        for pk in sorted(bundle.links.get(column, ()))
    )
