"""The views of imports after the wizard: progress, result, undo, and discarding a plan."""

from django.contrib import messages
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from ...editing.errors import Refused
from ...editing.permissions import require_import_permission
from ...importing import progress, undo, uploads
from ...importing.open_changes import open_changes_of
from ...models import Import, Revision
from ...models.imports import PLAN_STATES
from ...tables.registry import VERSIONED_TABLES
from .base import PAGE_BY_STATE, paginate
from .forms import NoteForm
from .messages import outcome, undo_sentences

State = Import.State
MODELS = {table.model._meta.model_name: table.model for table in VERSIONED_TABLES}


class ResultViews:
    """The views of imports that are under way or finished."""

    def progress_view(self, request, pk):
        imported = self.get_import(request, pk)
        if PAGE_BY_STATE.get(State(imported.state)) != "progress":
            return self.redirect_to_current_page(imported)
        total = imported.row_count
        is_compared = False
        if imported.state == State.PLANNING:
            is_compared = imported.rows.filter(table__gt="").exclude(action="").exists()
            total = imported.rows.count() if is_compared else 0
        elif imported.act == Import.Act.UNDO:
            total = imported.undoes.revisions.count()
        return self.render_page(
            request,
            "progress",
            f"{imported.get_act_display()}: {imported.name}",
            imported,
            done=progress.rows_done(imported),
            total=total,
            is_compared=is_compared,
        )

    def result_view(self, request, pk):
        imported = self.get_import(request, pk)
        if imported.state in PAGE_BY_STATE:
            return self.redirect_to_current_page(imported)
        revisions = imported.revisions.order_by("pk").defer("snapshot")
        page = paginate(revisions, revisions.count(), request)
        kept = undo.kept_rows(imported).order_by("number")
        return self.render_page(
            request,
            "result",
            str(imported),
            imported,
            outcome=outcome(imported),
            page=page,
            entries=revision_lines(page),
            kept=paginate(kept, kept.count(), request),
            undoings=imported.undoings.filter(state=State.DONE).order_by("pk"),
            may_undo=self.may_undo(request, imported),
        )

    def may_undo(self, request, imported):
        is_done = imported.state == State.DONE and not imported.is_undone
        return is_done and self.has_right(request, "undo_import")

    def undo_view(self, request, pk):
        require_import_permission(request.user, "undo_import")
        imported = self.get_import(request, pk)
        if imported.state in PAGE_BY_STATE:
            return self.redirect_to_current_page(imported)
        form = NoteForm(request.POST if request.method == "POST" else None)
        refusal = None
        if request.method == "POST" and form.is_valid():
            note = form.cleaned_data["note"]
            try:
                undone = uploads.request_undo(
                    imported=imported,
                    user=request.user,
                    note=note,
                    planned=request.POST.get("planned", ""),
                )
            except Refused as error:
                refusal = error
            else:
                return self.redirect_to_current_page(undone)
        may_undo = self.may_undo(request, imported)
        plan = uploads.plan_undo(imported=imported, user=request.user) if may_undo else None
        return self.render_page(
            request,
            "undo",
            f"Undo: {imported}",
            imported,
            form=form,
            refusal=refusal,
            plan=plan,
            sentences=undo_sentences(plan) if plan else [],
            open_changes=open_changes_of(imported),
        )

    @method_decorator(require_POST)
    def stop_view(self, request, pk):
        imported = self.get_import(request, pk)
        if imported.state not in PAGE_BY_STATE:
            return self.redirect_to_current_page(imported)
        is_plan = imported.state in PLAN_STATES
        uploads.stop(imported=imported, user=request.user)
        text = "Discarded. Nothing of it was written." if is_plan else "It will stop in a moment."
        self.message_user(request, text, messages.INFO)
        return self.redirect_to_current_page(self.get_import(request, pk))


def revision_lines(revisions):
    """Return the lines on revisions, with the pages of those that were shown."""
    ids = [revision.pk for revision in revisions]
    shown = set(Revision.objects.filter(pk__in=ids).shown().values_list("pk", flat=True))
    return [revision_line(revision, revision.pk in shown) for revision in revisions]


def revision_line(revision, was_shown):
    """Return the line on one revision: revision, kind, address of the form, of the page."""
    model = MODELS[revision.table]
    is_gone = revision.act == Revision.Act.DELETE
    form = (
        ""
        if is_gone
        else reverse(f"admin:meetings_{revision.table}_change", args=[revision.object_id])
    )
    page = model(slug=revision.slug).get_absolute_url() if was_shown else ""
    return revision, model._meta.verbose_name, form, page
