"""Bulk actions on the selected rows of a list: all in one transaction, or none."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from ..editing import acts, errors
from . import stale_forms, workflow_views
from .desk_pages import desk_page

# Their ids and revisions are in the page that asks for the note, and a form holds only so much.
MOST_SELECTED_ROWS = 300
WORKFLOW_ACTIONS = ["publish_selected", "draft_selected", "withdraw_selected"]


@dataclass(frozen=True)
class Selected:
    """An entry on which something is done: the ids of its ticked rows, and what is done to it."""

    entry: Any
    ticked: Sequence[int] = ()
    lines: Sequence[str] = ()
    is_public: bool = False

    @property
    def address(self) -> str:
        return reverse(f"admin:meetings_{self.entry._meta.model_name}_change", args=[self.entry.pk])


class WorkflowActions:
    """The actions that give entries a status; a page in between asks for the note."""

    actions: Sequence[Any] | None = WORKFLOW_ACTIONS

    @admin.action(description="Publish", permissions=["publish"])
    def publish_selected(self, request, queryset):
        return act_on_selected(self, request, queryset, workflow_views.PUBLISH)

    @admin.action(description="Send back to draft", permissions=["change"])
    def draft_selected(self, request, queryset):
        return act_on_selected(self, request, queryset, workflow_views.DRAFT)

    @admin.action(description="Withdraw", permissions=["publish"])
    def withdraw_selected(self, request, queryset):
        return act_on_selected(self, request, queryset, workflow_views.WITHDRAW)


def act_on_selected(model_admin, request, queryset, act):
    """Perform an act on the selected entries; return the page that asks, or None once done."""
    entries = selected_rows(model_admin, request, queryset)
    if entries is None:
        return None
    is_asked = "apply" in request.POST
    form = act.form_for(entries, request.POST if is_asked else None)
    problems = perform_on_all(request, entries, act, form) if is_asked and form.is_valid() else []
    refused = [] if is_asked or not act.is_planned else planned_refusals(request, entries, act)
    if is_asked and form.is_valid() and not problems:
        options = model_admin.opts
        is_one = len(entries) == 1
        noun = f"{options.verbose_name} was" if is_one else f"{options.verbose_name_plural} were"
        text = f"{len(entries)} {noun} {act.done}."
        if waiting := sum(getattr(entry, "is_scheduled", False) for entry in entries):
            text += f" {waiting} of them {'is' if waiting == 1 else 'are'} scheduled for later."
        model_admin.message_user(request, text, messages.SUCCESS)
        return None
    kept = {entry.pk for entry, _ in refused}
    return selected_page(
        model_admin,
        request,
        f"{act.title}: {len(entries)} {model_admin.opts.verbose_name_plural}",
        selected=[Selected(entry, [entry.pk]) for entry in entries if entry.pk not in kept],
        button=act.title,
        description=act.description,
        form=form,
        problems=problems,
        refused=refused,
    )


def selected_page(model_admin, request, title, *, selected, button, problems, refused, **context):
    """Return the page on which an act on selected rows is confirmed.

    ``problems`` and ``refused`` are entries with their problems: of the act that was tried, and of
    those that are not offered.
    """
    return desk_page(
        model_admin,
        request,
        "act_on_selected",
        title,
        selected=selected,
        button=button if selected else "",
        back=reverse(f"admin:meetings_{model_admin.opts.model_name}_changelist"),
        action=request.POST["action"],
        checkbox=ACTION_CHECKBOX_NAME,
        problems=[(Selected(entry), texts) for entry, texts in problems],
        refused=[(Selected(entry), texts) for entry, texts in refused],
        **context,
    )


def selected_rows(model_admin, request, queryset):
    """Return the selected rows; None, with a message, if they are too many."""
    rows = list(queryset.order_by("pk")[: MOST_SELECTED_ROWS + 1])
    if len(rows) <= MOST_SELECTED_ROWS:
        return rows
    text = f"Select at most {MOST_SELECTED_ROWS} at a time. Nothing was changed."
    model_admin.message_user(request, text, messages.ERROR)
    return None


def perform_on_all(request, entries, act, form):
    """Act on the entries; return those refused with their problems, and then nothing is written."""
    numbers = {
        entry.pk: stale_forms.seen_revision({"seen": request.POST.get(f"seen-{entry.pk}", "")})
        for entry in entries
    }

    def check(entry):
        acts.check_seen(entry=entry, seen=numbers[entry.pk])

    def perform(entry):
        seen = numbers[entry.pk]
        act.perform(entry=entry, user=request.user, seen=seen, **act.typed(form))

    if outdated := refused_entries(entries, check):
        return outdated
    return all_or_none(entries, perform)


def planned_refusals(request, entries, act):
    """Return the entries for which a planned act, which asks nothing, would be refused now."""

    def perform(entry):
        act.perform(entry=entry, user=request.user, seen=entry.revision, data={})

    return would_refuse(entries, perform)


def would_refuse(entries, act):
    """Return the entries for which an act would be refused, each with its problems."""
    with transaction.atomic():
        # An act sets the number of its revision on the row, which then is not made.
        refused = refused_entries(entries, lambda entry: act(copy(entry)))
        transaction.set_rollback(True)
    return refused


def all_or_none(entries, act):
    """Act on the entries; return those refused with their problems, and then nothing is written."""
    with transaction.atomic():
        if refused := refused_entries(entries, act):
            transaction.set_rollback(True)
    return refused


def refused_entries(entries, act):
    """Return the entries for which the act is refused, each with its problems."""
    refused = []
    for entry in entries:
        try:
            act(entry)
        except errors.Refused as refusal:
            refused.append((entry, refusal.problems))
        except PermissionDenied as refusal:
            refused.append((entry, [str(refusal)]))
    return refused
