"""The four steps from a file to the record; nothing of it is written before the last."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from ...editing.errors import Refused
from ...importing import imports, uploads
from ...importing.problems import as_csv
from ...models import Import, ImportRow
from ...tables.csv import csv_pieces
from ...tables.registry import BY_NAME, TABLES
from . import messages
from .base import page_of
from .forms import SEVERAL, ChooseForm, ConfirmForm
from .preview import lines_of

State = Import.State
Action = ImportRow.Action
MOST_ERRORS = 1_000
# What the counts above the preview say, and which rows each leads to.
WARNED = "warned"
KINDS = ((Action.NEW, "new"), (Action.CHANGED, "changed"), (Action.UNCHANGED, "unchanged"))


class Steps:
    """The pages of the steps, in their order."""

    def choose_view(self, request):
        imports.require_permission(request.user, "import_record")
        form = ChooseForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file, table = form.cleaned_data["file"], form.cleaned_data["table"]
            imported = uploads.store_upload(
                user=request.user,
                name=file.name,
                content=file.read(),
                table="" if table == SEVERAL else table,
            )
            return self.to("match", imported)
        if request.method == "POST" and not form.is_bound:
            form = ChooseForm({}, {})
        return self.page(request, "choose", "Import rows", step="choose", form=form, tables=TABLES)

    def template_view(self, request, table):
        """Answer with the header row of a table, to be filled in."""
        imports.require_permission(request.user, "import_record")
        if table not in BY_NAME:
            raise Http404
        return csv_file(HttpResponse(csv_pieces(BY_NAME[table].columns, [])), f"{table}.csv")

    def match_view(self, request, pk):
        imported = self.get_import(request, pk)
        if imported.state != State.CHOSEN:
            return self.to_its_place(imported)
        refusal = None
        if request.method == "POST":
            try:
                uploads.plan_upload(imported=imported, user=request.user)
            except Refused as error:
                refusal = error
            else:
                return self.to_its_place(self.get_import(request, pk))
        look = uploads.inspect_upload(imported)
        if look.problems and refusal is None:
            refusal = look
        return self.page(
            request,
            "match",
            f"Match columns: {imported.name}",
            imported,
            step="match",
            look=look,
            refusal=refusal,
        )

    def preview_view(self, request, pk):
        imported = self.get_import(request, pk)
        if imported.state not in {State.READY, State.WRONG}:
            return self.to_its_place(imported)
        shown = request.GET.get("show", "wrong" if imported.wrong else "")
        rows, count = shown_rows(imported, shown)
        page = page_of(rows, count, request)
        return self.page(
            request,
            "preview",
            f"Preview: {imported.name}",
            imported,
            step="preview",
            summary=messages.summary(imported),
            filters=filters(imported, shown),
            shown=shown,
            page=page,
            lines=lines_of(page),
            most=MOST_ERRORS,
        )

    def problems_view(self, request, pk):
        """Answer with everything that is wrong with a plan's file, as CSV."""
        imported = self.get_import(request, pk)
        if imported.state != State.WRONG:
            raise Http404
        text = as_csv(imports.problems_of(imported))
        return csv_file(StreamingHttpResponse(text), f"errors-{imported.pk}.csv")

    def confirm_view(self, request, pk):
        imported = self.get_import(request, pk)
        if imported.state != State.READY:
            return self.to_its_place(imported)
        form = ConfirmForm(
            request.POST if request.method == "POST" else None,
            warning_count=imported.warning_count,
        )
        refusal = Refused(imported.refusal) if imported.refusal else None
        if request.method == "POST" and form.is_valid():
            try:
                uploads.confirm_upload(imported=imported, user=request.user, **form.cleaned_data)
            except Refused as error:
                refusal = error
            else:
                return self.to_its_place(self.get_import(request, pk))
        return self.page(
            request,
            "confirm",
            f"Import: {imported.name}",
            imported,
            step="confirm",
            summary=messages.summary(imported),
            form=form,
            refusal=refusal,
        )

    @method_decorator(require_POST)
    def again_view(self, request, pk):
        """Compare a plan's rows with the record as it is by now."""
        imported = self.get_import(request, pk)
        try:
            uploads.plan_upload_again(imported=imported, user=request.user)
        except Refused as refusal:
            self.message_user(request, str(refusal), "ERROR")
        return self.to_its_place(self.get_import(request, pk))


def shown_rows(imported, shown):
    """Return the rows that a preview shows, and how many: those unchanged only when asked for."""
    rows = imported.rows.order_by("number")
    if shown == Action.WRONG:
        found = rows.filter(action=Action.WRONG).order_by("file", "line", "number")
        return found, min(imported.wrong, MOST_ERRORS)
    if shown == WARNED:
        found = rows.exclude(warnings=[])
        return found, found.count()
    if shown in {Action.NEW, Action.CHANGED, Action.UNCHANGED}:
        return rows.filter(action=shown), getattr(imported, shown)
    return rows.exclude(action=Action.UNCHANGED), imported.row_count - imported.unchanged


def filters(imported, shown):
    """Return the counts above a preview: words, what they lead to, whether it is shown."""
    found = [(f"{getattr(imported, action):,} {word}", action, word) for action, word in KINDS]
    if imported.wrong:
        found.append((f"{imported.wrong:,} with errors", Action.WRONG, "wrong"))
    if imported.warning_count:
        found.append((f"{imported.warning_count:,} with warnings", WARNED, WARNED))
    return [(text, str(action), str(action) == shown) for text, action, _ in found]


def csv_file(response, name):
    response["Content-Type"] = "text/csv; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
