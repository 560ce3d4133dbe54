"""The FilterSets of the lists, one for each."""

from collections import Counter

import django_filters
from django.db.models import Count
from django.http import QueryDict
from django.utils.functional import cached_property

from ..models import Account, Actor, Discussion, Issue, Meeting, Reaction, Source
from . import (
    AllValuesFacet,
    CountryFacet,
    DayFacet,
    Facet,
    KindFacet,
    LanguageFacet,
    RelatedFacet,
    SpeakerCountryFacet,
    TextFacet,
    YearFacet,
)
from .account_facets import EvidenceFacet, FindingFacet, RelationFacet

# The values of filters that are chosen, each with its label, by the filter's name.
Chosen = dict[str, dict[str, str]]


class RecordFilter(django_filters.FilterSet):
    """The filters of a list.

    ``chosen`` holds the known values of each filter with their labels, ``ignored`` the unknown
    ones, which do not filter. ``kind_name`` is the filter, if any, that says what the list is of.
    """

    kind_name = ""

    def __init__(self, data=None, queryset=None, **kwargs):
        self.chosen: Chosen = {}
        self.ignored: list[str] = []
        kept = data.copy() if data else QueryDict(mutable=True)
        if data:
            for name, facet in self.base_filters.items():
                given = [value for value in dict.fromkeys(data.getlist(name)[:50]) if value]
                known = facet.known_values(given, queryset)
                if not isinstance(facet, TextFacet):
                    self.ignored += [f"{name}={v[:60]}" for v in given if v not in known]
                if known:
                    self.chosen[name] = known
                kept.setlist(name, list(known))
        for name, known in self.with_kind(self.chosen).items():
            kept.setlist(name, list(known))
        super().__init__(kept or None, queryset, **kwargs)

    def with_kind(self, chosen: Chosen, *others: str) -> Chosen:
        """Return chosen values and, unless it is chosen or among ``others``, the default kind."""
        facet = self.base_filters.get(self.kind_name)
        if facet is None or {self.kind_name, *facet.yields_to} & {*chosen, *others}:
            return chosen
        return {self.kind_name: {facet.default: facet.labels[facet.default]}} | chosen

    @property
    def groups(self):
        """Each filter with its options, counted with all other filters applied."""
        return [self.group(name, facet) for name, facet in self.filters.items() if facet.is_in_form]

    @property
    def hidden_values(self):
        """The names and values of the chosen filters that the form does not show."""
        return [
            (name, value)
            for name, values in self.chosen.items()
            for value in values
            if not self.filters[name].is_in_form
        ]

    def group(self, name, facet):
        """Return a filter with its options; the rest of a long list is open if one is chosen."""
        chosen = self.applied.get(name, {})
        is_narrowed = bool(self.chosen.keys() - {name}) and not facet.is_select
        whole_list = self.queryset.all() if is_narrowed else None
        by_value = self.counted_columns.get(name)
        options = facet.options(self.narrowed(without=name), chosen, whole_list, by_value)
        before_rest = facet.options_before_rest
        # One option more is shown rather than folded away alone.
        is_long = before_rest is not None and len(options) > before_rest + 1
        rest = options[before_rest:] if is_long else []
        return {
            "name": name,
            "label": facet.label,
            "is_select": facet.is_select,
            "chosen": chosen,
            "options": options,
            "first": options[: len(options) - len(rest)],
            "rest": rest,
            "rest_is_open": any(option.is_chosen for option in rest),
        }

    @cached_property
    def applied(self) -> Chosen:
        """The values by which the list is filtered, whether chosen or by default."""
        return self.with_kind(self.chosen)

    def applied_without(self, name) -> Chosen:
        """Return the values of all filters but one, under which its options are counted."""
        applied = self.with_kind(self.chosen, name)
        return {other: values for other, values in applied.items() if other != name}

    def narrowed(self, *, without):
        """Return the rows under all filters but one."""
        return self.rows_under(self.applied_without(without))

    @cached_property
    def counted_columns(self) -> dict[str, Counter]:
        """The numbers of rows by value of each column that does not filter the list itself.

        One query counts them all: in a large record, most of its time goes to finding the rows.
        """
        names = [
            name
            for name, facet in self.filters.items()
            if facet.is_column and facet.is_in_form and self.applied_without(name) == self.applied
        ]
        counts: dict[str, Counter] = {name: Counter() for name in names}
        if names:
            columns = [self.filters[name].field_name for name in names]
            rows = self.rows_under(self.applied).order_by().values_list(*columns)
            for *values, number in rows.annotate(Count("pk")):
                for name, value in zip(names, values, strict=True):
                    counts[name][value] += number
        return counts

    @property
    def whole(self):
        """All rows of the kind that the list is of, whatever else is chosen."""
        applied = self.with_kind(self.chosen)
        return self.rows_under({n: v for n, v in applied.items() if n == self.kind_name})

    def rows_under(self, applied: Chosen):
        """Return the rows under some values of filters."""
        queryset = self.queryset.all()
        for name, values in applied.items():
            queryset = self.filters[name].filter(queryset, list(values))
        return queryset

    @property
    def chips(self):
        """The chosen values, each with its filter.

        ``title`` names the value in the page's title: with the filter's label, unless it is a
        value of the first filter, since two filters may have the same value.
        """
        first = next(iter(self.filters))
        return [
            {
                "name": name,
                "label": (label := self.filters[name].label),
                "value": value,
                "text": text,
                "title": text if name == first else f"{label.lower()} {text}",
            }
            for name, values in self.chosen.items()
            for value, text in values.items()
        ]


class MeetingFilter(RecordFilter):
    kind_name = "kind"
    kind = KindFacet("In person or call")
    event_status = Facet("event_status", "Status", choices=Meeting.EventStatus.choices)
    format = Facet(
        "format", "Format", choices=Meeting.Format.choices, not_offered=(Meeting.Format.CALL,)
    )
    issue = RelatedFacet(
        Issue,
        "Issue",
        joining_rows=lambda: Discussion.objects.published(),
        own_column="meeting",
        related_column="issue",
    )
    country = CountryFacet("place__country", "Country")
    year = YearFacet("starts_on", "Year")
    starts_from = DayFacet("starts_on__gte", "Since")
    starts_to = DayFacet("starts_on__lte", "Until")
    q = TextFacet("Words", ("title", "summary", "place__city"))

    class Meta:
        model = Meeting
        fields = [
            *("kind", "event_status", "format", "issue", "country", "year"),
            *("starts_from", "starts_to", "q"),
        ]


class IssueFilter(RecordFilter):
    meeting = RelatedFacet(
        Meeting,
        "Meeting",
        joining_rows=lambda: Discussion.objects.published(),
        own_column="issue",
        related_column="meeting",
    )

    class Meta:
        model = Issue
        fields = ["meeting"]


class DiscussionFilter(RecordFilter):
    issue = RelatedFacet(
        Issue,
        "Issue",
        joining_rows=lambda: Discussion.objects.all(),
        own_column="pk",
        related_column="issue",
    )
    meeting = RelatedFacet(
        Meeting,
        "Meeting",
        joining_rows=lambda: Discussion.objects.all(),
        own_column="pk",
        related_column="meeting",
    )
    year = YearFacet("meeting__starts_on", "Year")
    agreement = RelationFacet("relation", "Relation")
    finding = FindingFacet("pk", "One account", choices=Account.Finding.choices)
    evidence = EvidenceFacet("Evidence of one")

    class Meta:
        model = Discussion
        fields = ["issue", "meeting", "year", "agreement", "finding", "evidence"]

    @cached_property
    def relations(self) -> list[tuple[int, str, int]]:
        """The numbers of discussions by issue and relation, which are long to find."""
        return list(self.qs.order_by().values_list("issue", "relation").annotate(Count("pk")))

    @cached_property
    def counted_columns(self) -> dict[str, Counter]:
        counts: Counter = Counter()
        for _, relation, number in self.relations:
            counts[relation] += number
        return {} if "agreement" in self.chosen else {"agreement": counts}


class ReactionFilter(RecordFilter):
    meeting = RelatedFacet(
        Meeting,
        "Meeting",
        joining_rows=lambda: Reaction.objects.all(),
        own_column="pk",
        related_column="meeting",
    )
    country = SpeakerCountryFacet("country", "Country")
    capacity = Facet("capacity", "Capacity", choices=Reaction.Capacity.choices)
    affiliation = AllValuesFacet("affiliation", "Affiliation")
    stance = Facet("stance", "Stance", choices=Reaction.Stance.choices)
    issue = RelatedFacet(
        Issue,
        "Issue",
        joining_rows=lambda: Reaction.issues.through.objects.all(),
        own_column="reaction",
        related_column="issue",
        is_select=False,
    )
    year = YearFacet("reacted_on", "Year")

    class Meta:
        model = Reaction
        fields = ["meeting", "country", "capacity", "affiliation", "stance", "issue", "year"]


class ActorFilter(RecordFilter):
    kind = Facet("kind", "Kind", choices=Actor.Kind.choices)
    country = CountryFacet("country", "Country")

    class Meta:
        model = Actor
        fields = ["kind", "country"]


class SourceFilter(RecordFilter):
    kind = Facet("kind", "Kind", choices=Source.Kind.choices)
    language = LanguageFacet("language", "Language")
    ownership = Facet("ownership", "Ownership", choices=Source.Ownership.choices)
    read = Facet("read", "Read", choices=Source.Read.choices)
    year = YearFacet("published", "Year")

    class Meta:
        model = Source
        fields = ["kind", "language", "ownership", "read", "year"]
