"""Export of the desk's lists as CSV and XLSX: selected rows, or all under the list's filters."""

from itertools import islice

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse

from access import security_log

from ..exporting.responses import xlsx_file
from ..tables.csv import csv_pieces
from ..tables.registry import TABLES_BY_MODEL
from ..tables.rows import table_rows
from ..tables.xlsx import Sheet, columns_of

BATCH_ROWS = 500


def row_batches(table, rows):
    """Yield the rows of a table in order of the key, in row_batches."""
    found = table_rows(table, rows)
    while batch := list(islice(found, BATCH_ROWS)):
        yield batch


class TableExport:
    """A list with an export, unpublished rows included, for those who may view it."""

    can_export = True

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [
            path("export/", view, name=name),
            path("export/xlsx/", view, {"ending": "xlsx"}, name=f"{name}_xlsx"),
            *super().get_urls(),
        ]

    def get_actions(self, request):
        actions = super().get_actions(request)
        if "_popup" not in request.GET:
            for action in (export_selected, export_selected_xlsx):
                name = action.__name__
                actions[name] = (action, name, action.short_description)
        return actions

    def export_view(self, request, ending="csv"):
        """Answer with all rows that the list shows under the same parameters."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            return HttpResponseRedirect(f"{url}?{ERROR_FLAG}=1")
        return self.file_response(request, rows, ending)

    def file_response(self, request, rows, ending="csv"):
        """Return the response with rows as CSV or XLSX, without what the list computes."""
        table = TABLES_BY_MODEL[self.model]
        words = f"Export of {table.name}."
        security_log.record("export", words, request=request, account=request.user)
        ids = rows.order_by().values("pk")
        found = self.model._default_manager.filter(pk__in=ids)
        batches = row_batches(table, found)
        if ending == "xlsx":
            return xlsx_file(Sheet(table.name, columns_of(table), batches), found.count())
        response = StreamingHttpResponse(
            csv_pieces(table.columns, batches, table), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
        return response


@admin.action(description="Export selected (CSV)")
def export_selected(model_admin, request, queryset):
    return model_admin.file_response(request, queryset)


@admin.action(description="Export selected (XLSX)")
def export_selected_xlsx(model_admin, request, queryset):
    return model_admin.file_response(request, queryset, "xlsx")
