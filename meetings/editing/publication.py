"""Publications that follow from revisions: the periods in which entries are public.

Every road writes its revisions and then calls ``follow``, for one entry as for thousands.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from ..models import Publication, Publishable, Revision, Source
from ..tables import bulk_insert
from ..tables.registry import TABLES_BY_MODEL
from .reference_marks import add_references, mark_cited_in_notes, mark_references, new_slugs
from .snapshots import FIRST_REVISION, MadeRevision, Snapshot, with_present_slugs

Status = Publishable.Status
# In the order of ``PeriodChanges.values``.
PERIOD_COLUMNS = ("table", "object_id", "since", "until", "began_by_id", "ended_by_id")


@dataclass
class Period:
    """A row of Publication while it is written: its revisions by their numbers, 0 for none."""

    object_id: int
    since: datetime | None
    began: int
    until: datetime | None = None
    ended: int = 0
    pk: int | None = None
    # The revision by which a stored period began.
    began_by: int | None = None
    began_at: datetime | None = None

    def has_begun(self, at: datetime) -> bool:
        return self.since is None or self.since <= at


def follow(model: type[models.Model], made: Sequence[MadeRevision]) -> bool:
    """Write what revisions of rows of one model change in periods and in marks of references.

    The revisions of one row stand in the order of their numbers. Returns whether one of them ended
    a period.
    """
    if issubclass(model, Publishable):
        changes = PeriodChanges(model, made)
        changes.find()
        changes.write()
        changes.mark()
        return changes.has_ended
    if model is Source:
        mark_cited_in_notes(made)
    return False


class PeriodChanges:
    """What the revisions of entries of one model change in their periods."""

    def __init__(self, model: type[Publishable], made: Sequence[MadeRevision]):
        self.model, self.made = model, made
        self.table = str(model._meta.model_name)
        self.own = TABLES_BY_MODEL[model].name
        self.open = self.open_periods()
        self.new: list[Period] = []
        self.changed: dict[int, Period] = {}
        self.taken_back: list[int] = []
        self.has_ended = False
        # The periods that began by schedule, without an act, and showed the revision before.
        self.came_due: list[Period] = []
        self.shown: list[tuple[datetime, MadeRevision]] = []

    def open_periods(self) -> dict[int, Period]:
        """Return the open period of each entry that has one."""
        old = {each.object_id for each in self.made if each.number != FIRST_REVISION}
        if not old:
            return {}
        columns = ("object_id", "since", "began_by__number", "pk", "began_by", "began_by__made_at")
        stored = Publication.objects.filter(
            table=self.table, object_id__in_array=old, until=None
        ).order_by()
        return {
            pk: Period(pk, since, began, pk=row, began_by=began_by, began_at=began_at)
            for pk, since, began, row, began_by, began_at in stored.values_list(*columns)
        }

    def find(self) -> None:
        """Find what each revision changes, one after the other."""
        for each in self.made:
            period, starts_at = self.open.get(each.object_id), self.starts_at(each)
            if period and period.has_begun(each.made_at):
                self.note_if_came_due(period, each)
                if starts_at is None or starts_at > each.made_at:
                    self.end(period, each)
                    self.begin(starts_at, each)
            elif period:
                self.reschedule(period, starts_at, each)
            elif starts_at:
                self.begin(starts_at, each)
            elif self.came_withdrawn(each):
                self.new.append(Period(each.object_id, None, 0, until=each.made_at))
            period = self.open.get(each.object_id)
            if period and period.has_begun(each.made_at):
                since = period.since if period.began == each.number else None
                self.shown.append((since or each.made_at, each))

    def starts_at(self, each: MadeRevision) -> datetime | None:
        """Return the time from which the state of a revision is public, or None for never."""
        cells = each.state[self.own][0]
        if cells["status"] != Status.PUBLISHED or each.act == Revision.Act.DELETE:
            return None
        due = publish_at(cells)
        if due and (due > each.made_at or is_first_load(each)):
            return due
        return each.made_at

    def came_withdrawn(self, each: MadeRevision) -> bool:
        """Return whether an entry came here as withdrawn: it was public before it came."""
        cells = each.state[self.own][0]
        if each.number != FIRST_REVISION or cells["status"] != Status.WITHDRAWN:
            return False
        due = publish_at(cells)
        return due is None or due <= each.made_at

    def note_if_came_due(self, period: Period, each: MadeRevision) -> None:
        """Keep a period that began by schedule, at the first act since."""
        if period.since is None or period.began_at is None:
            return
        if each.number == period.began + 1 and period.since > period.began_at:
            self.came_due.append(period)

    def begin(self, starts_at: datetime | None, each: MadeRevision) -> None:
        if starts_at:
            period = Period(each.object_id, starts_at, each.number)
            self.open[each.object_id] = period
            self.new.append(period)

    def end(self, period: Period, each: MadeRevision) -> None:
        self.has_ended = True
        period.until, period.ended = each.made_at, each.number
        del self.open[each.object_id]
        if period.pk:
            self.changed[period.pk] = period

    def reschedule(self, period: Period, starts_at: datetime | None, each: MadeRevision) -> None:
        """Change a period that has not begun; take it back if it will not begin."""
        if starts_at:
            period.since, period.began = starts_at, each.number
            period.began_by = period.began_at = None
            if period.pk:
                self.changed[period.pk] = period
            return
        del self.open[each.object_id]
        if period.pk:
            self.changed.pop(period.pk, None)
            self.taken_back.append(period.pk)
        else:
            self.new.remove(period)

    def write(self) -> None:
        """Write the rows: those that end before those that begin, since one is open at a time."""
        if self.taken_back:
            Publication.objects.filter(pk__in_array=self.taken_back).delete()
        ids = self.revision_ids()
        changed = [
            Publication(pk=pk, **dict(zip(PERIOD_COLUMNS, self.values(period, ids), strict=True)))
            for pk, period in self.changed.items()
        ]
        if changed:
            # An upsert by id: one statement for many rows.
            Publication.objects.bulk_create(
                changed,
                update_conflicts=True,
                unique_fields=["pk"],
                update_fields=["since", "until", "began_by", "ended_by"],
            )
        rows = [self.values(period, ids) for period in self.new]
        bulk_insert.insert(Publication, PERIOD_COLUMNS, rows)

    def values(self, period: Period, ids: dict[tuple[int, int], int]) -> list:
        began = period.began_by or ids.get((period.object_id, period.began))
        ended = ids.get((period.object_id, period.ended))
        return [self.table, period.object_id, period.since, period.until, began, ended]

    def revision_ids(self) -> dict[tuple[int, int], int]:
        """Return the ids of the revisions of periods that are written, by entry and number."""
        asked = {
            (period.object_id, number)
            for period in (*self.new, *self.changed.values())
            for number in (period.began, period.ended)
            if number
        }
        if not asked:
            return {}
        found = Revision.objects.filter(
            table=self.table,
            object_id__in_array={pk for pk, _ in asked},
            number__in_array={number for _, number in asked},
        )
        rows = found.order_by().values_list("object_id", "number", "pk")
        return {(pk, number): revision for pk, number, revision in rows}

    def mark(self) -> None:
        """Mark the references that the revisions show, and those that a schedule had shown."""
        slugs = new_slugs()
        for at, each in self.shown:
            # Rows that were written without an act may lack sources that their texts cite.
            add_references(slugs[at], each.state, with_texts=each.act == Revision.Act.LOAD)
        for at, state in shown_by_schedule(self.came_due) if self.came_due else ():
            add_references(slugs[at], state, with_texts=True)
        mark_references(slugs)


def publish_at(cells: dict[str, str]) -> datetime | None:
    """Return the time of publication in an entry's own cells, or None."""
    return datetime.fromisoformat(cells["publish_at"]) if cells["publish_at"] else None


def is_first_load(each: MadeRevision) -> bool:
    """Return whether a row was there before its first revision, which then is no act."""
    return each.number == FIRST_REVISION and each.act == Revision.Act.LOAD


def shown_by_schedule(periods: list[Period]) -> Iterator[tuple[datetime, Snapshot]]:
    """Yield the times at which periods began by schedule, with the snapshots shown from then on."""
    found = Revision.objects.filter(pk__in=[period.began_by for period in periods])
    states = dict(found.values_list("pk", "snapshot"))
    times = {period.began_by: period.since for period in periods}
    for pk, state in zip(states, with_present_slugs(states.values()), strict=True):
        if since := times[pk]:
            yield since, state
