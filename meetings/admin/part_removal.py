"""Deleting parts from their lists: a plan, then one act on each entry, all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages

from ..editing import acts
from ..editing.permissions import is_public
from ..editing.removals import keys_of, removed_rows, without_parts
from ..editing.snapshots import Snapshot
from ..tables.registry import TABLES_BY_MODEL
from . import bulk_actions, stale_forms
from .act_forms import typed_words
from .forms import ActForm

# Stands for the note while it is only tried what would be refused.
TRIED = "Tried"


@dataclass(frozen=True, kw_only=True)
class Removal(bulk_actions.Selected):
    """What an entry loses: the ids of the ticked parts, all rows in words, its state after that."""

    after: Snapshot


class PartRemoval:
    """The action that deletes the ticked parts of entries, for their ModelAdmin."""

    actions: Sequence[Any] | None = ["remove_selected"]

    def has_remove_permission(self, request):
        """Return whether the user may change the entries to which such parts belong."""
        name = owner_model(self.model)._meta.model_name
        return request.user.has_perm(f"meetings.change_{name}")

    @admin.action(description="Delete", permissions=["remove"])
    def remove_selected(self, request, queryset):
        parts = bulk_actions.selected_rows(self, request, queryset)
        if parts is None:
            return None
        removals = removals_of(self.model, [part.pk for part in parts])
        is_asked = "apply" in request.POST
        form = ActForm(request.POST if is_asked else None)
        problems: list = []
        refused: list = []
        if is_asked and form.is_valid():
            problems = remove(request, removals, form.cleaned_data)
            if not problems:
                self.message_user(request, done(self.model, removals), messages.SUCCESS)
                return None
        elif not is_asked:
            refused = plan(request, removals)
        return self.removal_page(request, removals, form, problems, refused)

    def removal_page(self, request, removals, form, problems, refused):
        kept = {entry.pk for entry, _ in refused}
        count = sum(len(removal.ticked) for removal in removals)
        return bulk_actions.selected_page(
            self,
            request,
            f"Delete: {count} {self.opts.verbose_name_plural}",
            selected=[each for each in removals if each.entry.pk not in kept],
            button="Delete",
            description="Each of these keeps its earlier revisions, of which every one can be"
            " restored.",
            form=form,
            problems=problems,
            refused=refused,
        )


def owner_model(model) -> Any:
    """Return the model of the entries to which parts belong."""
    return model._meta.get_field(TABLES_BY_MODEL[model].owner).related_model


def removals_of(model, ids: list[int]) -> list[Removal]:
    """Return what each entry loses with some parts of one table."""
    table, found = TABLES_BY_MODEL[model], []
    rows = model._default_manager.filter(pk__in=ids)
    keys = keys_of(rows)
    parts: dict[int, list[int]] = {}
    for pk, owner in rows.order_by("pk").values_list("pk", f"{table.owner}_id"):
        parts.setdefault(owner, []).append(pk)
    entries = owner_model(model)._default_manager.in_bulk(list(keys))
    for pk, entry in sorted(entries.items()):
        after = without_parts(entry, table, keys[pk])
        lines = removed_rows(entry, after)
        found.append(Removal(entry, parts[pk], lines, is_public(entry), after=after))
    return found


def plan(request, removals: list[Removal]) -> list:
    """Return the entries that would be refused, each with its problems; write nothing."""
    seen = {each.entry.pk: each.entry.revision for each in removals}
    perform = performer(request, removals, seen, {"note": TRIED})
    return bulk_actions.would_refuse([each.entry for each in removals], perform)


def remove(request, removals: list[Removal], typed: dict[str, str]) -> list:
    """Delete the parts; return the entries that are refused, and then nothing is written."""
    seen = {
        each.entry.pk: stale_forms.seen_revision(
            {"seen": request.POST.get(f"seen-{each.entry.pk}", "")}
        )
        for each in removals
    }

    def check(entry):
        acts.check_seen(entry=entry, seen=seen[entry.pk])

    entries = [each.entry for each in removals]
    if outdated := bulk_actions.refused_entries(entries, check):
        return outdated
    return bulk_actions.all_or_none(entries, performer(request, removals, seen, typed))


def performer(request, removals: list[Removal], seen: Mapping[Any, int | None], typed):
    """Return the function that gives an entry its state without the parts."""
    states = {each.entry.pk: each.after for each in removals}

    def perform(entry):
        acts.save(
            entry=entry,
            after=states[entry.pk],
            user=request.user,
            seen=seen[entry.pk],
            **typed_words(typed),
        )

    return perform


def done(model, removals: list[Removal]) -> str:
    """Return what was done, in a sentence."""
    count = sum(len(removal.ticked) for removal in removals)
    options, owners = model._meta, owner_model(model)._meta
    what = options.verbose_name if count == 1 else options.verbose_name_plural
    number = len(removals)
    where = owners.verbose_name if number == 1 else owners.verbose_name_plural
    return f"{count} {what} of {number} {where} {'was' if count == 1 else 'were'} deleted."
