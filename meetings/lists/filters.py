"""The FilterSets of the lists, one for each."""

import django_filters

from ..models import Account, Actor, Discussion, Issue, Meeting, Reaction, Source
from . import (
    AllValuesFacet,
    CountryFacet,
    Facet,
    LanguageFacet,
    RelatedFacet,
    TextFacet,
    YearFacet,
)
from .account_facets import EvidenceFacet, FindingFacet, RelationFacet


class RecordFilter(django_filters.FilterSet):
    """The filters of a list.

    ``chosen`` holds the known values of each filter with their labels, ``ignored`` the unknown
    ones, which do not filter.
    """

    def __init__(self, data=None, queryset=None, **kwargs):
        self.chosen: dict[str, dict[str, str]] = {}
        self.ignored: list[str] = []
        kept = (data or {}).copy()
        if data:
            for name, facet in self.base_filters.items():
                given = [value for value in dict.fromkeys(data.getlist(name)[:50]) if value]
                known = facet.known_values(given, queryset)
                if not isinstance(facet, TextFacet):
                    self.ignored += [f"{name}={v[:60]}" for v in given if v not in known]
                if known:
                    self.chosen[name] = known
                kept.setlist(name, list(known))
        super().__init__(kept or None, queryset, **kwargs)

    @property
    def groups(self):
        """Each filter with its options, counted with all other filters applied."""
        return [
            self.group(name, facet)
            for name, facet in self.filters.items()
            if not isinstance(facet, TextFacet)
        ]

    def group(self, name, facet):
        """Return a filter with its options; the rest of a long list is open if one is chosen."""
        chosen = self.chosen.get(name, {})
        is_narrowed = bool(self.chosen.keys() - {name}) and not facet.is_select
        whole_list = self.queryset.all() if is_narrowed else None
        options = facet.options(self.narrowed(without=name), chosen, whole_list)
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

    def narrowed(self, *, without):
        """Return the rows under all chosen filters but one."""
        queryset = self.queryset.all()
        for name, values in self.chosen.items():
            if name != without:
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
    event_status = Facet("event_status", "Status", choices=Meeting.EventStatus.choices)
    format = Facet("format", "Format", choices=Meeting.Format.choices)
    issue = RelatedFacet(
        Issue,
        "Issue",
        joining_rows=lambda: Discussion.objects.published(),
        own_column="meeting",
        related_column="issue",
    )
    country = CountryFacet("place__country", "Country")
    year = YearFacet("starts_on", "Year")
    q = TextFacet("Words", ("title", "summary", "place__city"))

    class Meta:
        model = Meeting
        fields = ["event_status", "format", "issue", "country", "year", "q"]


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


class ReactionFilter(RecordFilter):
    meeting = RelatedFacet(
        Meeting,
        "Meeting",
        joining_rows=lambda: Reaction.objects.all(),
        own_column="pk",
        related_column="meeting",
    )
    country = CountryFacet("country", "Country")
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
