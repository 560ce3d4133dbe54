"""The ModelAdmin of imports: their list, and the addresses of the views."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html

from ...models import Import
from ..revisions import OfferedLookups, ReadOnly
from ..work_filters import Recently
from .base import PAGE_BY_STATE, ImportViews
from .results import ResultViews
from .wizard import WizardViews

VIEW_PERMISSIONS = ("import_record", "undo_import", "view_import")
# The views of one import, each at an address with its number.
IMPORT_VIEWS = (
    "match",
    "preview",
    "correct",
    "confirm",
    "again",
    "progress",
    "result",
    "undo",
    "stop",
)


def redirect_to_restore(plan):
    """Return the redirect to a plan to restore an entry, whose page is among the entry's."""
    revision = plan.restores
    args = [revision.object_id, plan.pk]
    return HttpResponseRedirect(reverse(f"admin:meetings_{revision.table}_restore_plan", args=args))


@admin.register(Import)
class ImportAdmin(
    WizardViews, ResultViews, ImportViews, OfferedLookups, ReadOnly, admin.ModelAdmin
):
    list_display = [
        "file",
        "state",
        "act",
        "counts",
        "made_at",
        "made_by",
        "note",
        "undoing",
    ]
    list_display_links = ["file"]
    list_filter = ["act", "state", Recently]
    list_select_related = ["made_by"]
    list_per_page = 50
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ["name", "note", "sha256"]
    date_hierarchy = "made_at"

    class Media:
        css = {"all": ["css/desk.css", "css/desk-plans.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content").with_undone_by()

    # Who may

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return any(self.has_right(request, name) for name in VIEW_PERMISSIONS)

    def has_add_permission(self, request, obj=None):
        return self.has_right(request, "import_record")

    # Addresses

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("choose/", wrap(self.choose_view), name="meetings_import_choose"),
            path(
                "template/<slug:table>.csv",
                wrap(self.template_view),
                name="meetings_import_template",
            ),
            path(
                "template/record.xlsx",
                wrap(self.template_workbook_view),
                name="meetings_import_template_workbook",
            ),
            path("<int:pk>/errors.csv", wrap(self.problems_view), name="meetings_import_problems"),
            *(
                path(
                    f"<int:pk>/{name}/",
                    wrap(getattr(self, f"{name}_view")),
                    name=f"meetings_import_{name}",
                )
                for name in IMPORT_VIEWS
            ),
        ]
        return own + super().get_urls()

    def add_view(self, request, form_url="", extra_context=None):
        return self.redirect_to("choose")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        imported = self.get_object(request, object_id)
        if imported is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if imported.restores and imported.state in PAGE_BY_STATE:
            return redirect_to_restore(imported)
        return self.redirect_to_current_page(self.get_import(request, imported.pk))

    # The list

    @admin.display(description="file", ordering="name")
    def file(self, imported):
        return imported.name or "(no file)"

    @admin.display(description="rows")
    def counts(self, imported):
        if imported.act == Import.Act.UNDO:
            return f"{imported.changed:,} returned"
        if imported.act == Import.Act.RESTORE:
            return "1 restored"
        if imported.act == Import.Act.MERGE:
            return f"{imported.changed:,} changed"
        text = f"{imported.new:,} new · {imported.changed:,} changed"
        taken_out = f" · {imported.removed:,} taken out" if imported.removed else ""
        return f"{text}{taken_out} · {imported.unchanged:,} unchanged"

    @admin.display(description="undo")
    def undoing(self, imported):
        if imported.undone_by:
            url = reverse("admin:meetings_import_result", args=[imported.undone_by])
            return format_html('<a href="{}">Undone by {}</a>', url, imported.undone_by)
        if imported.state != Import.State.DONE:
            return ""
        url = reverse("admin:meetings_import_undo", args=[imported.pk])
        return format_html(
            '<a href="{}">Undo<span class="visually-hidden"> import {}</span></a>', url, imported.pk
        )
