"""The files of tables that can be downloaded, with their rows, sizes and days of last change.

Rows are counted on every request. Sizes and days cost more, and are kept for each public state of
the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.db.models import CharField, Count, Max, Min, Q, Value
from django.urls import reverse

from ..models import Meeting, Publication, Publishable, Redirect, Release, Revision
from ..models.public_state import cached_until_change
from ..tables.csv import csv_pieces, csv_text
from ..tables.registry import TABLES, TABLES_BY_MODEL, VERSIONED_TABLES, Table
from ..tables.rows import BATCH_ROWS
from ..text.countries import country_name
from .downloads import public_rows, table_batches


@dataclass(frozen=True)
class TableFile:
    """The file of a table's public rows.

    ``size`` is that of the CSV in bytes, estimated from the first rows where there are many.
    """

    table: Table
    rows: int
    size: int
    changed_on: date | None

    @property
    def is_estimated(self) -> bool:
        return self.rows > BATCH_ROWS

    @property
    def csv_url(self) -> str:
        return reverse("table_csv", args=[self.table.name])

    @property
    def xlsx_url(self) -> str:
        return reverse("table_xlsx", args=[self.table.name])

    @property
    def json_url(self) -> str:
        return reverse("table_json", args=[self.table.name])

    def as_dict(self) -> dict:
        """Return what the data page shows of the file, for JSON."""
        return {
            "table": self.table.name,
            "rows": self.rows,
            "columns": len(self.table.columns),
            "size": self.size,
            "size_is_estimated": self.is_estimated,
            "last_changed": self.changed_on.isoformat() if self.changed_on else None,
            "csv": settings.SITE_URL + self.csv_url,
            "xlsx": settings.SITE_URL + self.xlsx_url,
            "json": settings.SITE_URL + self.json_url,
        }


class Dataset:
    """All the tables together, as one work to be cited."""

    def __init__(self, files: list[TableFile], coverage: "Coverage | None" = None):
        self.files = files
        self.coverage = coverage
        # The newest frozen versions, where a page names them.
        self.releases: list[Release] = []

    @property
    def release(self) -> Release | None:
        return self.releases[0] if self.releases else None

    @property
    def page_title(self) -> str:
        return f"{settings.SITE_NAME}: data"

    @property
    def zip_url(self) -> str:
        return reverse("record_zip")

    @property
    def description(self) -> str:
        return (
            f"The public tables of {settings.SITE_NAME}, as CSV, XLSX and JSON and in one file,"
            " with a codebook of every column."
        )

    @property
    def keywords(self) -> list[str]:
        return [str(file.table.model._meta.verbose_name_plural) for file in self.files]

    @property
    def changed_on(self) -> date | None:
        return max((file.changed_on for file in self.files if file.changed_on), default=None)

    def get_absolute_url(self) -> str:
        return reverse("data")


@dataclass(frozen=True)
class Coverage:
    """The days from the first to the last meeting, and the countries in which they were."""

    first: date | None
    last: date | None
    countries: tuple[str, ...]

    @property
    def days(self) -> str:
        """The span as an interval of ISO 8601; empty without a meeting."""
        return f"{self.first}/{self.last}" if self.first else ""


def coverage() -> Coverage:
    """Return what the public record covers, in two queries."""
    meetings = Meeting.objects.published()
    days = meetings.aggregate(first=Min("starts_on"), last=Max("starts_on"))
    codes = meetings.order_by("place__country").values_list("place__country", flat=True).distinct()
    return Coverage(**days, countries=tuple(country_name(code) for code in codes if code))


def dataset() -> Dataset:
    """Return the files of all tables, in the order of the tables."""
    rows = row_counts()
    # Rows loaded from a fixture change the counts and not the public state.
    sizes, days, covered = cached_until_change(
        lambda: (csv_sizes(rows), last_change_days(), coverage()), "catalogue", *rows.items()
    )
    return Dataset(
        [
            TableFile(table, rows[table.name], sizes[table.name], days.get(table.name))
            for table in TABLES
        ],
        covered,
    )


def row_counts() -> dict[str, int]:
    """Return the number of public rows by table: one query, and those for the redirects."""
    querysets = [
        public_rows(table)
        .order_by()
        .annotate(table_name=Value(table.name, CharField()))
        .values("table_name")
        .annotate(number=Count("pk"))
        .values_list("table_name", "number")
        for table in TABLES
        if table.model is not Redirect
    ]
    counts = dict(querysets[0].union(*querysets[1:], all=True))
    redirects = sum(len(batch) for batch in table_batches(TABLES_BY_MODEL[Redirect]))
    return {table.name: counts.get(table.name, 0) for table in TABLES} | {"redirects": redirects}


def csv_sizes(rows: dict[str, int]) -> dict[str, int]:
    """Return the size in bytes of each table's CSV, estimated from its first batch of rows."""
    sizes = {}
    for table in TABLES:
        batch = next(table_batches(table), [])
        head = byte_size(csv_pieces(table.columns, []))
        body = byte_size([csv_text(batch, table)])
        sizes[table.name] = head + round(body * max(1, rows[table.name] / max(1, len(batch))))
    return sizes


def byte_size(pieces: Iterable[str]) -> int:
    return sum(len(piece.encode()) for piece in pieces)


def last_change_days() -> dict[str, date]:
    """Return the day (UTC) of each table's last public change, where one is recorded.

    The day of a table of parts is that of the entries they belong to.
    """
    days = {}
    for table in VERSIONED_TABLES:
        if moment := last_change_at(table):
            for name in (table.name, *(part.name for part in table.parts)):
                days[name] = moment.astimezone(UTC).date()
    return days


def last_change_at(table: Table) -> datetime | None:
    """Return the time at which a row of a table last changed, appeared or was taken back."""
    acts = Revision.objects.filter(table=table.model._meta.model_name).order_by("-made_at")
    acts = acts.filter(object_id__in=public_rows(table).order_by().values("pk"))
    times = [acts.values_list("made_at", flat=True).first()]
    if issubclass(table.model, Publishable):
        periods = Publication.objects.of_model(table.model).begun()
        times += periods.aggregate(
            Max("since"), ended=Max("until", filter=~Q(ended_by=None))
        ).values()
    return max((time for time in times if time), default=None)
