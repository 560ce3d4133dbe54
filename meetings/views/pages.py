"""The record's own pages: about, method, accessibility and others written at the desk."""

from django.http import Http404

from ..models import Page
from ..models.pages import HOME
from .entries import EntryDetail


class PageDetail(EntryDetail):
    model = Page

    def get_object(self, queryset=None):
        if self.kwargs.get("slug") == HOME:
            raise Http404
        return super().get_object(queryset)
