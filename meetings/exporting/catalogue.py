"""What there is to download: the file of each table, its rows, its size, when it last changed.

Rows are counted whenever it is asked. Size and day cost more, and are measured once for each state
of the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.db.models import CharField, Count, Exists, Max, OuterRef, Value
from django.urls import reverse

from ..models import Publishable, Redirect, Revision
from ..models.public_state import cached_until_change
from ..tables.csv import csv_pieces, csv_text
from ..tables.registry import BY_MODEL, REVISED, TABLES, Table
from ..tables.rows import BATCH_ROWS
from .downloads import public, table_batches


@dataclass(frozen=True)
class TableFile:
    """The public rows of a table as a file.

    ``size`` is that of the CSV in bytes; of more than some hundred rows it is estimated from the
    first ones.
    """

    table: Table
    rows: int
    size: int
    changed_on: date | None

    @property
    def is_estimated(self) -> bool:
        return self.rows > BATCH_ROWS

    @property
    def csv(self) -> str:
        return reverse("table_csv", args=[self.table.name])

    @property
    def json(self) -> str:
        return reverse("table_json", args=[self.table.name])

    def summary(self) -> dict:
        """Return what the page says of the file, as values."""
        return {
            "table": self.table.name,
            "rows": self.rows,
            "columns": len(self.table.columns),
            "size": self.size,
            "size_is_estimated": self.is_estimated,
            "last_changed": self.changed_on.isoformat() if self.changed_on else None,
            "csv": settings.SITE_URL + self.csv,
            "json": settings.SITE_URL + self.json,
        }


class Dataset:
    """All the tables together, as one work to be cited."""

    def __init__(self, files: list[TableFile]):
        self.files = files

    @property
    def page_title(self) -> str:
        return f"{settings.SITE_NAME}: data"

    @property
    def changed_on(self) -> date | None:
        return max((file.changed_on for file in self.files if file.changed_on), default=None)

    def get_absolute_url(self) -> str:
        return reverse("data")


def dataset() -> Dataset:
    """Return the files of all tables, in the order of the tables."""
    rows = numbers()
    # What came in without an act, as from a fixture, changes the numbers.
    measured = cached_until_change(
        lambda: (sizes_of(rows), last_changes()), "catalogue", *rows.items()
    )
    sizes, days = measured
    return Dataset(
        [
            TableFile(table, rows[table.name], sizes[table.name], days.get(table.name))
            for table in TABLES
        ]
    )


def numbers() -> dict[str, int]:
    """Return how many rows of each table are public: one query, but for the redirects."""
    counted = [
        public(table)
        .order_by()
        .annotate(table_name=Value(table.name, CharField()))
        .values("table_name")
        .annotate(number=Count("pk"))
        .values_list("table_name", "number")
        for table in TABLES
        if table.model is not Redirect
    ]
    found = dict(counted[0].union(*counted[1:], all=True))
    moved = sum(len(batch) for batch in table_batches(BY_MODEL[Redirect]))
    return {table.name: found.get(table.name, 0) for table in TABLES} | {"redirects": moved}


def sizes_of(rows: dict[str, int]) -> dict[str, int]:
    """Return the size of each table's CSV in bytes, from what a first batch of its rows takes."""
    sizes = {}
    for table in TABLES:
        batch = next(table_batches(table), [])
        head = size_of(csv_pieces(table.columns, []))
        body = size_of([csv_text(batch, table)])
        sizes[table.name] = head + round(body * max(1, rows[table.name] / max(1, len(batch))))
    return sizes


def size_of(pieces: Iterable[str]) -> int:
    return sum(len(piece.encode()) for piece in pieces)


def last_changes() -> dict[str, date]:
    """Return the day (UTC) on which each table's public rows last changed, as far as is known.

    Parts go by the entries they belong to.
    """
    days = {}
    for table in REVISED:
        if moment := last_change(table):
            for name in (table.name, *(part.name for part in table.parts)):
                days[name] = moment.astimezone(UTC).date()
    return days


def last_change(table: Table) -> datetime | None:
    """Return when a row of a table last changed, appeared or disappeared in public."""
    acts = Revision.objects.filter(table=table.model._meta.model_name).order_by("-made_at")
    times = [acts.filter(object_id__in=public(table).order_by().values("pk"))]
    if issubclass(table.model, Publishable):
        before = acts.filter(object_id=OuterRef("object_id"), number=OuterRef("number") - 1)
        was_public = Exists(before.filter(is_published=True))
        times.append(acts.filter(was_public, is_published=False))
        appeared = [public(table).aggregate(last=Max("publish_at"))["last"]]
    else:
        appeared = []
    found = [found.values_list("made_at", flat=True).first() for found in times]
    return max((moment for moment in (*found, *appeared) if moment), default=None)
