"""The record's own pages: about, method, accessibility and others written at the desk."""

from django_countries.fields import Country

from ..models import Page, Source
from ..models.evidence import Evidence, count_by_government, count_by_reading
from ..models.pages import HOME_SLUG, METHOD_SLUG
from .entries import EntryDetail


class PageDetail(EntryDetail):
    model = Page

    @classmethod
    def rows_with_page(cls, rows):
        return rows.exclude(slug=HOME_SLUG)

    def get_queryset(self):
        return self.rows_with_page(super().get_queryset())

    def context_of_others(self):
        followed = Source.objects.with_claims().filter(pages=self.object.pk)
        context = {"followed": followed.visible_to(self.request.user)}
        return context | evidence_context() if self.object.slug == METHOD_SLUG else context


def evidence_context() -> dict:
    """Return what the method page says of evidence: the words, and how often each occurs."""
    counts = count_by_government()
    governments = sorted((Country(code) for code in counts), key=lambda country: country.name)
    return {
        "evidence_words": list(Evidence),
        "evidence_counts": [
            (government, [counts[government.code][evidence] for evidence in Evidence])
            for government in governments
        ],
        "reading": count_by_reading(),
    }
