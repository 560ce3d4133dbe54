"""Stale forms: opened before somebody else's save, and rebased on the rows as they are now.

What was typed is kept; parts that were deleted become new ones; the page lists what changed.
"""

import re
from dataclasses import dataclass

from django.http import QueryDict

from ..editing.errors import Refused, Stale
from ..editing.snapshots import Change
from ..models import VersionedModel
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME

DELETED_MEANWHILE = (
    "It was deleted in the meantime. Your text is kept below: save it to add it again, or copy it"
    " before you leave."
)
CHANGED_BEFORE_DELETION = "It was changed in the meantime. Look at it again before you delete it."
UNREADABLE_REVISION = -1
MOST_ROWS = 2000


def seen_revision(data: QueryDict) -> int:
    """Return the number of the revision at which a form was opened, or UNREADABLE_REVISION."""
    number = data.get("seen", "").strip()
    return int(number) if re.fullmatch(r"[0-9]{1,9}", number) else UNREADABLE_REVISION


def rebase(data: QueryDict, refusal: Refused, entry: VersionedModel | None, inlines) -> QueryDict:
    """Return the data as a form opened now would send it, so that saving it again succeeds."""
    data = data.copy()
    latest = refusal.latest if isinstance(refusal, Stale) else None
    data["seen"] = str(latest.number) if latest else ""
    for inline in inlines:
        PartRows(data, inline.model, entry).fit()
    return data


@dataclass
class PartRows:
    """The rows of one inline in the data of a form."""

    data: QueryDict
    model: type
    entry: VersionedModel | None

    def __post_init__(self):
        table = TABLES_BY_MODEL[self.model]
        self.prefix = table.name
        self.key = next(name for name in table.key if name != table.owner)
        rows = self.model.objects.filter(**{table.owner: self.entry}) if self.entry else []
        # The parts as they are now: the key within the entry by id.
        self.current = {}
        for row in rows:
            value = getattr(row, self.model._meta.get_field(self.key).attname)
            self.current[str(row.pk)] = str(value)

    def fit(self) -> None:
        """Renumber the rows: existing parts first, then new ones."""
        total = self.data.get(f"{self.prefix}-TOTAL_FORMS", "")
        if not re.fullmatch(r"[0-9]{1,4}", total) or int(total) > MOST_ROWS:
            return
        rows = [self.take(index) for index in range(int(total))]
        self.adopt(rows)
        kept = [row for row in rows if self.is_there(row)]
        new = [row for row in rows if not self.is_there(row) and not row.get("DELETE")]
        for index, row in enumerate([*kept, *new]):
            for name, values in row.items():
                self.data.setlist(f"{self.prefix}-{index}-{name}", values)
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(len(kept) + len(new))
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(len(kept))

    def take(self, index: int) -> dict[str, list[str]]:
        """Remove the cells of one row from the data and return them."""
        start = f"{self.prefix}-{index}-"
        names = [name for name in self.data if name.startswith(start)]
        return {name.removeprefix(start): self.data.pop(name) for name in names}

    def is_there(self, row) -> bool:
        return row["id"][0] in self.current

    def adopt(self, rows) -> None:
        """Assign to each row without a part the existing part with its key, if there is one."""
        owner = TABLES_BY_MODEL[self.model].owner
        for row in rows:
            row[owner] = [str(self.entry.pk) if self.entry else ""]
            if row.get("id", [""])[0] not in self.current:
                row["id"] = [""]
        taken = {row["id"][0] for row in rows}
        free = {key: pk for pk, key in self.current.items() if pk not in taken}
        for row in rows:
            key = row.get(self.key, [""])[0].strip()
            if not row["id"][0] and key in free and not row.get("DELETE"):
                row["id"] = [free.pop(key)]


@dataclass(frozen=True)
class DescribedChange:
    """One cell that somebody else changed, in words for an editor."""

    row: str
    column: str
    before: str
    now: str


def describe_changes(changes: list[Change]) -> list[DescribedChange]:
    """Return what was changed meanwhile, for the page of a refused form."""
    return [
        DescribedChange(
            row=row_name(change),
            column=column_label(change),
            before=cell_text(change.old, change),
            now=cell_text(change.new, change),
        )
        for change in changes
    ]


def row_name(change: Change) -> str:
    """Return the name of a change's row: its kind, and the key of a part."""
    table = TABLES_BY_NAME[change.table]
    options = table.model._meta
    if not table.owner:
        return options.verbose_name.capitalize()
    key = [value for name, value in zip(table.key, change.key, strict=True) if name != table.owner]
    return f"{options.verbose_name.capitalize()} ({', '.join(key)})"


def column_label(change: Change) -> str:
    return str(TABLES_BY_NAME[change.table].model._meta.get_field(change.column).verbose_name)


def cell_text(value: str | None, change: Change) -> str:
    """Return a cell's text, or words for an empty cell or a missing row."""
    if value is None:
        return f"(no {TABLES_BY_NAME[change.table].model._meta.verbose_name})"
    return value or "(empty)"
