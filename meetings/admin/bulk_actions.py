"""Bulk actions on the selected rows of a list: all in one transaction, or none."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.response import TemplateResponse

from ..editing import acts, errors
from ..editing.changes import with_cells
from ..editing.snapshots import snapshot
from ..models import Source
from ..tables.registry import TABLES_BY_MODEL
from . import stale_forms, workflow_views

# Their ids and revisions are in the page that asks for the note, and a form holds only so much.
MOST_SELECTED_ROWS = 300


class WorkflowActions:
    """The actions to publish and to send back to draft; a page in between asks for the note."""

    actions: Sequence[Any] | None = ["publish_selected", "draft_selected"]

    @admin.action(description="Publish", permissions=["publish"])
    def publish_selected(self, request, queryset):
        return act_on_selected(self, request, queryset, workflow_views.PUBLISH)

    @admin.action(description="Send back to draft", permissions=["change"])
    def draft_selected(self, request, queryset):
        return act_on_selected(self, request, queryset, workflow_views.DRAFT)


def act_on_selected(model_admin, request, queryset, act):
    """Perform an act on the selected entries; return the page that asks, or None once done."""
    entries = selected_rows(model_admin, request, queryset)
    if entries is None:
        return None
    is_asked = "apply" in request.POST
    form = act.form(request.POST if is_asked else None)
    problems = perform_on_all(request, entries, act, form) if is_asked and form.is_valid() else []
    if is_asked and form.is_valid() and not problems:
        options = model_admin.opts
        is_one = len(entries) == 1
        noun = f"{options.verbose_name} was" if is_one else f"{options.verbose_name_plural} were"
        text = f"{len(entries)} {noun} {act.done}."
        if waiting := sum(getattr(entry, "is_scheduled", False) for entry in entries):
            text += f" {waiting} of them {'is' if waiting == 1 else 'are'} scheduled for later."
        model_admin.message_user(request, text, messages.SUCCESS)
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{act.title}: {len(entries)} {model_admin.opts.verbose_name_plural}",
        "act": act,
        "entries": queryset.order_by("pk"),
        "form": form,
        "problems": problems,
        "action": request.POST["action"],
        "checkbox": ACTION_CHECKBOX_NAME,
        "opts": model_admin.opts,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/meetings/act_on_selected.html", context)


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
        note, kind = form.cleaned_data["note"], form.cleaned_data.get("kind", "")
        seen = numbers[entry.pk]
        act.perform(entry=entry, user=request.user, seen=seen, note=note, kind=kind)

    if outdated := refused_entries(entries, check):
        return outdated
    return all_or_none(entries, perform)


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


def mark_as_read(*, entry, user, seen, note, kind):
    after = with_cells(TABLES_BY_MODEL[Source], snapshot(entry), read=Source.Read.EXCERPT.value)
    acts.save(entry=entry, after=after, user=user, seen=seen, note=note, kind=kind)


MARK_AS_READ = workflow_views.WorkflowAct(
    name="mark-as-read",
    title="Mark as read in excerpt",
    description="Each of them was opened at least in an excerpt. Where something published uses"
    " one, the change is public and needs the change note.",
    status="",
    perform=mark_as_read,
    done="marked as read in excerpt",
    link="",
    asks_kind=True,
)


@admin.action(description="Mark as read in excerpt", permissions=["change"])
def mark_as_read_in_excerpt(model_admin, request, queryset):
    """Mark those of the selected sources that were not opened so far as read in excerpt."""
    ticked = selected_rows(model_admin, request, queryset)
    if ticked is None:
        return None
    unopened = queryset.filter(pk__in=[source.pk for source in ticked if source.is_unopened])
    if not unopened:
        text = "They were opened already. Nothing was changed."
        model_admin.message_user(request, text, messages.INFO)
        return None
    return act_on_selected(model_admin, request, unopened, MARK_AS_READ)
