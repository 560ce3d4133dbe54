"""A form opened before somebody else's save: its text is fitted to the rows as they are now.

What was typed is kept; rows whose part is gone become new ones; and what changed is said in words.
"""

import re
from dataclasses import dataclass

from django.http import QueryDict

from ..editing.errors import Refused, Stale
from ..editing.revisions import Change
from ..models import Revised
from ..tables.registry import BY_MODEL, BY_NAME

GONE = (
    "It was deleted in the meantime. Your text is kept below: save it to add it again, or copy it"
    " before you leave."
)
LOOK_AGAIN = "It was changed in the meantime. Look at it again before you delete it."
UNREADABLE = -1
MOST_ROWS = 2000


def seen(data: QueryDict) -> int:
    """Return the revision at which a form says it was opened; none is ever numbered UNREADABLE."""
    number = data.get("seen", "").strip()
    return int(number) if re.fullmatch(r"[0-9]{1,9}", number) else UNREADABLE


def rebased(data: QueryDict, refusal: Refused, entry: Revised | None, inlines) -> QueryDict:
    """Return what was sent, as a form opened now would send it; saving it again goes through."""
    data = data.copy()
    latest = refusal.latest if isinstance(refusal, Stale) else None
    data["seen"] = str(latest.number) if latest else ""
    for inline in inlines:
        Rows(data, inline.model, entry).fit()
    return data


@dataclass
class Rows:
    """The rows of one kind of part in a form that was sent."""

    data: QueryDict
    model: type
    entry: Revised | None

    def __post_init__(self):
        table = BY_MODEL[self.model]
        self.prefix = table.name
        self.key = next(name for name in table.key if name != table.owner)
        rows = self.model.objects.filter(**{table.owner: self.entry}) if self.entry else []
        # The ids of the parts as they are now, each with its key among the entry's others.
        self.current = {}
        for row in rows:
            value = getattr(row, self.model._meta.get_field(self.key).attname)
            self.current[str(row.pk)] = str(value)

    def fit(self) -> None:
        """Renumber the rows: those of a part that is there first, then the new ones."""
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
        """Take the cells of one row out of the form."""
        start = f"{self.prefix}-{index}-"
        names = [name for name in self.data if name.startswith(start)]
        return {name.removeprefix(start): self.data.pop(name) for name in names}

    def is_there(self, row) -> bool:
        return row["id"][0] in self.current

    def adopt(self, rows) -> None:
        """Give each row without a part of its own the part with the same key, if there is one."""
        owner = BY_MODEL[self.model].owner
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
class ChangeInWords:
    """One cell that somebody else changed, as a person would name it."""

    place: str
    column: str
    before: str
    now: str


def in_words(changes: list[Change]) -> list[ChangeInWords]:
    """Return what was changed meanwhile, for the reader of a form that was refused."""
    return [
        ChangeInWords(
            place=place(change),
            column=label(change),
            before=cell(change.old, change),
            now=cell(change.new, change),
        )
        for change in changes
    ]


def place(change: Change) -> str:
    """Name the row that a change is in; the entry's own row needs no name."""
    table = BY_NAME[change.table]
    options = table.model._meta
    if not table.owner:
        return options.verbose_name.capitalize()
    key = [value for name, value in zip(table.key, change.key, strict=True) if name != table.owner]
    return f"{options.verbose_name.capitalize()} ({', '.join(key)})"


def label(change: Change) -> str:
    return str(BY_NAME[change.table].model._meta.get_field(change.column).verbose_name)


def cell(value: str | None, change: Change) -> str:
    """Return a cell, or the words for one that is empty or whose row is not there."""
    if value is None:
        return f"(no {BY_NAME[change.table].model._meta.verbose_name})"
    return value or "(empty)"
