"""How much a caller takes: rows, bytes, and bytes once unpacked."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .rows import Record, Unreadable

# What a workbook or a zip unpacks to, for one byte of its own; text packs to a tenth or so.
UNPACKED = 20


@dataclass(frozen=True)
class Limits:
    """Rows of all tables together, and bytes of the file; None is no limit.

    What a zip or a workbook unpacks to may have twenty times as many bytes.
    """

    rows: int | None = None
    size: int | None = None

    @property
    def unpacked(self) -> int | None:
        return self.size * UNPACKED if self.size else None


@dataclass
class Tally:
    """Counts the rows of an import's files against its limit."""

    most: int | None = None
    count: int = field(default=0, init=False)

    def counted(self, records: Iterator[Record]) -> Iterator[Record]:
        """Yield the records up to the limit; raise Unreadable with the number where passed."""
        for record in records:
            self.count += 1
            if self.most is not None and self.count > self.most:
                self.count += sum(1 for _ in records)
                raise Unreadable(
                    record.line,
                    f"There are {self.count:,} rows; the limit here is {self.most:,}."
                    " Split the file, or use import_record.",
                )
            yield record
