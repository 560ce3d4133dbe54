"""Cases of the corpus, and functions that write their files."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from meetings.importing.readers import Limits

Maker = Callable[[Path], Path]
Row = dict[str, str]


@dataclass(frozen=True)
class Bad:
    """A file that is refused: line and column of its problem, and a piece of the message."""

    name: str
    make: Maker
    line: int
    column: str
    says: str
    file: str = "reactions.csv"
    limits: Limits | None = None


@dataclass(frozen=True)
class Good:
    """A file that is read: the table and the cells of each row, in order."""

    name: str
    make: Maker
    rows: list[tuple[str, Row]] = field(default_factory=list)


def content(data: bytes | str, name: str = "reactions.csv") -> Maker:
    """Return a function that writes one file with this content."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return make


def sheet(*rows: Row, columns: tuple[str, ...] | None = None, **options) -> str:
    """Return rows as CSV, with every column that one of them has unless they are given."""
    text = io.StringIO(newline="")
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, lineterminator="\n", **options)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
