"""Filters of the desk's lists: a limited number of choices, counted in one query each."""

import re
from array import array
from functools import cached_property

from django.contrib.admin import SimpleListFilter
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django_countries import countries

from ..editing.twins import twin_ids
from ..models import Account, LinkCheck, Meeting, Participation, Publishable, Readout, Source
from ..models.evidence import Evidence, evidence_of_rows
from ..models.lookups import Year
from ..models.public_state import cached_until_change
from ..text.markdown import MARKER_START
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
        return rows.annotate(year_of_day=Year(self.day))

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


class ChoiceOfConditions(SimpleListFilter):
    """Choices that are conditions, all of them counted in one query."""

    def offered(self, model) -> list[tuple[str, str]]:
        """Return value and label of each choice that the user has."""
        raise NotImplementedError

    def condition_of(self, value: str) -> Q:
        """Return the condition of a choice; asked for late, since some take a query."""
        raise NotImplementedError

    def lookups(self, request, model_admin):
        self.model = model_admin.model
        return self.offered(self.model)

    def offered_condition(self, value: str) -> Q | None:
        """Return the condition of a choice, or None where the user does not have it."""
        return self.condition_of(value) if value in dict(self.lookup_choices) else None

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        condition = self.offered_condition(self.value())
        return queryset.none() if condition is None else queryset.filter(condition)

    def get_facet_queryset(self, changelist):
        """Return the count of each choice under the list's other filters.

        Rows that are distinct, as after a filter by a relation, have no id that a condition finds.
        """
        rows = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters())
        counts = {
            f"{place}__c": Count("pk", filter=self.condition_of(value))
            for place, (value, _) in enumerate(self.lookup_choices)
        }
        return self.model._default_manager.filter(pk__in=rows.values("pk")).aggregate(**counts)


class ConditionFilter(ChoiceOfConditions):
    """The rows that meet a condition."""

    def condition(self, model) -> Q:
        raise NotImplementedError

    def offered(self, model):
        return [("yes", "Yes")]

    def condition_of(self, value):
        return self.condition(self.model)


class ByStatus(ChoiceOfConditions):
    """The status of entries, with scheduled ones apart from public ones."""

    title = parameter_name = "status"

    def offered(self, model):
        draft, review, public, withdrawn = Publishable.Status.choices
        return [draft, review, (columns.SCHEDULED, "Scheduled"), public, withdrawn]

    def condition_of(self, value):
        if value == Publishable.Status.PUBLISHED:
            return Publishable.public_now()
        if value == columns.SCHEDULED:
            return Q(status=Publishable.Status.PUBLISHED) & ~Publishable.public_now()
        return Q(status=value)


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


class ByEvidence(ChoiceOfConditions):
    """What the texts of accounts, outcomes or reactions rest on, those of drafts included."""

    title = parameter_name = "evidence"

    def offered(self, model):
        return Evidence.choices

    def condition_of(self, value):
        return Q(pk__in_array=self.ids[value])

    @cached_property
    def ids(self) -> dict[str, array]:
        """The ids of the rows by evidence; each act on the record ends what is kept."""
        return cached_until_change(self.find_ids, "rows by evidence", self.model)

    def find_ids(self) -> dict[str, array]:
        found = {value: array("q") for value in Evidence.values}
        for pk, evidence in evidence_of_rows(self.model.objects.all()).items():
            found[evidence].append(pk)
        return found


class NotArchived(ConditionFilter):
    title = "not archived"
    parameter_name = "not_archived"

    def condition(self, model):
        return Q(archived_url="") & ~Q(url="")


class ByLink(ChoiceOfConditions):
    """What the address of a source answered last."""

    title = "link"
    parameter_name = "link"

    def offered(self, model):
        return LinkCheck.State.choices

    def condition_of(self, value):
        checks = LinkCheck.objects.present().filter(source=OuterRef("pk"), state=value)
        return Q(Exists(checks))


class PossibleTwin(ConditionFilter):
    """People, places and sources with the names or the address of another one."""

    title = "possible twin"
    parameter_name = "possible_twin"

    def condition(self, model):
        return Q(pk__in_array=self.ids)

    @cached_property
    def ids(self) -> list[int]:
        """The ids of the rows; each act on the record ends what is kept."""
        return cached_until_change(lambda: twin_ids(self.model), "twins", self.model)


class NotOpened(ConditionFilter):
    """Sources of which nothing was opened, or of which that is not recorded."""

    title = "not opened"
    parameter_name = "not_opened"

    def condition(self, model):
        return Q(read__in=["", Source.Read.NOT_OPENED])


class TextWithoutSource(ConditionFilter):
    """Parts with a text that cites nothing."""

    title = "no source"
    parameter_name = "no_source"

    def condition(self, model):
        return ~Q(text="") & ~Q(text__contains=MARKER_START)


class DayHasPassed(ConditionFilter):
    """Possible meetings on days that are over (UTC): were they held, or called off?"""

    title = "possible, day has passed"
    parameter_name = "day_has_passed"

    def condition(self, model):
        today = timezone.now().date()
        is_over = Q(ends_on__lt=today) | Q(ends_on=None, starts_on__lt=today)
        return is_over & Q(event_status=Meeting.EventStatus.PLANNED)


class NothingCited(ConditionFilter):
    """Discussions that cite nothing, in the record's words or in an account."""

    title = "no source"
    parameter_name = "no_source"

    def condition(self, model):
        cites = Q(summary__contains=MARKER_START) | Q(outcome__contains=MARKER_START)
        return ~cites & ~Exists(accounts_of_discussion().filter(text__contains=MARKER_START))


class MissingAccount(ConditionFilter):
    """Discussions on which a government of the meeting has no account."""

    title = "missing account"
    parameter_name = "missing_account"

    def condition(self, model):
        return self.lacks_account()

    @staticmethod
    def lacks_account() -> Q:
        written = accounts_of_discussion(outer="meeting", issue=OuterRef(OuterRef("issue")))
        written = written.exclude(finding="", text="").filter(government=OuterRef("government"))
        missing = Q()
        for part in (Participation, Readout, Account):
            rows = part.objects.filter(meeting=OuterRef("meeting")).exclude(government="")
            missing |= Q(Exists(rows.exclude(Exists(written))))
        return missing


def accounts_of_discussion(outer="meeting", issue=None):
    """Return the accounts of the outer row's meeting and issue."""
    issue = issue or OuterRef("issue")
    return Account.objects.filter(meeting=OuterRef(outer), issue=issue).order_by()
