"""Restoring an earlier revision at the desk: a page with the plan, on which it is confirmed."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from ..editing.errors import Refused
from ..importing import restore
from ..importing.open_changes import open_changes_of
from ..models import Import, ImportRow
from .imports.forms import ConfirmForm
from .imports.preview import preview_rows

State = Import.State
MOST_ROWS = 1_000


class RestoreViews:
    """The views that restore a revision from an entry's history, for its ModelAdmin."""

    def desk_pages(self):
        own = {
            "restore": ("<path:object_id>/history/restore/", self.plan_restore_view),
            "restore_plan": ("<path:object_id>/history/restore/<int:plan>/", self.restore_view),
        }
        return own | super().desk_pages()

    def get_restorable(self, request, object_id):
        """Return the entry, or None; raise PermissionDenied unless the user may change it."""
        entry = self.get_object(request, unquote(object_id))
        if entry is not None and not self.has_change_permission(request, entry):
            raise PermissionDenied
        return entry

    @method_decorator(require_POST)
    def plan_restore_view(self, request, object_id):
        entry = self.get_restorable(request, object_id)
        if entry is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        number = request.POST.get("number", "")
        try:
            planned = restore.plan_restore(
                entry=entry,
                number=int(number) if number.isdecimal() and len(number) < 10 else 0,
                user=request.user,
            )
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.INFO)
            return self.to_history(object_id)
        return HttpResponseRedirect(
            reverse(self.url_name("restore_plan"), args=[object_id, planned.pk])
        )

    def restore_view(self, request, object_id, plan):
        entry = self.get_restorable(request, object_id)
        if entry is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        planned = self.get_plan(request, entry, plan)
        form = ConfirmForm(request.POST if request.method == "POST" else None)
        refusal = None
        if request.method == "POST" and form.is_valid():
            try:
                restore.apply_restore(planned=planned, user=request.user, **form.cleaned_data)
            except Refused as error:
                refusal = error
            else:
                self.message_user(request, f"Restored: {planned.name}.", messages.SUCCESS)
                return self.to_history(object_id)
        return self.restore_page(request, entry, planned, form, refusal)

    def get_plan(self, request, entry, pk):
        """Return a plan to restore this entry; raise PermissionDenied unless the user made it."""
        found = Import.objects.select_related("restores__made_by").filter(
            restores__table=self.opts.model_name, restores__object_id=entry.pk
        )
        planned = found.filter(pk=pk).first()
        if planned is None:
            raise Http404
        if planned.made_by_id != request.user.pk:
            raise PermissionDenied("A plan is shown to whoever made it.")
        return planned

    def restore_page(self, request, entry, planned, form, refusal):
        """Return the page of a plan: what would change, and a form that asks why."""
        rows = planned.rows.order_by("number")
        shown = rows.exclude(action=ImportRow.Action.UNCHANGED)
        return self.desk_page(
            request,
            "restore",
            f"Restore: {planned.name}",
            object=entry,
            imported=planned,
            is_open=planned.state == State.READY,
            lines=[changed_cells_only(line) for line in preview_rows(shown[:MOST_ROWS])],
            form=form,
            open_changes=open_changes_of(planned),
            refusal=refusal,
        )

    def to_history(self, object_id):
        return HttpResponseRedirect(reverse(self.url_name("history"), args=[object_id]))


def changed_cells_only(line):
    """Remove from a changed row of the preview the cells that stay as they are; return it."""
    if line.row.action == ImportRow.Action.CHANGED:
        line.cells = [cell for cell in line.cells if cell.is_changed]
    return line
