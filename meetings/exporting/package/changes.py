"""What changed between two packages: the rows that one has and the other has not, or otherwise."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import TextIOWrapper
from zipfile import ZipFile

from ...tables.registry import TABLES, Table

Row = dict[str, str]


@dataclass(frozen=True)
class TableChanges:
    """The keys of the rows of one table that were added, changed and taken out, in order."""

    table: str
    added: list[str]
    changed: list[str]
    removed: list[str]

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows of each kind."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
        }


def changes_between(former: ZipFile | None, new: ZipFile) -> list[TableChanges]:
    """Return what changed in each table that changed; without a former package all is new."""
    found = []
    for table in TABLES:
        columns = [
            name for name in table.columns if former is None or name in header(former, table)
        ]
        before = row_digests(former, table, columns) if former else {}
        after = row_digests(new, table, columns)
        changes = TableChanges(
            table.name,
            [key for key in after if key not in before],
            [key for key in after if before.get(key, after[key]) != after[key]],
            [key for key in before if key not in after],
        )
        if any(changes.counts.values()):
            found.append(changes)
    return found


def rows_of(archive: ZipFile, table: Table) -> Iterator[Row]:
    """Yield the rows of a table in a package, which may not have the table."""
    name = f"{table.name}.csv"
    if name not in archive.namelist():
        return
    with archive.open(name) as stream:
        csv.field_size_limit(1 << 30)
        yield from csv.DictReader(TextIOWrapper(stream, "utf-8", newline=""))


def header(archive: ZipFile, table: Table) -> set[str]:
    """Return the columns that a table has in a package: an older one may have had others."""
    return set(next(rows_of(archive, table), {}))


def row_digests(archive: ZipFile, table: Table, columns: list[str]) -> dict[str, bytes]:
    """Return a digest of some cells of each row of a table, by its key."""
    return {
        "|".join(row[name] for name in table.key): sha256(
            repr([row.get(name) for name in columns]).encode()
        ).digest()
        for row in rows_of(archive, table)
    }
