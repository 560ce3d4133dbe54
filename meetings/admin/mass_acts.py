"""What is done to many entries or references of a list at once, each by the act for one of them.

A page in between shows the plan: what would be done, and which rows are refused and why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin

from ..editing import acts
from ..editing.changes import with_cells
from ..editing.snapshots import snapshot
from ..models import Source
from ..tables.registry import TABLES_BY_MODEL
from .act_forms import Act
from .bulk_actions import act_on_selected

ARCHIVED: Any = Source._meta.get_field("archived_url")


def no_fields(entries) -> dict[str, forms.Field]:
    return {}


@dataclass(frozen=True)
class MassAct(Act):
    """An act on many rows; ``fields`` are those of its form besides the note, from the rows.

    ``perform`` gets what was typed as ``data``.
    """

    fields: Callable[[list], dict[str, forms.Field]] = no_fields

    def form_for(self, entries, data=None):
        form = self.form(data)
        form.fields = {**self.fields(entries), **form.fields}
        return form

    def typed(self, form):
        return super().typed(form) | {"data": form.cleaned_data}


def delete(*, entry, user, seen, data):
    acts.delete(entry=entry, user=user, seen=seen)


def save_cell(entry, cells, **details):
    """Save a source with other cells."""
    after = with_cells(TABLES_BY_MODEL[Source], snapshot(entry), **cells)
    acts.save(entry=entry, after=after, **details)


def set_reading(*, entry, data, **details):
    save_cell(entry, {"read": data["read"]}, **details)


def set_archived(*, entry, data, **details):
    # A source that was ticked since the page was opened has no field in it.
    address = data.get(archived_field(entry), entry.archived_url)
    save_cell(entry, {ARCHIVED.name: ARCHIVED.to_python(address)}, **details)


def archived_field(source) -> str:
    """Return the name of the field for the archived copy of a source."""
    return f"archived-{source.pk}"


def reading_field(sources) -> dict[str, forms.Field]:
    choice = forms.ChoiceField(
        label="How far they were read", choices=Source.Read.choices, initial=Source.Read.EXCERPT
    )
    return {"read": choice}


def archived_fields(sources) -> dict[str, forms.Field]:
    return {
        archived_field(source): ARCHIVED.formfield(
            label=f"Archived copy of {source.title} ({source.url or 'no address'})",
            initial=source.archived_url,
            help_text="",
            widget=forms.TextInput(attrs={"class": "vTextField"}),
            # A form of a model has them from the row.
            validators=ARCHIVED.validators,
        )
        for source in sources
    }


PUBLIC_IF_USED = "Where something published uses one, the change is public and needs the note."
DELETE = MassAct(
    name="delete",
    title="Delete",
    description="They were never public, and nothing uses them. Their parts go with them. What was"
    " deleted can be recovered from the list, as drafts.",
    perform=delete,
    done="deleted",
    asks_note=False,
    is_planned=True,
)
SET_READING = MassAct(
    name="set-reading",
    title="Say how far they were read",
    description=f"It is written on each of them. {PUBLIC_IF_USED}",
    perform=set_reading,
    done="marked as read so far",
    asks_kind=True,
    fields=reading_field,
)
SET_ARCHIVED = MassAct(
    name="set-archived",
    title="Write the addresses of archived copies",
    description=f"One that is left as it is stays as it is. {PUBLIC_IF_USED}",
    perform=set_archived,
    done="gone through",
    asks_kind=True,
    fields=archived_fields,
)


@admin.action(description="Delete what was never public", permissions=["delete"])
def delete_drafts(model_admin, request, queryset):
    return act_on_selected(model_admin, request, queryset, DELETE)


@admin.action(description="Say how far they were read", permissions=["change"])
def set_reading_of_selected(model_admin, request, queryset):
    return act_on_selected(model_admin, request, queryset, SET_READING)


@admin.action(description="Write the addresses of archived copies", permissions=["change"])
def set_archived_of_selected(model_admin, request, queryset):
    return act_on_selected(model_admin, request, queryset, SET_ARCHIVED)
