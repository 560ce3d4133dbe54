"""Why an act was refused, at the fields of its form that it is about."""

from django import forms
from django.contrib.admin.helpers import AdminErrorList
from django.core.exceptions import NON_FIELD_ERRORS

from ..editing.changes import CellProblem
from ..editing.checks import NEEDS_NOTE, NEEDS_WRONG
from ..editing.completeness import Gap
from ..editing.snapshots import Key
from ..tables.registry import TABLES_BY_MODEL, Table
from .discussions import DiscussionForm, account_field_name
from .edits import KEY_SEPARATOR, typed_cell

# The fields of the act that a refusal asks for.
ACT_FIELDS = {NEEDS_NOTE: "change_note", NEEDS_WRONG: "change_wrong"}


def place_problems(refusal, context) -> None:
    """Move what a refusal says of a cell from above the form to the cell's field."""
    form = context["adminform"].form
    above = form.errors.get(NON_FIELD_ERRORS)
    if refusal is None or not above:
        return
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    for problem in list(refusal.problems):
        cell = refusal.cells.get(problem)
        place = place_of(problem, cell, form, formsets)
        if place and any(each.message == problem for each in above.data):
            above.data = [each for each in above.data if each.message != problem]
            owner, name = place
            owner.add_error(name, cell.words if cell else problem)
    if not above:
        del form.errors[NON_FIELD_ERRORS]
    context["errors"] = AdminErrorList(form, formsets)


def place_of(problem: str, cell: CellProblem | None, form, formsets):
    """Return the form and the name of the field that a problem is about, or None."""
    if problem in ACT_FIELDS:
        return form, ACT_FIELDS[problem]
    return field_of(cell, form, formsets) if cell else None


def field_of(cell: CellProblem | Gap, form, formsets):
    """Return the form and the name of the field of a cell, or None."""
    if cell.table in {"", TABLES_BY_MODEL[form._meta.model].name}:
        return (form, cell.column) if cell.column in form.fields else None
    for formset in formsets:
        for part in formset.forms:
            if name := field_of_part(part, cell):
                return part, name
    return None


def field_of_part(part: forms.ModelForm, cell: CellProblem | Gap) -> str:
    """Return the name of the field of a part that holds a cell; empty if none does."""
    table = TABLES_BY_MODEL[part._meta.model]
    table_name, key, column = cell.table, cell.key[1:], cell.column
    if cell.table == "accounts" and isinstance(part, DiscussionForm):
        table_name, key = table.name, cell.key[1:-1]
        column = account_field_name(cell.key[-1], column)
    is_there = table_name == table.name and column in part.fields
    return column if is_there and key_of(part, table) == key else ""


def key_of(part: forms.ModelForm, table: Table) -> Key | None:
    """Return the key of a part within its entry, as it was typed or opened; None without one."""
    if not part.is_bound:
        return tuple(part.initial.get("was", "").split(KEY_SEPARATOR))
    names = [name for name in table.key if name != table.owner]
    if not part.cleaned_data.keys() >= set(names):
        return None
    return tuple(typed_cell(table, name, part.cleaned_data[name]) for name in names)
