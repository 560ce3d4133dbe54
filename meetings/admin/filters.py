"""The filters of the desk's lists: few choices however many rows, one query each for the counts."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import ExtractYear
from django_countries import countries

from ..models import Account, Participation, Readout, Source

MOST_CHOICES = 30
LONGEST_ID = 19


class TopFilter(SimpleListFilter):
    """The values of a column with the most rows, and the one chosen."""

    column: str
    parameter_name = ""

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if not any(self.value() == str(value) for value, _ in self.lookup_choices):
            return queryset.none()
        return queryset.filter(**{self.column: self.value()})

    def values(self, queryset):
        """Return the column's values among the rows, each with its count, the most first."""
        known = queryset.order_by().filter(**{f"{self.column}__isnull": False})
        counted = known.values_list(self.column)
        return counted.annotate(number=Count("pk", distinct=True)).order_by("-number", self.column)

    def lookups(self, request, model_admin):
        rows = self.values(model_admin.model._default_manager.all())
        found = [value for value, _ in rows[:MOST_CHOICES] if value != ""]
        if self.value() is not None and self.value() not in map(str, found):
            found += [value for value in self.chosen(model_admin.model) if value not in found]
        return self.named(found)

    def chosen(self, model):
        """Return the value chosen in the address, if a row has it."""
        rows = model._default_manager.filter(**{self.column: self.value()})
        return list(rows.order_by().values_list(self.column, flat=True).distinct()[:1])

    def named(self, values):
        """Return the values with their labels, in order of these."""
        return sorted(((value, str(value)) for value in values), key=lambda pair: pair[1])

    def get_facet_queryset(self, changelist):
        rows = changelist.get_queryset(
            self.request, exclude_parameters=self.expected_parameters()
        ).values("pk")
        counts = dict(self.values(changelist.model._default_manager.filter(pk__in=rows)))
        choices = enumerate(self.lookup_choices)
        return {f"{index}__c": counts.get(value, 0) for index, (value, _) in choices}


def by_value(name: str, title: str = "") -> type[TopFilter]:
    """Return the filter by the values of a column of text."""
    title = title or name.replace("_", " ")
    return type("ByValue", (TopFilter,), {"column": name, "parameter_name": name, "title": title})


class ByCountry(TopFilter):
    title = "country"
    column = parameter_name = "country"

    def named(self, values):
        pairs = ((str(value), countries.name(str(value)) or str(value)) for value in values)
        return sorted(pairs, key=lambda pair: pair[1])


def by_year(name: str) -> type[TopFilter]:
    """Return the filter by the year of a column of dates."""
    return type("ByYear", (YearFilter,), {"day": name})


class YearFilter(TopFilter):
    title = "year"
    parameter_name = "year"
    column = "year_of_day"
    day: str

    def queryset(self, request, queryset):
        return super().queryset(request, self.with_year(queryset))

    def with_year(self, queryset):
        return queryset.annotate(year_of_day=ExtractYear(self.day))

    def values(self, queryset):
        return super().values(self.with_year(queryset))

    def chosen(self, model):
        return []

    def named(self, values):
        return sorted(((year, str(year)) for year in values), reverse=True)


def by_entry(name: str) -> type[TopFilter]:
    """Return the filter by an entry that the rows name."""
    return type("ByEntry", (EntryFilter,), {"column": name, "parameter_name": name, "title": name})


class EntryFilter(TopFilter):
    def lookups(self, request, model_admin):
        self.model = model_admin.model._meta.get_field(self.column).related_model
        return super().lookups(request, model_admin)

    def chosen(self, model):
        is_id = self.value().isdecimal() and len(self.value()) < LONGEST_ID
        return super().chosen(model) if is_id else []

    def named(self, values):
        names = self.model.objects.in_bulk(list(values))
        return sorted(((pk, str(row)) for pk, row in names.items()), key=lambda pair: pair[1])


class ConditionFilter(SimpleListFilter):
    """Rows of which something is true."""

    def condition(self, model):
        raise NotImplementedError

    def lookups(self, request, model_admin):
        self.model = model_admin.model
        return [("yes", "Yes")]

    def queryset(self, request, queryset):
        return queryset.filter(self.condition(self.model)) if self.value() == "yes" else queryset

    def get_facet_counts(self, pk_attname, filtered_qs):
        return {"0__c": Count(pk_attname, filter=self.condition(self.model))}


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
            rows = part.objects.filter(meeting=OuterRef("meeting")).exclude(Exists(written))
            missing |= Exists(rows)
        return missing


def accounts_of_discussion(outer="meeting", issue=None):
    """Return the accounts of the outer row's meeting and issue."""
    issue = issue or OuterRef("issue")
    return Account.objects.filter(meeting=OuterRef(outer), issue=issue).order_by()
