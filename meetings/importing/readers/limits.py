"""Limits of an import: rows, bytes, bytes once unpacked, and bytes that stay in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .errors import RecordError
from .rows import Record

# Bytes that a zip or a workbook may unpack to, for each of its own; text gives about ten.
UNPACKED_RATIO = 20


@dataclass(frozen=True)
class Limits:
    """Rows of all tables together, bytes of the file (``size``); None is no limit.

    ``strings`` are the bytes that a workbook's shared strings may unpack to: they stay in memory.
    """

    rows: int | None = None
    size: int | None = None
    strings: int | None = None

    @property
    def unpacked(self) -> int | None:
        """Bytes that a zip or a workbook may unpack to."""
        return self.size * UNPACKED_RATIO if self.size else None


@dataclass
class RowCounter:
    """Counts the rows of an import's files, and their characters, against its limits."""

    limits: Limits
    count: int = field(default=0, init=False)
    characters: int = field(default=0, init=False)

    def counted(self, records: Iterator[Record]) -> Iterator[Record]:
        """Yield the records; raise RecordError if there are too many, with their whole number.

        A small workbook may name one long text in every cell.
        """
        most, most_characters = self.limits.rows, self.limits.unpacked
        for record in records:
            self.count += 1
            self.characters += sum(map(len, record.cells))
            if most is not None and self.count > most:
                self.count += sum(1 for _ in records)
                raise RecordError(
                    record.line,
                    f"There are {self.count:,} rows; the limit here is {most:,}."
                    " Split the file, or use import_record.",
                )
            if most_characters is not None and self.characters > most_characters:
                raise RecordError(
                    record.line,
                    f"The rows up to here hold more than {most_characters:,} characters. Split"
                    " the file, or use import_record.",
                )
            yield record
