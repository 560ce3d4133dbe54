"""The themes."""

from django.views.generic import ListView

from ..models import Theme
from .entries import EntryDetail


class ThemeList(ListView):
    template_name = "meetings/theme_list.html"
    context_object_name = "themes"

    def get_queryset(self):
        return Theme.objects.published()


class ThemeDetail(EntryDetail):
    model = Theme
