"""Facets on columns of the row itself."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import django_filters
from django import forms
from django.db.models import Count, Q
from django_countries import countries

from ..models.fields import FORBIDDEN_CHARACTER, normalize_text
from ..models.lookups import Year
from ..models.reaction_groups import EMPTY_CHOICE

MOST_OPTIONS = 30


@dataclass(frozen=True)
class Option:
    """One value of a facet, as the form shows it."""

    value: str
    label: str
    count: int
    is_chosen: bool


class ValuesField(forms.Field):
    """Any number of values of one parameter."""

    widget = forms.MultipleHiddenInput

    def clean(self, value):
        return value or []


class Facet(django_filters.Filter):
    """A filter on a column of the row itself; several values mean *or*.

    Of more than ``options_before_rest`` options, the rest can be unfolded. Values ``not_offered``
    are understood in an address, and no option of the form unless they are chosen. Facets that
    count the values of a column (``is_column``) can be counted in one query with others.
    """

    field_class = ValuesField
    is_select = False
    is_in_form = True
    is_column = True
    options_before_rest: int | None = None

    def __init__(self, field_name, label, *, choices=(), not_offered=(), **kwargs):
        super().__init__(field_name, label=label, **kwargs)
        self.labels = {str(value): str(name) for value, name in choices}
        self.not_offered = not_offered

    def known_values(self, values, queryset):
        """Return those of the values that the filter knows, with their labels."""
        return {value: self.labels[value] for value in values if value in self.labels}

    def filter(self, queryset, values):
        return queryset.filter(**{f"{self.field_name}__in": values}) if values else queryset

    def counts(self, queryset, by_value=None):
        """Return the number of rows by value, as text; ``by_value`` if it was counted before."""
        rows = self.count_column(queryset) if by_value is None else by_value
        return {str(value): count for value, count in rows.items() if value not in (None, "")}

    def count_column(self, queryset):
        """Return the number of rows by value of the column."""
        return dict(queryset.order_by().values_list(self.field_name).annotate(Count("pk")))

    def options(self, queryset, chosen, whole_list=None, by_value=None):
        """Return the options, those without results too, counted in ``queryset``.

        ``whole_list`` is the queryset without any filter, or None where that is the same.
        ``by_value`` are the numbers by value of the column, if they were counted before.
        """
        counts = self.counts(queryset, by_value)
        values = [v for v in self.labels if v and (v in chosen or v not in self.not_offered)]
        return [
            Option(value, self.labels[value], counts.get(value, 0), value in chosen)
            for value in values
        ]


class KindFacet(Facet):
    """Whether a list is of meetings in person, of calls, or of both.

    It is of meetings in person until a reader chooses this, or one of the formats (``yields_to``).
    """

    default = "in_person"
    yields_to = ("format",)
    is_column = False

    def __init__(self, label):
        super().__init__("format", label, choices=(("in_person", "In person"), ("call", "Call")))

    def filter(self, queryset, values):
        kinds = {"in_person": queryset.in_person(), "call": queryset.calls()}
        return kinds[values[0]] if len(values) == 1 else queryset

    def counts(self, queryset, by_value=None):
        rows = queryset.order_by()
        return {"in_person": rows.in_person().count(), "call": rows.calls().count()}


class DayFacet(Facet):
    """A day from which, or up to which, the rows are; it stands in addresses, not in the form."""

    is_in_form = False

    def known_values(self, values, queryset):
        days = [parsed_day(value) for value in values[:1]]
        return {f"{day}": f"{day.day} {day:%B} {day.year}" for day in days if day}

    def filter(self, queryset, values):
        return queryset.filter(**{self.field_name: values[0]}) if values else queryset


def parsed_day(text: str) -> date | None:
    """Return the day that a text writes as 2018-07-16, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


class TextFacet(Facet):
    """A text field whose words are looked up in several columns."""

    is_in_form = False

    def __init__(self, label, columns):
        super().__init__("pk", label)
        self.columns = columns

    def known_values(self, values, queryset):
        words = [normalize_text(FORBIDDEN_CHARACTER.sub("", value))[:200] for value in values[:1]]
        return {word: word for word in words if word}

    def filter(self, queryset, values):
        condition = Q()
        for column in self.columns if values else ():
            condition |= Q(**{f"{column}__icontains": values[0]})
        return queryset.filter(condition)


class AllValuesFacet(Facet):
    """A filter on the values that occur in a column; it offers those with the most results.

    The value ``none`` stands for rows whose column is empty.
    """

    options_before_rest = 6

    def known_values(self, values, queryset):
        given = [
            value for value in values if len(value) <= 100 and not FORBIDDEN_CHARACTER.search(value)
        ]
        if not given:
            return {}
        found = queryset.filter(**{f"{self.field_name}__in": given})
        occur = {EMPTY_CHOICE, *found.order_by().values_list(self.field_name, flat=True).distinct()}
        return {value: self.label_of(value) for value in given if value in occur}

    def label_of(self, value):
        return f"No {self.label.lower()}" if value == EMPTY_CHOICE else value

    def filter(self, queryset, values):
        if EMPTY_CHOICE not in values:
            return super().filter(queryset, values)
        empty = Q(**{self.field_name: ""}) | Q(**{f"{self.field_name}__isnull": True})
        return queryset.filter(empty | Q(**{f"{self.field_name}__in": values}))

    def counts(self, queryset, by_value=None):
        rows = self.count_column(queryset) if by_value is None else by_value
        counts = Counter()
        for value, count in rows.items():
            counts[str(value or EMPTY_CHOICE)] += count
        return counts

    def counts_in(self, whole_list, queryset, by_value=None):
        """Return the counts in ``queryset`` of all values that occur in the whole list."""
        rows = self.count_column(queryset) if by_value is None else by_value
        occurring = whole_list.order_by().values_list(self.field_name, flat=True).distinct()
        return {str(value): rows.get(value, 0) for value in occurring if value not in (None, "")}

    def options(self, queryset, chosen, whole_list=None, by_value=None):
        if whole_list is None:
            counts = self.counts(queryset, by_value)
        else:
            counts = self.counts_in(whole_list, queryset, by_value)
        top = sorted(counts, key=lambda value: (-counts[value], value))[:MOST_OPTIONS]
        values = dict.fromkeys((*top, *chosen))
        options = [
            Option(
                value,
                chosen.get(value) or self.label_of(value),
                counts.get(value, 0),
                value in chosen,
            )
            for value in values
        ]
        return sorted(options, key=lambda option: option.label)


class CountryFacet(AllValuesFacet):
    """A filter on a country: knows every ISO code, offers those that occur."""

    is_select = True

    def known_values(self, values, queryset):
        known = {EMPTY_CHOICE, *dict(countries)}
        return {value: self.label_of(value) for value in values if value in known}

    def label_of(self, value):
        return super().label_of(value) if value == EMPTY_CHOICE else countries.name(value) or value


class SpeakerCountryFacet(CountryFacet):
    """A filter on the country of statements; see ``ReactionQuerySet.of_countries``."""

    def filter(self, queryset, values):
        return queryset.of_countries(values) if values else queryset

    def counts(self, queryset, by_value=None):
        rows = self.count_column(queryset) if by_value is None else by_value
        return queryset.count_by_country(rows)


class YearFacet(AllValuesFacet):
    """A filter on the year of a date."""

    is_select = True
    is_column = False

    def known_values(self, values, queryset):
        return {
            value: value
            for value in values
            if value.isascii() and value.isdigit() and len(value) == 4 and value != "0000"
        }

    def filter(self, queryset, values):
        condition = Q()
        for year in values:
            condition |= Q(**{f"{self.field_name}__year": int(year)})
        return queryset.filter(condition)

    def counts(self, queryset, by_value=None):
        years = queryset.order_by().annotate(year=Year(self.field_name))
        return {
            str(year): count
            for year, count in years.values_list("year").annotate(Count("pk"))
            if year is not None
        }


class LanguageFacet(AllValuesFacet):
    is_select = True
