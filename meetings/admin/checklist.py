"""What an entry's form still lacks: what publication asks for, and what a good page has besides.

The rules stand in ``editing.completeness``; here each gap is a line that leads to its field.
"""

from dataclasses import dataclass
from typing import NamedTuple

from ..editing.citations import complete_sources
from ..editing.completeness import Gap, completeness_of
from ..editing.snapshots import Row, Snapshot, in_key_order, snapshot
from ..tables.registry import TABLES_BY_MODEL, Table
from .discussions import DiscussionForm
from .edits import account_rows, typed_cell
from .refusals import field_of, key_of


class Line(NamedTuple):
    """A sentence, and the id of the field that it leads to."""

    words: str
    anchor: str


@dataclass
class Checklist:
    """What must be done before an entry is published, and what should be."""

    must: list[Line]
    should: list[Line]
    is_public: bool

    @property
    def heading(self) -> str:
        if number := len(self.must):
            points = "1 point" if number == 1 else f"{number} points"
            return f"Cannot be {'saved in public' if self.is_public else 'published'} yet: {points}"
        return "Published, with all that is asked" if self.is_public else "Ready to publish"


def checklist(form, formsets, is_public: bool) -> Checklist:
    """Return what the form of an entry lacks; ``is_public`` is whether it is saved in public."""
    state = shown_snapshot(form, formsets)
    found = completeness_of(TABLES_BY_MODEL[form._meta.model], {"form": state})["form"]
    must, should = (
        [line_of(gap, form, formsets) for gap in gaps] for gaps in (found.must, found.should)
    )
    return Checklist(must, should, is_public)


def line_of(gap: Gap, form, formsets) -> Line:
    place = field_of(gap, form, formsets)
    return Line(gap.words, place[0][place[1]].id_for_label if place else "")


def shown_snapshot(form, formsets) -> Snapshot:
    """Return the entry as its form shows it: as it is stored, or as typed so far as it is read."""
    own = TABLES_BY_MODEL[form._meta.model]
    if not form.is_bound and form.instance.pk:
        return snapshot(form.instance)
    cells = readable_cells(own, form) | {"status": form.instance.status}
    state = {own.name: [cells]}
    for part in (part for formset in formsets for part in formset.forms if form.is_bound):
        table = TABLES_BY_MODEL[part._meta.model]
        if key_of(part, table) is None or part.cleaned_data.get("DELETE"):
            continue
        row = readable_cells(table, part) | {table.owner: cells["slug"]}
        state.setdefault(table.name, []).append(row)
        if isinstance(part, DiscussionForm):
            state.setdefault("accounts", []).extend(account_rows(part, row))
    return complete_sources(own, in_key_order(state))


def readable_cells(table: Table, form) -> Row:
    """Return the cells of a row that could be read in its form; the others are empty.

    A part has its entry with the address that was typed, which may be none.
    """
    read = form.cleaned_data if form.is_bound else {}
    names = read.keys() - {table.owner}
    return {
        name: typed_cell(table, name, read[name]) if name in names else "" for name in table.columns
    }
