"""The wizard of an import: four steps from a file to the record, of which the last writes."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from ...editing.errors import Refused
from ...editing.permissions import require_import_permission
from ...exporting.responses import PACKED_TYPES
from ...importing import imports, uploads
from ...importing.matching import digest_of_header
from ...importing.open_changes import open_changes_of
from ...importing.problems import as_csv
from ...importing.summaries import Places, UploadSummary
from ...models import Import, ImportRow
from ...tables.cells import CellKind
from ...tables.csv import csv_pieces
from ...tables.registry import TABLES, TABLES_BY_NAME
from ...tables.xlsx import Sheet, columns_of, xlsx_pieces
from . import messages
from .base import paginate
from .forms import ChooseForm, ColumnsForm, ConfirmForm
from .preview import preview_rows

State = Import.State
Action = ImportRow.Action
MOST_ERRORS = 1_000
# The counts above the preview: the action or filter of each, and its label.
WARNED = "warned"
CORRECTED = "corrected"
ACTION_LABELS = ((Action.NEW, "new"), (Action.CHANGED, "changed"), (Action.UNCHANGED, "unchanged"))
TAKEN_OUT = "taken out"


class WizardViews:
    """The views of the wizard's steps, in their order."""

    def choose_view(self, request):
        require_import_permission(request.user, "import_record")
        form = ChooseForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            imported = uploads.store_upload(user=request.user, **form.upload())
            return self.redirect_to("match", imported)
        if request.method == "POST" and not form.is_bound:
            form = ChooseForm({}, {})
        return self.render_page(
            request, "choose", "Import rows", step="choose", form=form, tables=TABLES
        )

    def template_view(self, request, table):
        """Answer with a CSV file of a table's header row alone."""
        require_import_permission(request.user, "import_record")
        if table not in TABLES_BY_NAME:
            raise Http404
        return csv_download(
            HttpResponse(csv_pieces(TABLES_BY_NAME[table].columns, [])), f"{table}.csv"
        )

    def template_workbook_view(self, request):
        """Answer with a workbook of empty sheets, one for each table, whose columns are text.

        As text, a spreadsheet changes nothing of what is typed: no slug becomes a date.
        """
        require_import_permission(request.user, "import_record")
        sheets = (
            Sheet(table.name, [each._replace(kind=CellKind.TEXT) for each in columns_of(table)])
            for table in TABLES
        )
        name = {"Content-Disposition": 'attachment; filename="record.xlsx"'}
        book = b"".join(xlsx_pieces(sheets))
        return HttpResponse(book, content_type=PACKED_TYPES["xlsx"], headers=name)

    def match_view(self, request, pk):
        imported = self.get_import(request, pk)
        if imported.state != State.CHOSEN:
            return self.redirect_to_current_page(imported)
        look = uploads.inspect_upload(imported)
        data = request.POST if request.method == "POST" else None
        column_forms = columns_forms(data, imported, look)
        refusal = None
        if data is not None:
            try:
                self.match(imported, request.user, data, column_forms)
            except Refused as error:
                refusal = error
            else:
                return self.redirect_to_current_page(self.get_import(request, pk))
            look = uploads.inspect_upload(imported)
        elif look.problems:
            refusal = look
        return self.render_page(
            request,
            "match",
            f"Match columns: {imported.name}",
            imported,
            step="match",
            look=look,
            column_forms=column_forms,
            is_counted=not look.problems,
            refusal=refusal,
        )

    def match(self, imported, user, data, column_forms):
        """Read another sheet, or plan a file with its columns as they were matched."""
        if worksheet := data.get("worksheet"):
            uploads.read_otherwise(imported=imported, user=user, worksheet=worksheet)
            return
        # Without the fields of columns, as they are: a bare confirmation of what was found.
        sent = [form for form in column_forms if any(name in data for name in form.names)]
        if problems := [text for form in sent for text in form.problems()]:
            raise Refused(problems)
        matches = {key: match for form in sent for key, match in form.matches().items()}
        if matches:
            known = imported.reading.get("matches", {})
            uploads.read_otherwise(imported=imported, user=user, matches=known | matches)
            if imported.state != State.CHOSEN:
                return
        uploads.plan_upload(imported=imported, user=user)

    def preview_view(self, request, pk):
        imported = self.get_import(request, pk)
        if imported.state not in {State.READY, State.WRONG}:
            return self.redirect_to_current_page(imported)
        shown = request.GET.get("show", "wrong" if imported.wrong else "")
        rows, count = filtered_rows(imported, shown)
        page = paginate(rows, count, request)
        return self.render_page(
            request,
            "preview",
            f"Preview: {imported.name}",
            imported,
            step="preview",
            summary=messages.summary(imported),
            filters=count_filters(imported, shown),
            shown=shown,
            page=page,
            lines=preview_rows(page, Places.of(imported)),
            most=MOST_ERRORS,
            notices=UploadSummary.from_json(imported.headers).notices if imported.headers else [],
            corrected_count=corrected_count(imported),
            certain_count=imported.reading.get("suggestions", 0)
            if imports.is_correctable(imported, imported.problem_count)
            else 0,
        )

    def problems_view(self, request, pk):
        """Answer with all errors of a plan as CSV."""
        imported = self.get_import(request, pk)
        if imported.state != State.WRONG:
            raise Http404
        text = as_csv(imports.problems_of(imported))
        return csv_download(StreamingHttpResponse(text), f"errors-{imported.pk}.csv")

    def confirm_view(self, request, pk):
        imported = self.get_import(request, pk)
        if imported.state != State.READY:
            return self.redirect_to_current_page(imported)
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
                return self.redirect_to_current_page(self.get_import(request, pk))
        return self.render_page(
            request,
            "confirm",
            f"Import: {imported.name}",
            imported,
            step="confirm",
            summary=messages.summary(imported),
            open_changes=open_changes_of(imported),
            form=form,
            refusal=refusal,
        )

    @method_decorator(require_POST)
    def correct_view(self, request, pk):
        """Take all suggestions that are certain, as corrections of the file."""
        return self.act_on(request, pk, uploads.take_suggestions)

    @method_decorator(require_POST)
    def again_view(self, request, pk):
        """Compare a plan's rows again with the record as it is now."""
        return self.act_on(request, pk, uploads.plan_upload_again)

    def act_on(self, request, pk, act):
        """Do an act to an import, or say why not, and go where the import stands then."""
        try:
            act(imported=self.get_import(request, pk), user=request.user)
        except Refused as refusal:
            self.message_user(request, str(refusal), "ERROR")
        return self.redirect_to_current_page(self.get_import(request, pk))


def columns_forms(data, imported, look):
    """Return the forms of a file's tables, in which their columns are matched."""
    matches = imported.reading.get("matches", {})
    return [
        ColumnsForm(
            data,
            sheet=sheet,
            match=matches.get(digest_of_header(sheet), {}),
            prefix=f"table{number}",
        )
        for number, sheet in enumerate(look.sheets)
    ]


def corrected_rows(imported):
    """Return the rows of a plan in which suggestions were taken."""
    return imported.rows.exclude(corrected={}).order_by("number")


def corrected_count(imported):
    """Return the number of rows in which suggestions were taken, if any was to be taken."""
    return corrected_rows(imported).count() if imported.reading.get("takes_suggestions") else 0


def filtered_rows(imported, shown):
    """Return the rows under a filter of the preview, and their number.

    Unchanged rows are shown only under their own filter.
    """
    rows = imported.rows.order_by("number")
    if shown == Action.WRONG:
        found = rows.filter(action=Action.WRONG).order_by("file", "line", "number")
        return found, min(imported.wrong, MOST_ERRORS)
    if shown == CORRECTED:
        return corrected_rows(imported), corrected_count(imported)
    if shown == WARNED:
        found = rows.exclude(warnings=[])
        return found, found.count()
    if shown in {Action.NEW, Action.CHANGED, Action.UNCHANGED}:
        return rows.filter(action=shown), getattr(imported, shown)
    if shown == Action.GONE:
        return rows.filter(action=shown), imported.removed
    return rows.exclude(action=Action.UNCHANGED), imported.row_count - imported.unchanged


def count_filters(imported, shown):
    """Return the counts above a preview: label, filter, and whether that filter is active."""
    found = [
        (f"{getattr(imported, action):,} {word}", action, word) for action, word in ACTION_LABELS
    ]
    if imported.removed:
        found.append((f"{imported.removed:,} {TAKEN_OUT}", Action.GONE, TAKEN_OUT))
    if imported.wrong:
        found.append((f"{imported.wrong:,} with errors", Action.WRONG, "wrong"))
    if imported.warning_count:
        found.append((f"{imported.warning_count:,} with warnings", WARNED, WARNED))
    return [(text, str(action), str(action) == shown) for text, action, _ in found]


def csv_download(response, name):
    response["Content-Type"] = "text/csv; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
