"""The desk's first screen: what needs work, what is mine, what waits, what was done; the tables.

A line is one entry of ``COLUMNS``: it counts the rows that filters of a list choose, and opens that
list with them, so that the two cannot disagree.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.db.models import Aggregate, Count, F, Max, Min, Model, Q, Subquery
from django.urls import reverse

from ..models import (
    Account,
    Actor,
    Claim,
    Discussion,
    Import,
    Issue,
    Meeting,
    Milestone,
    Outcome,
    Page,
    Participation,
    Place,
    Position,
    Proposal,
    Reaction,
    Readout,
    Redirect,
    Release,
    Revision,
    Source,
    Theme,
)
from ..models.evidence import Evidence
from . import filters
from .columns import SCHEDULED, format_time
from .work_filters import RECENT_DAYS, ByWork, Recently

ENTRIES = (Meeting, Issue, Reaction, Theme, Milestone, Page)
VERSIONED = (*ENTRIES, Actor, Place, Source)


class Moment(NamedTuple):
    """The earliest or latest time of the counted rows, which a line says.

    ``time`` returns the expression of a row's time.
    """

    aggregate: type[Aggregate]
    time: Callable[[type[Model]], Any]
    words: str


@dataclass(frozen=True)
class Lines:
    """A line for each of some tables: how many rows its list shows under the chosen filters.

    ``words`` take the name of the rows for {}.
    """

    words: str
    models: Sequence[type[Model]]
    chosen: Mapping[Any, str]
    moment: Moment | None = None


class Column(NamedTuple):
    heading: str
    empty: str
    lines: Sequence[Lines]


def time_of_change(model: type[Model]) -> Subquery:
    return Subquery(Proposal.objects.of_model(model).values("publish_at")[:1])


NEXT = Moment(Min, lambda model: F("publish_at"), "the next on")
NEXT_CHANGE = Moment(Min, time_of_change, "the next on")
NEEDS_WORK = [
    Lines(
        "{} without a source",
        [Meeting, Issue, Theme, Milestone, Reaction],
        {filters.NoSource: "yes"},
    ),
    Lines("{} without a source", [Discussion], {filters.NothingCited: "yes"}),
    Lines(
        "{} without a source",
        [Account, Readout, Outcome, Position],
        {filters.TextWithoutSource: "yes"},
    ),
    Lines("{} with evidence unread", [Account], {filters.ByEvidence: Evidence.UNREAD.value}),
    Lines("{} not opened", [Source], {filters.NotOpened: "yes"}),
    Lines("{} without an archived copy", [Source], {filters.NotArchived: "yes"}),
    Lines("{} whose address is gone", [Source], {filters.ByLink: "gone"}),
    Lines("{} whose address moved", [Source], {filters.ByLink: "moved"}),
    Lines("{} with a possible twin", [Actor, Place, Source], {filters.PossibleTwin: "yes"}),
    Lines("{} with a proposal refused at its time", VERSIONED, {ByWork: "change-refused"}),
    Lines("possible {} whose day has passed", [Meeting], {filters.DayHasPassed: "yes"}),
]
MINE = [
    Lines("{} in draft", ENTRIES, {filters.ByStatus: "draft", ByWork: "mine"}),
    Lines("{} with a proposal of yours", VERSIONED, {ByWork: "my-change"}),
]
WAITING = [
    Lines("{} for review", ENTRIES, {filters.ByStatus: "review"}),
    Lines("{} with a proposal for review", VERSIONED, {ByWork: "change-review"}),
    Lines("{} sent back", ENTRIES, {ByWork: "sent-back"}),
    Lines("{} with a proposal sent back", VERSIONED, {ByWork: "change-sent-back"}),
    Lines("{} scheduled", ENTRIES, {filters.ByStatus: SCHEDULED}, NEXT),
    Lines("{} with a proposal scheduled", VERSIONED, {ByWork: "change-scheduled"}, NEXT_CHANGE),
]
LAST_CHANGE = Moment(Max, lambda model: F("made_at"), "the last on")
LAST_IMPORT = Moment(Max, lambda model: F("finished_at"), "the last on")
RECENTLY = [
    Lines("published", [Revision], {Recently: "published"}, LAST_CHANGE),
    Lines("corrected", [Revision], {Recently: "corrected"}, LAST_CHANGE),
    Lines("{} carried out", [Import], {Recently: "imported"}, LAST_IMPORT),
    Lines("{} undone", [Import], {Recently: "undone"}, LAST_IMPORT),
]
COLUMNS = [
    Column("Needs work", "Nothing needs work.", NEEDS_WORK),
    Column("Mine", "You have no drafts and no proposals.", MINE),
    Column("Waiting", "Nothing waits.", WAITING),
    Column("Recently", f"Nothing in the last {RECENT_DAYS} days.", RECENTLY),
]

# The tables by task; what is in none of these groups is about who may come to the desk.
GROUPS: dict[str, list[type[Model]]] = {
    "Record": [
        *(Meeting, Issue, Theme, Milestone, Place, Page),
        *(Discussion, Account, Readout, Outcome, Participation, Position),
    ],
    "Voices": [Reaction, Actor],
    "Evidence": [Source, Claim],
    "Publishing": [Revision, Import, Release, Redirect],
}
LAST_GROUP = "Who may come here"


class Line:
    """Lines for one table, as a user may see them; ``number`` and ``time`` are set once counted."""

    number = 0
    time = None

    def __init__(self, lines: Lines, model: type[Model], conditions: list[Q]):
        self.lines, self.model, self.conditions = lines, model, conditions

    def aggregates(self, key: str) -> Iterator[tuple[str, Aggregate]]:
        """Yield what is asked of the table: the number of rows, and their moment."""
        condition = Q(*self.conditions)
        yield f"{key}_number", Count("pk", filter=condition)
        if moment := self.lines.moment:
            yield f"{key}_time", moment.aggregate(moment.time(self.model), filter=condition)

    @property
    def count(self) -> str:
        return f"{self.number:,}"

    @property
    def words(self) -> str:
        options = self.model._meta
        noun = options.verbose_name if self.number == 1 else options.verbose_name_plural
        return self.lines.words.format(noun)

    @property
    def address(self) -> str:
        query = urlencode(
            {found.parameter_name: value for found, value in self.lines.chosen.items()}
        )
        return f"{reverse(f'admin:meetings_{self.model._meta.model_name}_changelist')}?{query}"

    @property
    def time_words(self) -> str:
        moment = self.lines.moment
        return f"{moment.words} {format_time(self.time)}" if moment and self.time else ""


def columns(request, site: AdminSite) -> list[tuple[Column, list[Line]]]:
    """Return the columns, each with its lines that count something, as ``request.user`` sees it."""
    offered = OfferedLists(request, site)
    found = [(column, list(offered.lines_of(column))) for column in COLUMNS]
    count_rows([line for _, lines in found for line in lines])
    return [(column, [line for line in lines if line.number]) for column, lines in found]


class OfferedLists:
    """The lists that a user may see, with their filters."""

    def __init__(self, request, site: AdminSite):
        self.request, self.site = request, site
        self.conditions: dict[tuple, Q | None] = {}

    def lines_of(self, column: Column) -> Iterator[Line]:
        """Yield the lines of a column whose lists and filters the user is offered."""
        for lines in column.lines:
            for model in lines.models:
                found = [self.condition(model, *chosen) for chosen in lines.chosen.items()]
                conditions = [condition for condition in found if condition is not None]
                if conditions == found:
                    yield Line(lines, model, conditions)

    def condition(self, model: type[Model], chosen: Any, value: str) -> Q | None:
        """Return the condition by which a list is filtered, or None where it is not offered."""
        key = (model, chosen, value)
        model_admin = self.site.get_model_admin(model)
        if key not in self.conditions and model_admin.has_view_or_change_permission(self.request):
            filtered = chosen(self.request, {}, model, model_admin)
            self.conditions[key] = filtered.offered_condition(value)
        return self.conditions.get(key)


def count_rows(lines: list[Line]) -> None:
    """Set number and time of lines, in one query for each table."""
    by_model: dict[type[Model], list[Line]] = defaultdict(list)
    for line in lines:
        by_model[line.model].append(line)
    for model, of_table in by_model.items():
        asked = dict(
            pair for place, line in enumerate(of_table) for pair in line.aggregates(f"line_{place}")
        )
        found = model._default_manager.order_by().aggregate(**asked)
        for place, line in enumerate(of_table):
            line.number = found[f"line_{place}_number"]
            line.time = found.get(f"line_{place}_time")


def grouped_by_task(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return Django's list of apps with their tables as one of tasks, each with its tables."""
    tables = {table["model"]: table for app in apps for table in app["models"]}
    known = [model for models in GROUPS.values() for model in models]
    others = {LAST_GROUP: [model for model in tables if model not in known]}
    groups = []
    for name, models in (GROUPS | others).items():
        if shown := [tables[model] for model in models if model in tables]:
            label = name.lower().replace(" ", "-")
            address = f"{reverse('admin:index')}#{label}"
            groups.append({"name": name, "app_label": label, "app_url": address, "models": shown})
    return groups
