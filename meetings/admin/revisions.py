"""The revisions at the desk, as a read-only list."""

from django.contrib import admin

from ..models import Revision
from .work_filters import Recently


class ReadOnly:
    """A ModelAdmin of rows that the desk shows and does not write."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class OfferedLookups:
    """A ModelAdmin whose list is filtered by what it offers, and by nothing else.

    A count of the rows whose hidden column holds a word would tell of drafts, or of files.
    """

    def lookup_allowed(self, lookup, value, request):
        filters = self.get_list_filter(request)
        offered = {getattr(found, "parameter_name", found) for found in filters}
        offered.add(self.date_hierarchy)
        return lookup.partition("__")[0] in offered


@admin.register(Revision)
class RevisionAdmin(OfferedLookups, ReadOnly, admin.ModelAdmin):
    list_display = ["slug", "table", "number", "act", "made_at", "made_by", "kind", "note"]
    list_filter = ["table", "act", "kind", Recently]
    list_select_related = ["made_by"]
    list_per_page = 50
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ["slug", "note", "was_wrong"]
    date_hierarchy = "made_at"
    exclude = ["snapshot"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("snapshot")
