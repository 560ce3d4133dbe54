"""The themes."""

from django.views.generic import ListView

from ..models import Theme
from .entries import EntryDetail
from .paging import LIST_FILES, data_addresses


class ThemeList(ListView):
    template_name = "meetings/theme_list.html"
    context_object_name = "themes"
    parameters = ()
    what = "themes"

    def get_queryset(self):
        return Theme.objects.published()

    def get_context_data(self, **kwargs):
        data = data_addresses(self.request.path, endings=(*LIST_FILES, "atom"))
        return super().get_context_data(data=data, **kwargs)


class ThemeDetail(EntryDetail):
    model = Theme
