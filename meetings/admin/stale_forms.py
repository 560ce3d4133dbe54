"""Forms that were opened before somebody else saved or deleted the entry: what their pages say."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.http import QueryDict

from ..editing.errors import Conflict
from ..editing.joins import THEIRS, YOURS, answer
from ..editing.snapshots import Change, Key
from ..models import Proposal
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME, Table

DELETED_MEANWHILE = (
    "It was deleted in the meantime. Your text is kept below: save it to add it again, or copy it"
    " before you leave."
)
CHANGED_BEFORE_DELETION = "It was changed in the meantime. Look at it again before you delete it."
UNREADABLE_REVISION = -1


def proposal_in_form(request) -> Proposal | None:
    """Return the proposal whose form a request shows or sends, or None."""
    return getattr(request, "proposal", None)


def seen_revision(data) -> int:
    """Return the number of the revision at which a form was opened, or UNREADABLE_REVISION."""
    number = data.get("seen", "").strip()
    return int(number) if re.fullmatch(r"[0-9]{1,9}", number) else UNREADABLE_REVISION


def as_new(data: QueryDict, inlines) -> QueryDict:
    """Return the data of the form of an entry that is gone, as a form that adds it would send."""
    data = data.copy()
    data["seen"] = ""
    owners = {f"-{TABLES_BY_MODEL[inline.model].owner}" for inline in inlines}
    for name in data:
        if any(name.endswith(owner) for owner in owners):
            data[name] = ""
    return data


@dataclass(frozen=True)
class DescribedChange:
    """One cell that somebody else changed, in words for an editor."""

    row: str
    column: str
    before: str
    now: str


class Sides(NamedTuple):
    """What is asked about conflicts, how the two sides are called, and what both began from."""

    asked: str
    theirs: str
    yours: str
    base: str = "As it was"


IN_FORM = Sides(
    "Both of you changed what follows. Choose for each, then save again.", "Theirs", "Yours"
)
IN_PROPOSAL = Sides(
    "What follows was changed in public as well. Choose for each, then publish.",
    "What is public",
    "The proposal",
)
IN_MERGE = Sides(
    "Both have a cell in what follows, and the two differ. Choose for each, then merge.",
    "The one that goes",
    "The one that is kept",
    base="",
)


@dataclass(frozen=True)
class DescribedConflict(DescribedChange):
    """One cell that was changed and typed otherwise; ``name`` and the answers are for its field."""

    name: str
    typed: str
    answers: list[tuple[str, str, bool]]
    sides: Sides


def describe_changes(changes: list[Change]) -> list[DescribedChange]:
    """Return what was changed meanwhile, for the page of a refused form."""
    return [
        DescribedChange(
            row=row_name(TABLES_BY_NAME[change.table], within_entry(change)),
            column=column_label(change.table, change.column),
            before=cell_text(change.old, change.table),
            now=cell_text(change.new, change.table),
        )
        for change in changes
    ]


def describe_conflicts(
    conflicts: list[Conflict], data, words: Sides = IN_FORM
) -> list[DescribedConflict]:
    """Return the conflicts of a refused form, with what was chosen before."""
    found = []
    for conflict in conflicts:
        name = f"choice-{conflict.name}"
        sides = ((YOURS, words.yours), (THEIRS, words.theirs))
        answers = [(answer(conflict, side), f"Take {label.lower()}") for side, label in sides]
        found.append(
            DescribedConflict(
                row=row_name(TABLES_BY_NAME[conflict.table], conflict.key),
                column=column_label(conflict.table, conflict.column),
                before=cell_text(conflict.base, conflict.table),
                now=cell_text(conflict.theirs, conflict.table),
                name=name,
                typed=cell_text(conflict.yours, conflict.table),
                answers=[(value, label, data.get(name) == value) for value, label in answers],
                sides=words,
            )
        )
    return found


def within_entry(change: Change) -> Key:
    """Return the key of a change's row within its entry."""
    table = TABLES_BY_NAME[change.table]
    return tuple(
        value for name, value in zip(table.key, change.key, strict=True) if name != table.owner
    )


def row_name(table: Table, key: Key) -> str:
    """Return the name of a row: its kind, and the key of a part."""
    kind = str(table.model._meta.verbose_name).capitalize()
    return f"{kind} ({', '.join(key)})" if table.owner else kind


def column_label(table: str, column: str) -> str:
    """Return the name of a column, or nothing for a whole row."""
    return str(TABLES_BY_NAME[table].field(column).verbose_name) if column else ""


def cell_text(value: str | None, table: str) -> str:
    """Return a cell's text, or words for an empty cell or a missing row."""
    if value is None:
        return f"(no {TABLES_BY_NAME[table].model._meta.verbose_name})"
    return value or "(empty)"
