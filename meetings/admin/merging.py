"""Merging two rows that are one, at the desk: choose the one to keep, look at the plan, confirm."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst

from ..editing import merges
from ..editing.changes import EntryChange
from ..editing.errors import Refused
from ..editing.rebuild import PresentRows
from ..views.described_changes import ChangedRow, described_pairs
from . import stale_forms
from .edits import typed_choices
from .imports.forms import ConfirmForm
from .kept_pages import refuse_resumed

MOST_FOUND = 20
MOST_ENTRIES = 200


@dataclass(frozen=True)
class ShownChange:
    """The change of one entry in a plan, with its rows in words."""

    change: EntryChange
    rows: list[ChangedRow]

    @property
    def kind(self) -> str:
        return capfirst(str(self.change.own.model._meta.verbose_name))

    @property
    def address(self) -> str:
        name = f"admin:meetings_{self.change.own.model._meta.model_name}_change"
        return reverse(name, args=[self.change.pk])


class MergeViews:
    """The views that merge a row into another one of its kind, for its ModelAdmin."""

    def desk_pages(self):
        own = {
            "merge": ("<path:object_id>/merge/", self.choose_kept_view),
            "merge_plan": ("<path:object_id>/merge/<int:into>/", self.merge_view),
        }
        return own | super().desk_pages()

    def extra_buttons(self, request, row, *, is_popup):
        context = super().extra_buttons(request, row, is_popup=is_popup)
        if row and not is_popup and self.has_change_permission(request, row):
            url = reverse(self.url_name("merge"), args=[row.pk])
            context["acts"] = [*context.get("acts", []), ("Merge into another…", url)]
        return context

    def choose_kept_view(self, request, object_id):
        """Find the row to keep, as the list of its kind finds it."""
        gone = self.row_to_merge(request, object_id)
        words = request.GET.get("q", "").replace("\x00", "").strip()
        found = []
        if words:
            rows = self.get_queryset(request).exclude(pk=gone.pk)
            rows, has_doubles = self.get_search_results(request, rows, words)
            found = (rows.distinct() if has_doubles else rows)[: MOST_FOUND + 1]
        return self.desk_page(
            request,
            "merge_choose",
            f"Merge {gone} into another {self.opts.verbose_name}",
            object=gone,
            words=words,
            found=list(found)[:MOST_FOUND],
            is_cut=len(found) > MOST_FOUND,
        )

    def merge_view(self, request, object_id, into):
        """Show every cell that would change; merge as shown on POST."""
        gone, kept = self.row_to_merge(request, object_id), self.row_to_merge(request, str(into))
        form = ConfirmForm(request.POST if request.method == "POST" else None)
        choices, refusal = typed_choices(request.POST), None
        if request.method == "POST" and form.is_valid():
            try:
                refuse_resumed(request)
                merged = merges.apply_merge(
                    kept=kept,
                    gone=gone,
                    seen=request.POST.get("plan", ""),
                    user=request.user,
                    note=form.cleaned_data["note"],
                    kind=form.cleaned_data["kind"],
                    choices=choices,
                )
            except Refused as refused:
                refusal = refused
            else:
                self.message_user(request, f"Merged: {merged.name}.", messages.SUCCESS)
                return HttpResponseRedirect(reverse(self.url_name("change"), args=[kept.pk]))
        try:
            merge = merges.plan_merge(kept=kept, gone=gone, user=request.user, choices=choices)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(reverse(self.url_name("merge"), args=[gone.pk]))
        changes = merge.changes
        wrong = [change for change in changes if change.problems]
        return self.desk_page(
            request,
            "merge_plan",
            f"Merge {gone} into {kept}",
            object=gone,
            kept=kept,
            merge=merge,
            problems=merge.problems,
            wrong=[ShownChange(change, []) for change in wrong],
            conflicts=stale_forms.describe_conflicts(
                merge.choice.conflicts, request.POST, stale_forms.IN_MERGE
            ),
            shown=shown_changes(changes[:MOST_ENTRIES], request.user),
            left_out=max(len(changes) - MOST_ENTRIES, 0),
            form=form,
            refusal=refusal,
        )

    def row_to_merge(self, request, object_id):
        """Return a row that the user may change; raise Http404 or PermissionDenied."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row


def shown_changes(changes, user):
    """Return changes in words; names of rows are those that ``user`` may read."""
    pairs = [(change.before, change.after) for change in changes]
    described = described_pairs(pairs, PresentRows(user), is_at_desk=True)
    return [ShownChange(change, rows) for change, rows in zip(changes, described, strict=True)]
