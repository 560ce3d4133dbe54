"""Facets of the list of accounts compared: on the discussions by what their accounts say."""

from functools import cached_property

from django.db.models import Count, Exists, OuterRef

from ..models import Account
from ..models.evidence import Evidence, public_discussions_by_evidence
from ..models.relations import is_code, rank_of, words_of
from .facets import MOST_OPTIONS, AllValuesFacet, Facet


class RelationFacet(AllValuesFacet):
    """A filter on the relation of the accounts, which the queryset is annotated with."""

    options_before_rest = MOST_OPTIONS
    is_column = False

    def known_values(self, values, queryset):
        return {value: words_of(value) for value in values if is_code(value)}

    def label_of(self, value):
        return words_of(value)

    def options(self, queryset, chosen, whole_list=None, by_value=None):
        options = super().options(queryset, chosen, whole_list, by_value)
        return sorted(options, key=lambda option: (rank_of(option.value), option.label))


class FindingFacet(Facet):
    """A filter on the findings of the accounts: one of them has it."""

    is_column = False

    def filter(self, queryset, values):
        return queryset.filter(exists_account(finding__in=values)) if values else queryset

    def counts(self, queryset, by_value=None):
        numbers = {
            value: Count("pk", filter=exists_account(finding=value)) for value in self.labels
        }
        return queryset.order_by().aggregate(**numbers)


class EvidenceFacet(Facet):
    """A filter on what the accounts rest on: the text of one of them has the evidence."""

    is_column = False

    def __init__(self, label):
        super().__init__("pk", label, choices=Evidence.choices)

    def filter(self, queryset, values):
        if not values:
            return queryset
        ids = {pk for value in values for pk in self.by_evidence.get(Evidence(value), ())}
        return queryset.filter(pk__in_array=ids)

    def counts(self, queryset, by_value=None):
        listed = set(queryset.order_by().values_list("pk", flat=True))
        return {evidence.value: len(listed & {*pks}) for evidence, pks in self.by_evidence.items()}

    @cached_property
    def by_evidence(self):
        """The ids of the discussions by evidence, asked for once by each list."""
        return public_discussions_by_evidence()


def exists_account(**conditions):
    """Return the condition that an account of the discussion meets others."""
    accounts = Account.objects.filter(meeting=OuterRef("meeting"), issue=OuterRef("issue"))
    return Exists(accounts.filter(**conditions))
