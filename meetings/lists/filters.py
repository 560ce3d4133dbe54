"""The filters of the lists, by name; what each does is in ``meetings.lists``."""

import django_filters

from ..models import Actor, Discussion, Issue, Meeting, Reaction, Source
from . import (
    CountryFacet,
    Facet,
    LanguageFacet,
    OpenFacet,
    RelatedFacet,
    TruthFacet,
    WordsFacet,
    YearFacet,
)


class RecordFilter(django_filters.FilterSet):
    """A list's filters: unknown values are set aside and named, the rest narrow the list."""

    def __init__(self, data=None, queryset=None, **kwargs):
        self.chosen: dict[str, dict[str, str]] = {}
        self.ignored: list[str] = []
        kept = (data or {}).copy()
        if data:
            for name, facet in self.base_filters.items():
                asked = [value for value in dict.fromkeys(data.getlist(name)[:50]) if value]
                known = facet.known(asked, queryset)
                if not isinstance(facet, WordsFacet):
                    self.ignored += [f"{name}={v[:60]}" for v in asked if v not in known]
                if known:
                    self.chosen[name] = known
                kept.setlist(name, list(known))
        super().__init__(kept or None, queryset, **kwargs)

    @property
    def groups(self):
        """Each filter with its options, counted with all other filters applied."""
        facets = self.filters.items()
        return [self.group(name, f) for name, f in facets if not isinstance(f, WordsFacet)]

    def group(self, name, facet):
        """Return a filter's options; of a long list of ticks the rest is open if one is ticked."""
        chosen = self.chosen.get(name, {})
        is_narrowed = bool(self.chosen.keys() - {name}) and not facet.is_select
        everything = self.queryset.all() if is_narrowed else None
        options = facet.options(self.narrowed(without=name), chosen, everything)
        is_long = facet.first is not None and len(options) > facet.first + 1
        rest = options[facet.first :] if is_long else []
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
        """Return the rows that all chosen filters but one let through."""
        queryset = self.queryset.all()
        for name, values in self.chosen.items():
            if name != without:
                queryset = self.filters[name].filter(queryset, list(values))
        return queryset

    @property
    def chips(self):
        """The chosen values, each with the name of its filter.

        In a page's title only a value of the first filter stands alone; another could be the
        same word.
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
        rows=lambda: Discussion.objects.published(),
        here="meeting",
        there="issue",
    )
    country = CountryFacet("place__country", "Country")
    year = YearFacet("starts_on", "Year")
    q = WordsFacet("Words", ("title", "summary", "place__city"))


class IssueFilter(RecordFilter):
    meeting = RelatedFacet(
        Meeting,
        "Meeting",
        rows=lambda: Discussion.objects.published(),
        here="issue",
        there="meeting",
    )


class ReactionFilter(RecordFilter):
    meeting = RelatedFacet(
        Meeting, "Meeting", rows=lambda: Reaction.objects.all(), here="pk", there="meeting"
    )
    country = CountryFacet("country", "Country")
    capacity = Facet("capacity", "Capacity", choices=Reaction.Capacity.choices)
    affiliation = OpenFacet("affiliation", "Affiliation")
    stance = Facet("stance", "Stance", choices=Reaction.Stance.choices)
    issue = RelatedFacet(
        Issue,
        "Issue",
        rows=lambda: Reaction.issues.through.objects.all(),
        here="reaction",
        there="issue",
        is_select=False,
    )
    year = YearFacet("reacted_on", "Year")


class ActorFilter(RecordFilter):
    kind = Facet("kind", "Kind", choices=Actor.Kind.choices)
    country = CountryFacet("country", "Country")


class SourceFilter(RecordFilter):
    kind = Facet("kind", "Kind", choices=Source.Kind.choices)
    language = LanguageFacet("language", "Language")
    state_media = TruthFacet("state_media", "State media")
    year = YearFacet("published", "Year")
