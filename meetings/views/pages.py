"""The record's own pages: about, method, accessibility and others written at the desk."""

from ..models import Page, Source
from ..models.pages import HOME_SLUG
from .entries import EntryDetail


class PageDetail(EntryDetail):
    model = Page

    @classmethod
    def rows_with_page(cls, rows):
        return rows.exclude(slug=HOME_SLUG)

    def get_queryset(self):
        return self.rows_with_page(super().get_queryset())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        followed = Source.objects.with_claims().filter(pages=self.object.pk)
        return context | {"followed": followed.visible_to(self.request.user)}
