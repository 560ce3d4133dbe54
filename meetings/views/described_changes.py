"""What differs between two snapshots, for readers: by row, in words, the changed words marked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django_countries import countries
from django_countries.fields import CountryField

from ..editing.rebuild import PresentRows
from ..editing.snapshots import Change, Key, Snapshot, compare, reference_columns
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_NAME, Table
from ..text.differences import Piece, differences

# What a page does not show: they have acts of their own, and notes.
NOT_DESCRIBED = {"status", "publish_at"}


@dataclass
class ChangedCell:
    """One cell that changed; ``pieces`` are its words, those removed and added marked."""

    label: str
    pieces: list[Piece]


@dataclass
class ChangedRow:
    """A row whose cells changed, or that is new or gone; the entry's own has no name."""

    name: str
    sign: str = "changed"
    cells: list[ChangedCell] = field(default_factory=list)


def described_changes(
    before: Snapshot,
    after: Snapshot,
    named: PresentRows | None = None,
    *,
    is_at_desk: bool = False,
) -> list[ChangedRow]:
    """Return what changed between two snapshots, in the order of the tables."""
    return described_pairs([(before, after)], named, is_at_desk=is_at_desk)[0]


def described_pairs(
    pairs: Iterable[tuple[Snapshot, Snapshot]],
    named: PresentRows | None = None,
    *,
    is_at_desk: bool = False,
) -> list[list[ChangedRow]]:
    """Return what changed between the two snapshots of each pair; names are looked up together."""
    left_out = set() if is_at_desk else NOT_DESCRIBED
    found = [
        [change for change in compare(before, after) if change.column not in left_out]
        for before, after in pairs
    ]
    names = NamesInCells([change for each in found for change in each], named or PresentRows())
    return [names.changed_rows(each) for each in found]


class NamesInCells:
    """The words for cells: the names of the rows that they name, of countries and of choices."""

    def __init__(self, changes: list[Change], named: PresentRows):
        slugs: dict[type[models.Model], set[str]] = defaultdict(set)
        for change in changes:
            table = TABLES_BY_NAME[change.table]
            cells = dict(zip(table.key, change.key, strict=True))
            for column, model in reference_columns(table).items():
                texts = [cells.get(column, "")]
                if column == change.column:
                    texts += [change.old or "", change.new or ""]
                slugs[model].update(slug for text in texts for slug in text.split(SEPARATOR))
        self.names = {
            model: {slug: str(row) for slug, row in named.by_slug(model, found - {""}).items()}
            for model, found in slugs.items()
        }

    def changed_rows(self, changes: list[Change]) -> list[ChangedRow]:
        """Return the changes of one snapshot by row."""
        rows: dict[tuple[str, Key], list[Change]] = defaultdict(list)
        for change in changes:
            rows[change.table, change.key].append(change)
        return [
            self.changed_row(TABLES_BY_NAME[table], key, found)
            for (table, key), found in rows.items()
        ]

    def changed_row(self, table: Table, key: Key, changes: list[Change]) -> ChangedRow:
        is_new = all(change.old is None for change in changes)
        is_gone = all(change.new is None for change in changes)
        sign = "added" if is_new else "removed" if is_gone else "changed"
        row = ChangedRow(self.row_name(table, key), sign)
        for change in changes:
            if row.sign != "changed" and change.column in table.key:
                continue
            column = table.field(change.column)
            old, new = (self.words(column, cell or "") for cell in (change.old, change.new))
            label = str(column.verbose_name)
            row.cells.append(ChangedCell(label[:1].upper() + label[1:], differences(old, new)))
        return row

    def row_name(self, table: Table, key: Key) -> str:
        """Return the name of a part, such as "Account: Syria, Russia"; nothing for the entry."""
        if not table.owner:
            return ""
        kind = str(table.model._meta.verbose_name).capitalize()
        words = [
            self.words(table.field(name), value)
            for name, value in zip(table.key, key, strict=True)
            if name != table.owner
        ]
        return f"{kind}: {', '.join(words)}"

    def words(self, column: models.Field, cell: str) -> str:
        """Return what a cell says, in words."""
        if isinstance(column, models.ForeignKey | models.ManyToManyField):
            known = self.names.get(column.related_model, {})
            return "; ".join(known.get(slug, slug) for slug in filter(None, cell.split(SEPARATOR)))
        if isinstance(column, CountryField):
            return countries.name(cell) or cell
        return str(dict(column.flatchoices).get(cell, cell))
