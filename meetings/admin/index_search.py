"""Search in the desk's lists and choosers by the record's own index."""

from django.db.models import Q

from ..models.search import SEARCHED_TABLES
from ..search.rows import matching_ids
from ..tables.registry import TABLES_BY_MODEL

VIEW_PERMISSIONS = [
    f"{model._meta.app_label}.view_{model._meta.model_name}"
    for model, _ in SEARCHED_TABLES.values()
]


class IndexSearch:
    """A ModelAdmin that finds rows by the index, too: in any script, without accents, by parts.

    A row's document holds names of rows of other tables, so that the index is asked for who may
    read all of them. What else Django finds in ``search_fields`` (a slug, an address) stays found.
    """

    def get_search_results(self, request, queryset, search_term):
        found, has_duplicates = super().get_search_results(request, queryset, search_term)
        table = TABLES_BY_MODEL[self.model].name
        may_ask = table in SEARCHED_TABLES and request.user.has_perms(VIEW_PERMISSIONS)
        if not may_ask or not search_term.strip():
            return found, has_duplicates
        own = found.order_by().values("pk")
        return queryset.filter(Q(pk__in=matching_ids(table, search_term)) | Q(pk__in=own)), False
