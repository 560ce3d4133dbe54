"""Carrying out a file while it is read, as can be done with most that come by command.

Where anything about it is not as it should be, all is taken back: a plan of the whole finds
everything that is wrong, and what only rows further on bring.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.db import transaction

from ..models import Import, Revised
from .plan import apply, fill_in, rows, rules
from .plan.changes import BATCH_ENTRIES, PlannedRow
from .plan.slug_lookup import SlugLookup
from .plan.warnings import find_warnings
from .problems import Problem
from .readers import Sheet, open_sheets

IDS_PER_PAGE = 1 << 16


class NeedsPlan(Exception):
    """Something about a file can be told, or done, only by a plan of the whole."""


def apply_while_reading(
    imported: Import,
    path: Path,
    table: str,
    attribution: apply.Attribution,
    accepts_warnings: bool = False,
) -> bool:
    """Carry out a file of one table of entries or references, whose rows each are one of them.

    Returns False, with nothing written, for what needs a plan.
    """
    problems: list[Problem] = []
    try:
        with transaction.atomic():
            sheets = open_sheets(path, name=path.name, table=table, problems=problems)
            if len(sheets) != 1 or not issubclass(sheets[0].table.model, Revised):
                raise NeedsPlan
            apply_sheet(imported, sheets[0], attribution, accepts_warnings)
            if problems:
                raise NeedsPlan
    except NeedsPlan:
        return False
    return True


def apply_sheet(
    imported: Import, sheet: Sheet, attribution: apply.Attribution, accepts_warnings: bool
) -> None:
    """Carry out the rows of a sheet in their order, and count what they do; raises NeedsPlan."""
    group, lookup, seen = sheet.table, SlugLookup(), IdSet()
    counts: Counter[str] = Counter()
    found = planned_rows(sheet)
    while batch := list(islice(found, BATCH_ENTRIES)):
        changes = fill_in.entry_changes(group, batch, is_locked=True)
        rules.check_changes(changes, lookup, attribution.user)
        if len(changes) < len(batch) or any(row.problems for row in batch):
            raise NeedsPlan
        if not accepts_warnings and any(find_warnings(row) for row in batch):
            raise NeedsPlan
        apply.apply_changes(group, changes, attribution, lookup)
        seen.add(change.pk for change in changes if change.pk)
        counts.update(row.action for row in batch)
    imported.new, imported.changed = counts["new"], counts["changed"]
    imported.unchanged = counts["unchanged"]


def planned_rows(sheet: Sheet) -> Iterator[PlannedRow]:
    """Yield the rows of a sheet; raises NeedsPlan at one that cannot be read."""
    table = sheet.table
    for number, (_, _, texts) in enumerate(sheet.rows, start=1):
        cells, problems = rows.parse_cells(table, sheet.columns, texts)
        if problems:
            raise NeedsPlan
        key = tuple(cells[name] for name in table.key)
        entry = key[0]
        stored = rows.StoredRow(0, number, table.name, entry, entry, "", cells, {}, [])
        yield PlannedRow(table, key, cells, stored)


class IdSet:
    """Which entries were met before: a bit for each id, so that a million take little room."""

    def __init__(self) -> None:
        self.pages: defaultdict[int, bytearray] = defaultdict(lambda: bytearray(IDS_PER_PAGE // 8))

    def add(self, ids: Iterable[int]) -> None:
        """Remember ids; raises NeedsPlan at one that was there before."""
        for pk in ids:
            page, place = self.pages[pk // IDS_PER_PAGE], pk % IDS_PER_PAGE
            mark = 1 << (place % 8)
            if page[place // 8] & mark:
                raise NeedsPlan
            page[place // 8] |= mark
