"""Facets on entries that a row is related to."""

from django import forms
from django.db.models import Count, Exists, OuterRef, Q

from ..models.fields import validate_slug
from .facets import MOST_OPTIONS, AllValuesFacet, Option


class RelatedFacet(AllValuesFacet):
    """A filter on related entries by slug.

    ``joining_rows`` returns the public rows that join the two models; of their columns,
    ``own_column`` names the list's row and ``related_column`` the related entry.
    """

    is_select = True
    is_column = False

    def __init__(
        self, related_model, label, *, joining_rows, own_column, related_column, is_select=True
    ):
        super().__init__("pk", label)
        self.related_model = related_model
        self.joining_rows = joining_rows
        self.own_column = own_column
        self.related_column = related_column
        self.is_select = is_select

    def known_values(self, values, queryset):
        slugs = [value for value in values if is_slug(value)]
        if not slugs:
            return {}
        rows = self.entries().filter(slug__in=slugs)
        found = {row.slug: self.label_of_entry(row) for row in rows}
        return {slug: found[slug] for slug in slugs if slug in found}

    def entries(self):
        """Return the public entries, each with whether another has its title."""
        entries = self.related_model.objects.published()
        others = entries.filter(title=OuterRef("title")).exclude(pk=OuterRef("pk"))
        return entries.annotate(has_same_title=Exists(others))

    def label_of_entry(self, entry):
        return f"{entry} ({entry.slug})" if entry.has_same_title else str(entry)

    def filter(self, queryset, values):
        if not values:
            return queryset
        rows = self.joining_rows().filter(**{f"{self.related_column}__slug__in": values})
        return queryset.filter(pk__in=rows.values(self.own_column))

    def counts_in(self, whole_list, queryset, by_value=None):
        """Return the number of rows by the id of the related entry, for the most related ones."""
        listed, among = (
            Q(**{f"{self.own_column}__in": rows.order_by().values("pk")})
            for rows in (whole_list, queryset)
        )
        filtered = None if whole_list is queryset else among
        # A column of the rows themselves is counted in them: to look them up again takes as long.
        joining = whole_list if self.own_column == "pk" else self.joining_rows().filter(listed)
        rows = joining.order_by().values_list(self.related_column)
        counted = rows.annotate(n=Count("pk", filter=filtered))
        return dict(counted.order_by("-n", self.related_column)[:MOST_OPTIONS])

    def options(self, queryset, chosen, whole_list=None, by_value=None):
        counts = self.counts_in(queryset if whole_list is None else whole_list, queryset)
        shown = Q(pk__in=counts) | Q(slug__in=chosen)
        return [
            Option(
                entry.slug,
                self.label_of_entry(entry),
                counts.get(entry.pk, 0),
                entry.slug in chosen,
            )
            for entry in self.entries().filter(shown)
        ]


def is_slug(value: str) -> bool:
    """Return whether a value could be a slug at all."""
    try:
        validate_slug(value)
    except forms.ValidationError:
        return False
    return len(value) <= 100
