"""What was typed in the form of an entry and its parts, as the state that it is to have."""

from collections.abc import Iterator
from typing import Any

from django import forms

from ..editing.joins import Edit
from ..editing.snapshots import Key, Row
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME, Table
from ..tables.resources import column_widget
from .discussions import DiscussionForm

CHOICE_PREFIX = "choice-"
# Between the parts of a part's key within its entry.
KEY_SEPARATOR = "|"


def edit_of(form: forms.ModelForm, formsets) -> Edit:
    """Return what was typed in a valid form and its formsets."""
    own = TABLES_BY_MODEL[form._meta.model]
    cells = typed_cells(own, form)
    edit = Edit({own.name: [cells]}, choices=typed_choices(form.data))
    for formset in formsets:
        table = TABLES_BY_MODEL[formset.model]
        for part in formset.forms:
            if part not in formset.deleted_forms and (part.instance.pk or part.has_changed()):
                add_part(edit, table, part, cells["slug"])
    return edit


def typed_choices(data) -> dict[str, str]:
    """Return the answers to conflicts, by the names of these."""
    return {
        name.removeprefix(CHOICE_PREFIX): value
        for name, value in data.items()
        if name.startswith(CHOICE_PREFIX)
    }


def add_part(edit: Edit, table: Table, part: forms.ModelForm, slug: str) -> None:
    """Add a part to an edit, and where it was moved from; with a discussion its accounts."""
    row = typed_cells(table, part) | {table.owner: slug}
    edit.snapshot.setdefault(table.name, []).append(row)
    names = [name for name in table.key if name != table.owner]
    key: Key = tuple(row[name] for name in names)
    was: Key = tuple(part.cleaned_data["was"].split(KEY_SEPARATOR))
    is_moved = len(was) == len(key) and was != key
    if is_moved:
        edit.moved.setdefault(table.name, {})[was] = key
    if isinstance(part, DiscussionForm):
        for account in account_rows(part, row):
            edit.snapshot.setdefault("accounts", []).append(account)
            if is_moved:
                government = account["government"]
                moved = edit.moved.setdefault("accounts", {})
                moved[*was, government] = (*key, government)


def account_rows(part: DiscussionForm, discussion: Row) -> Iterator[Row]:
    """Yield the accounts of a discussion that are not empty."""
    key = {"meeting": discussion["meeting"], "issue": discussion["issue"]}
    for code in part.codes:
        cells = part.account_values(code)
        if any(cells.values()):
            row = key | {"government": code}
            table = TABLES_BY_NAME["accounts"]
            yield {
                name: typed_cell(table, name, cells[name])
                if name in cells
                else canonical(table, name, row[name])
                for name in table.columns
            }


def typed_cells(table: Table, form: forms.ModelForm) -> Row:
    """Return the cells of one row: those typed, and of columns that the form lacks the stored."""
    return {
        name: typed_cell(table, name, form.cleaned_data[name])
        if name in form.cleaned_data
        else column_widget(table, name).render(getattr(form.instance, name))
        for name in table.columns
        if name != table.owner
    }


def typed_cell(table: Table, column: str, value: Any) -> str:
    """Return the cell of a value that a form cleaned."""
    if column in table.many_to_many:
        return SEPARATOR.join(sorted(row.slug for row in value))
    return canonical(table, column, column_widget(table, column).render(value))


def canonical(table: Table, column: str, cell: str) -> str:
    """Return a cell as it is stored."""
    return column_widget(table, column).canonical(cell)
