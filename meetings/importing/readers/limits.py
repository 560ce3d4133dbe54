"""Limits of an import: rows, bytes, and bytes once unpacked."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .errors import RecordError
from .rows import Record

# Bytes that a zip or a workbook may unpack to, for each of its own; text gives about ten.
UNPACKED_RATIO = 20


@dataclass(frozen=True)
class Limits:
    """Rows of all tables together, and bytes of the file (``size``); None is no limit."""

    rows: int | None = None
    size: int | None = None

    @property
    def unpacked(self) -> int | None:
        """Bytes that a zip or a workbook may unpack to."""
        return self.size * UNPACKED_RATIO if self.size else None


@dataclass
class RowCounter:
    """Counts the rows of an import's files against its limit."""

    most: int | None = None
    count: int = field(default=0, init=False)

    def counted(self, records: Iterator[Record]) -> Iterator[Record]:
        """Yield the records; raise RecordError with the whole number if there are too many."""
        for record in records:
            self.count += 1
            if self.most is not None and self.count > self.most:
                self.count += sum(1 for _ in records)
                raise RecordError(
                    record.line,
                    f"There are {self.count:,} rows; the limit here is {self.most:,}."
                    " Split the file, or use import_record.",
                )
            yield record
