"""Acts on the rows ticked in a list: all of them in one transaction, or none."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.template.response import TemplateResponse

from .. import gate, publishing
from . import acts, stale

# Their ids and revisions are in the page that asks for the note, and a form holds only so much.
MOST_SELECTED = 300


class EntryActions:
    """Publish, and send back to draft, what is ticked; a page in between asks for the note."""

    actions: Sequence[Any] | None = ["publish_selected", "draft_selected"]

    @admin.action(description="Publish", permissions=["publish"])
    def publish_selected(self, request, queryset):
        return act_on_selected(self, request, queryset, acts.PUBLISH)

    @admin.action(description="Send back to draft", permissions=["change"])
    def draft_selected(self, request, queryset):
        return act_on_selected(self, request, queryset, acts.DRAFT)


def act_on_selected(model_admin, request, queryset, act):
    """Ask for the note, then act; return the page that asks, or None once it is done."""
    entries = list(queryset.order_by("pk")[: MOST_SELECTED + 1])
    if len(entries) > MOST_SELECTED:
        text = f"Select at most {MOST_SELECTED} at a time. Nothing was changed."
        model_admin.message_user(request, text, messages.ERROR)
        return None
    is_asked = "apply" in request.POST
    form = act.form(request.POST if is_asked else None)
    problems = carry_out(request, entries, act, form) if is_asked and form.is_valid() else []
    if is_asked and form.is_valid() and not problems:
        text = f"{len(entries)} {model_admin.opts.verbose_name_plural} were {act.done}."
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


def carry_out(request, entries, act, form):
    """Act on the entries; return those refused with their problems, and then nothing is written."""
    numbers = {
        entry.pk: stale.seen({"seen": request.POST.get(f"seen-{entry.pk}", "")})
        for entry in entries
    }

    def check(entry):
        publishing.check_seen(entry=entry, seen=numbers[entry.pk])

    def perform(entry):
        note, kind = form.cleaned_data["note"], form.cleaned_data.get("kind", "")
        seen = numbers[entry.pk]
        act.perform(entry=entry, user=request.user, seen=seen, note=note, kind=kind)

    if outdated := refusals(entries, check):
        return outdated
    with transaction.atomic():
        if refused := refusals(entries, perform):
            transaction.set_rollback(True)
    return refused


def refusals(entries, act):
    """Return the entries for which the act is refused, each with its problems."""
    refused = []
    for entry in entries:
        try:
            act(entry)
        except gate.Refused as refusal:
            refused.append((entry, refusal.problems))
    return refused


@admin.action(description="Mark as checked", permissions=["change"])
def mark_as_checked(model_admin, request, queryset):
    """Note of the sources ticked that their excerpt, copy or report supports the use made."""
    with transaction.atomic():
        sources = list(queryset.filter(checked=False).order_by("pk"))
        for source in sources:

            def write(source=source):
                source.checked = True
                source.save(update_fields=["checked"])

            publishing.save(entry=source, write=write, user=request.user)
    text = f"{len(sources)} marked as checked."
    model_admin.message_user(request, text, messages.SUCCESS)
