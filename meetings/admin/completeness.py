"""How complete the meetings of a list are: a column, and a filter by what is lacking.

The column is computed for the rows of a page, from their snapshots together. It cannot be filtered
by: of each sentence that would mean to read every text of the record. The filter therefore names
single gaps that the database can find, and says of each no more than that.
"""

from functools import cached_property

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q

from ..editing.completeness import completeness_of
from ..editing.snapshots import snapshots
from ..models import Discussion, Meeting, Publishable
from ..models.public_state import cached_until_change
from ..tables.registry import TABLES_BY_MODEL, Table
from ..text.markdown import MARKER_START
from .filters import ChoiceOfConditions, MissingAccount

MEETINGS = TABLES_BY_MODEL[Meeting]


class CompletenessList(ChangeList):
    """The page of a list whose rows know how complete they are."""

    def get_results(self, request):
        super().get_results(request)
        rows = list(self.result_list)
        states = snapshots(self.model, [row.pk for row in rows])
        found = completeness_of(TABLES_BY_MODEL[self.model], states)
        for row in rows:
            row.completeness = found[row.pk]
        self.result_list = rows


class CompletenessColumn:
    """A ModelAdmin of entries with the column."""

    def get_changelist(self, request, **kwargs):
        return CompletenessList

    @admin.display(description="completeness")
    def completeness(self, entry):
        found = entry.completeness
        words = f"{found.met}/{found.asked}"
        if entry.status == Publishable.Status.PUBLISHED:
            return words
        return f"{words}, {'not ready' if found.must else 'ready'}"


class ByGap(ChoiceOfConditions):
    """Meetings by what they lack, as far as the database can tell without reading a text."""

    title = "completeness"
    parameter_name = "lacks"

    def offered(self, model):
        return [
            ("page", "No day, format or status"),
            ("citation", "A text that cites nothing"),
            ("lede", "No lede"),
            ("account", "An account is empty"),
            ("copy", "A source without archive copy"),
            ("reason", "Cancelled, no reason"),
        ]

    def condition_of(self, value):
        conditions = {
            "page": ~Meeting.COMPLETE,
            "citation": has_text_without_citation(),
            "lede": Q(summary=""),
            "account": Q(pk__in_array=self.lacking_account),
            "copy": Q(Exists(sources_without_copy())),
            "reason": Q(event_status=Meeting.EventStatus.CANCELLED, body=""),
        }
        return conditions[value]

    @cached_property
    def lacking_account(self) -> list[int]:
        """The ids of the meetings on which an account is empty; an act ends what is kept."""
        return cached_until_change(find_lacking_account, "meetings that lack an account")


def has_text_without_citation() -> Q:
    """Return the condition that a text of a meeting, or of a part of it, cites nothing."""
    condition = cites_nothing(MEETINGS)
    for table in MEETINGS.parts:
        if table.prose_columns:
            rows = table.model._default_manager.order_by().filter(**{table.owner: OuterRef("pk")})
            condition |= Q(Exists(rows.filter(cites_nothing(table))))
    return condition


def cites_nothing(table: Table) -> Q:
    """Return the condition that a text of a row is not empty and cites nothing."""
    found = Q()
    for column in table.prose_columns:
        found |= ~Q(**{column: ""}) & ~Q(**{f"{column}__contains": MARKER_START})
    return found


def find_lacking_account() -> list[int]:
    """Return the ids of the meetings with a discussion on which a government has no account."""
    discussions = Discussion.objects.order_by().filter(MissingAccount.lacks_account())
    return list(discussions.values_list("meeting", flat=True).distinct())


def sources_without_copy():
    """Return the outer meeting's links to sources that have an address and no archived copy."""
    links = Meeting.sources.through.objects.filter(meeting=OuterRef("pk"))
    return links.filter(source__archived_url="").exclude(source__url="")
