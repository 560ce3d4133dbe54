"""Filters of the desk's lists: a limited number of choices, counted in one query each."""

import re
from collections import defaultdict

from django.contrib.admin import SimpleListFilter
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import ExtractYear
from django_countries import countries

from ..models import Account, Participation, Publishable, Readout, Source
from ..models.evidence import Evidence, evidence_of_rows
from . import columns

MOST_CHOICES = 30


class TopFilter(SimpleListFilter):
    """The values of a column with the most rows, and the one that is chosen."""

    column: str
    label_columns: tuple[str, ...] = ()

    def has_output(self):
        return True

    def lookups(self, request, model_admin):
        # ``choices`` computes them with their counts, under the list's other filters.
        self.model = model_admin.model
        return []

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        value = self.parse(self.value())
        return queryset.none() if value is None else queryset.filter(**{self.column: value})

    def parse(self, value):
        """Return the column's value for that of the parameter, or None if it is malformed."""
        return value

    def value_counts(self, rows):
        """Return the column's values among the rows, with label columns and counts, most first."""
        known = rows.order_by().filter(**{f"{self.column}__isnull": False})
        counted = known.values_list(self.column, *self.label_columns)
        return counted.annotate(number=Count("pk", distinct=True)).order_by("-number", self.column)

    def choices(self, changelist):
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": "All",
        }
        for value, label, number in sorted(self.top_choices(changelist), key=self.sort_key):
            yield {
                "selected": self.value() == str(value),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": f"{label} ({number})",
            }

    def top_choices(self, changelist):
        """Return value, label and count of each choice, the chosen one included."""
        rows = changelist.get_queryset(
            self.request, exclude_parameters=self.expected_parameters()
        ).values("pk")
        counted = self.value_counts(self.model._default_manager.filter(pk__in=rows))
        found = [
            (value, self.label(value, *words), number)
            for value, *words, number in counted[:MOST_CHOICES]
            if value != ""
        ]
        if self.value() is not None and self.value() not in {str(row[0]) for row in found}:
            chosen = self.value_counts(
                self.queryset(self.request, self.model._default_manager.all())
            )
            found += [(value, self.label(value, *words), 0) for value, *words, _ in chosen[:1]]
        return found

    def label(self, value, *words):
        return words[0] if words else str(value)

    def sort_key(self, choice):
        """Return the sort key of a choice."""
        return choice[1]


def by_value(name: str) -> type[TopFilter]:
    """Return the filter by the values of a column of text."""
    names = {"column": name, "parameter_name": name, "title": name.replace("_", " ")}
    return type("ByValue", (TopFilter,), names)


class ByCountry(TopFilter):
    title = "country"
    column = parameter_name = "country"

    def label(self, value, *words):
        return countries.name(str(value)) or str(value)


class ByGovernment(ByCountry):
    title = "government"
    column = parameter_name = "government"


class YearFilter(TopFilter):
    title = "year"
    parameter_name = "year"
    column = "year_of_day"
    day: str

    def queryset(self, request, queryset):
        return super().queryset(request, self.with_year(queryset))

    def with_year(self, rows):
        return rows.annotate(year_of_day=ExtractYear(self.day))

    def value_counts(self, rows):
        return super().value_counts(self.with_year(rows))

    def parse(self, value):
        return int(value) if re.fullmatch(r"[0-9]{1,4}", value) else None

    def sort_key(self, choice):
        return -choice[0]


def by_year(name: str) -> type[TopFilter]:
    """Return the filter by the year of a column of dates."""
    return type("ByYear", (YearFilter,), {"day": name})


class EntryFilter(TopFilter):
    def parse(self, value):
        return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def by_entry(name: str) -> type[TopFilter]:
    """Return the filter by an entry that the rows name."""
    attributes = {
        "column": name,
        "parameter_name": name,
        "title": name,
        "label_columns": (f"{name}__title",),
    }
    return type("ByEntry", (EntryFilter,), attributes)


class ConditionFilter(SimpleListFilter):
    """The rows that meet a condition."""

    def condition(self, model):
        raise NotImplementedError

    def lookups(self, request, model_admin):
        self.model = model_admin.model
        return [("yes", "Yes")]

    def queryset(self, request, queryset):
        return queryset.filter(self.condition(self.model)) if self.value() == "yes" else queryset

    def get_facet_counts(self, pk_attname, filtered_qs):
        return {"0__c": Count(pk_attname, filter=self.condition(self.model))}


class ByStatus(SimpleListFilter):
    """The status of entries, with scheduled ones apart from public ones."""

    title = parameter_name = "status"

    def lookups(self, request, model_admin):
        status = Publishable.Status
        waiting = Q(status=status.PUBLISHED) & ~Publishable.public_now()
        words = [
            (status.DRAFT.value, status.DRAFT.label, Q(status=status.DRAFT)),
            (status.REVIEW.value, status.REVIEW.label, Q(status=status.REVIEW)),
            (columns.SCHEDULED, "Scheduled", waiting),
            (status.PUBLISHED.value, status.PUBLISHED.label, Publishable.public_now()),
            (status.WITHDRAWN.value, status.WITHDRAWN.label, Q(status=status.WITHDRAWN)),
        ]
        self.conditions = {value: condition for value, _, condition in words}
        return [(value, word) for value, word, _ in words]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        condition = self.conditions.get(self.value())
        return queryset.none() if condition is None else queryset.filter(condition)

    def get_facet_counts(self, pk_attname, filtered_qs):
        return {
            f"{place}__c": Count(pk_attname, filter=condition)
            for place, condition in enumerate(self.conditions.values())
        }


class NoSource(ConditionFilter):
    title = "no source"
    parameter_name = "no_source"

    def condition(self, model):
        field = model._meta.get_field("sources")
        through = field.remote_field.through.objects
        return ~Exists(through.filter(**{field.m2m_field_name(): OuterRef("pk")}))


class Unused(ConditionFilter):
    title = "unused"
    parameter_name = "unused"

    def condition(self, model):
        return ~Q(pk__in=Source.objects.in_use().order_by().values("pk"))


class ByEvidence(SimpleListFilter):
    """What the texts of accounts, outcomes or reactions rest on, those of drafts included."""

    title = parameter_name = "evidence"

    def lookups(self, request, model_admin):
        return Evidence.choices

    def queryset(self, request, queryset):
        if self.value() not in Evidence.values:
            return queryset
        return queryset.filter(pk__in_array=self.ids_by_evidence(queryset.model)[self.value()])

    def get_facet_counts(self, pk_attname, filtered_qs):
        found = self.ids_by_evidence(filtered_qs.model)
        return {
            f"{place}__c": Count(pk_attname, filter=Q(pk__in_array=found[evidence]))
            for place, evidence in enumerate(Evidence.values)
        }

    def ids_by_evidence(self, model):
        """Return the ids of all rows by evidence, read once for each request."""
        if "ids" not in self.__dict__:
            self.ids = defaultdict(list)
            for pk, evidence in evidence_of_rows(model.objects.all()).items():
                self.ids[evidence.value].append(pk)
        return self.ids


class NotArchived(ConditionFilter):
    title = "not archived"
    parameter_name = "not_archived"

    def condition(self, model):
        return Q(archived_url="")


class NothingCited(ConditionFilter):
    """Discussions that cite nothing, in the record's words or in an account."""

    title = "no source"
    parameter_name = "no_source"

    def condition(self, model):
        cites = Q(summary__contains="[@") | Q(outcome__contains="[@")
        return ~cites & ~Exists(accounts_of_discussion().filter(text__contains="[@"))


class MissingAccount(ConditionFilter):
    """Discussions on which a government of the meeting has no account."""

    title = "missing account"
    parameter_name = "missing_account"

    def condition(self, model):
        written = accounts_of_discussion(outer="meeting", issue=OuterRef(OuterRef("issue")))
        written = written.exclude(finding="", text="").filter(government=OuterRef("government"))
        missing = Q()
        for part in (Participation, Readout, Account):
            rows = part.objects.filter(meeting=OuterRef("meeting")).exclude(government="")
            missing |= Exists(rows.exclude(Exists(written)))
        return missing


def accounts_of_discussion(outer="meeting", issue=None):
    """Return the accounts of the outer row's meeting and issue."""
    issue = issue or OuterRef("issue")
    return Account.objects.filter(meeting=OuterRef(outer), issue=issue).order_by()
