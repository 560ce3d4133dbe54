"""Filters on the other entries that a row is joined to."""

from django import forms
from django.db.models import Count, Exists, OuterRef, Q

from ..models.fields import validate_slug
from .facets import SHOWN, OpenFacet, Option


class RelatedFacet(OpenFacet):
    """A filter on another entry by its slug, over the rows that join the two.

    ``rows`` gives the joining rows that are public, ``here`` and ``there`` name their columns.
    """

    is_select = True

    def __init__(self, entry, label, *, rows, here, there, is_select=True):
        super().__init__("pk", label)
        # Not ``model``: a FilterSet puts the model of its own rows there.
        self.entry, self.rows, self.here, self.there = entry, rows, here, there
        self.is_select = is_select

    def known(self, values, queryset):
        slugs = [value for value in values if is_slug(value)]
        if not slugs:
            return {}
        rows = self.entries().filter(slug__in=slugs)
        found = {row.slug: self.name_of(row) for row in rows}
        return {slug: found[slug] for slug in slugs if slug in found}

    def entries(self):
        """Return the public entries, each with whether another has its title."""
        entries = self.entry.objects.published()
        others = entries.filter(title=OuterRef("title")).exclude(pk=OuterRef("pk"))
        return entries.annotate(has_same_title=Exists(others))

    def name_of(self, entry):
        return f"{entry} ({entry.slug})" if entry.has_same_title else str(entry)

    def filter(self, queryset, values):
        if not values:
            return queryset
        rows = self.rows().filter(**{f"{self.there}__slug__in": values})
        return queryset.filter(pk__in=rows.values(self.here))

    def counts_in(self, everything, queryset):
        """Return how many rows name each entry, by its id: of those named most."""
        listed, among = (
            Q(**{f"{self.here}__in": rows.order_by().values("pk")})
            for rows in (everything, queryset)
        )
        filtered = None if everything is queryset else among
        rows = self.rows().filter(listed).order_by().values_list(self.there)
        counted = rows.annotate(n=Count(self.here, distinct=True, filter=filtered))
        return dict(counted.order_by("-n", self.there)[:SHOWN])

    def options(self, queryset, chosen, everything=None):
        counts = self.counts_in(queryset if everything is None else everything, queryset)
        shown = Q(pk__in=counts) | Q(slug__in=chosen)
        return [
            Option(entry.slug, self.name_of(entry), counts.get(entry.pk, 0), entry.slug in chosen)
            for entry in self.entries().filter(shown)
        ]


def is_slug(value: str) -> bool:
    """Return whether a value could be a slug at all."""
    try:
        validate_slug(value)
    except forms.ValidationError:
        return False
    return len(value) <= 100
