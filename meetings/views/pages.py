"""The record's own pages: about, method, accessibility and others written at the desk."""

from ..models import Page
from ..models.pages import HOME_SLUG
from .entries import EntryDetail


class PageDetail(EntryDetail):
    model = Page

    @classmethod
    def rows_with_page(cls, rows):
        return rows.exclude(slug=HOME_SLUG)

    def get_queryset(self):
        return self.rows_with_page(super().get_queryset())
