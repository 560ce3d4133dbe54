"""The record's own pages: about, method, accessibility and others written at the desk."""

from ..models import Page
from ..models.pages import HOME_SLUG
from .entries import EntryDetail


class PageDetail(EntryDetail):
    model = Page

    @classmethod
    def addressed(cls, rows):
        return rows.exclude(slug=HOME_SLUG)

    def get_queryset(self):
        return self.addressed(super().get_queryset())
