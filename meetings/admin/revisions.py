"""The revisions at the desk, as a read-only list."""

from django.contrib import admin

from ..models import Revision


class ReadOnly:
    """A ModelAdmin of rows that the desk shows and does not write."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Revision)
class RevisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["slug", "table", "number", "act", "made_at", "made_by", "kind", "note"]
    list_filter = ["table", "act", "kind"]
    list_select_related = ["made_by"]
    list_per_page = 50
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ["slug", "note"]
    date_hierarchy = "made_at"
    exclude = ["snapshot"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("snapshot")
