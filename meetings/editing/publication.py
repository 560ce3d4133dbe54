"""Publications that follow from revisions: periods of entries, and marks of what these showed.

Every road writes its revisions and then calls ``follow``, for one entry as for thousands.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from ..models import Publication, Publishable, Reference, Revision, Source
from ..tables import bulk_insert
from ..tables.cells import SEPARATOR
from ..tables.registry import ENTRY_TABLES, TABLES_BY_MODEL, TABLES_BY_NAME
from ..tables.rows import id_batches
from ..text import markdown
from .snapshots import Snapshot, reference_columns, with_present_slugs

Status = Publishable.Status
FIRST_REVISION = 1
SlugsByModel = dict[type[models.Model], set[str]]
# The slugs of references that were shown from a time on.
ShownSlugs = dict[datetime, SlugsByModel]
# In the order of ``PeriodChanges.values``.
PERIOD_COLUMNS = ("table", "object_id", "since", "until", "began_by_id", "ended_by_id")


@dataclass(frozen=True)
class MadeRevision:
    """A revision of an entry or reference that was just made."""

    object_id: int
    number: int
    made_at: datetime
    act: str
    state: Snapshot


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


def follow(model: type[models.Model], made: Sequence[MadeRevision]) -> None:
    """Write what revisions of rows of one model change in periods and in marks of references.

    The revisions of one row stand in the order of their numbers.
    """
    if issubclass(model, Publishable):
        changes = PeriodChanges(model, made)
        changes.find()
        changes.write()
        changes.mark()
    elif model is Source:
        mark_cited_in_notes(made)


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


@cache
def columns_with_references(name: str) -> tuple[tuple[str, type[models.Model]], ...]:
    """Return the columns of a table that name references, with their models."""
    columns = reference_columns(TABLES_BY_NAME[name])
    return tuple(pair for pair in columns.items() if issubclass(pair[1], Reference))


def new_slugs() -> ShownSlugs:
    return defaultdict(lambda: defaultdict(set))


def add_references(found: SlugsByModel, state: Snapshot, *, with_texts: bool) -> None:
    """Add the references that a snapshot names in its cells, and with ``with_texts`` cites.

    An entry's list of sources holds those that its texts cite.
    """
    for name, rows in state.items():
        for column, model in columns_with_references(name):
            for row in rows:
                if cell := row[column]:
                    found[model].update(cell.split(SEPARATOR))
        for column in TABLES_BY_NAME[name].prose_columns if with_texts else ():
            for row in rows:
                found[Source].update(markdown.cited_slugs(row[column]))


def mark_references(slugs: ShownSlugs) -> None:
    """Mark references as public since a time, unless they are marked since an earlier one.

    What the notes of sources cite is shown with them.
    """
    times: dict[type[models.Model], dict[str, datetime]] = defaultdict(dict)
    for at in sorted(slugs, reverse=True):
        for model, named in slugs[at].items():
            times[model].update(dict.fromkeys(named, at))
    if Source in times:
        add_cited_in_notes(times[Source])
    for model, by_slug in times.items():
        if not by_slug:
            continue
        rows = model._default_manager.filter(slug__in_array=by_slug)
        is_unmarked = Q(first_public_at=None) | Q(first_public_at__gt=min(by_slug.values()))
        # Locked in one order, so that two acts do not wait for each other.
        found = rows.filter(is_unmarked).order_by("pk").select_for_update(no_key=True)
        marked: dict[datetime, list[int]] = defaultdict(list)
        for pk, slug, known in found.values_list("pk", "slug", "first_public_at"):
            if known is None or known > by_slug[slug]:
                marked[by_slug[slug]].append(pk)
        for at, ids in marked.items():
            model._default_manager.filter(pk__in_array=ids).update(first_public_at=at)


def add_cited_in_notes(times: dict[str, datetime]) -> None:
    """Add the sources that the notes of sources cite, the notes of these, and so on."""
    asked = list(times)
    while asked:
        citing = Source.objects.filter(slug__in_array=asked, note__contains=markdown.MARKER_START)
        asked = [
            slug
            for own, note in citing.order_by().values_list("slug", "note")
            for slug in add_earlier(times, markdown.cited_slugs(note), times[own])
        ]


def add_earlier(times: dict[str, datetime], slugs: Iterable[str], at: datetime) -> list[str]:
    """Add a time to those of slugs that have none or a later one; return these."""
    earlier = [slug for slug in slugs if slug not in times or times[slug] > at]
    times.update(dict.fromkeys(earlier, at))
    return earlier


def mark_cited_in_notes(made: Sequence[MadeRevision]) -> None:
    """Mark the sources that the notes of public sources cite, or did until this act.

    A new source is shown only once an entry lists it, which then marks what its note cites.
    """
    old = {each.object_id: each for each in made if each.number != FIRST_REVISION}
    if not old:
        return
    past = Revision.objects.filter(
        table="source",
        object_id__in_array=old,
        number__in_array={each.number - 1 for each in old.values()},
    ).order_by()
    notes: dict[int, list[str]] = defaultdict(list)
    for pk, number, state in past.values_list("object_id", "number", "snapshot"):
        if number == old[pk].number - 1:
            notes[pk] = [state["sources"][0]["note"], old[pk].state["sources"][0]["note"]]
    citing = {pk for pk, texts in notes.items() if any(markdown.cited_slugs(t) for t in texts)}
    if not citing:
        return
    public = Source.objects.published().filter(pk__in_array=citing).order_by()
    slugs = new_slugs()
    for pk in public.values_list("pk", flat=True):
        for text in notes[pk]:
            slugs[old[pk].made_at][Source].update(markdown.cited_slugs(text))
    mark_references(slugs)


def mark_again() -> None:
    """Mark all references by the revisions that were shown, since ``loaddata`` clears the marks."""
    for table in ENTRY_TABLES:
        shown = Revision.objects.filter(table=table.model._meta.model_name).shown()
        for batch in id_batches(shown.order_by("pk").values_list("pk", flat=True)):
            mark_shown(batch)


def mark_shown(ids: Iterable[int]) -> None:
    """Mark the references that revisions of entries showed."""
    periods = Publication.objects.begun().filter(
        table=OuterRef("table"), object_id=OuterRef("object_id"), began_by__lte=OuterRef("pk")
    )
    periods = periods.order_by("-began_by")
    rows = (
        Revision.objects.filter(pk__in=ids)
        .order_by("pk")
        .annotate(
            since=Subquery(periods.values("since")[:1]),
            began=Subquery(periods.values("began_by")[:1]),
        )
    )
    found = list(rows.values_list("pk", "began", "since", "made_at", "snapshot"))
    states = with_present_slugs(row[-1] for row in found)
    slugs = new_slugs()
    for (pk, began, since, made_at, _), state in zip(found, states, strict=True):
        add_references(slugs[since if pk == began else made_at], state, with_texts=True)
    mark_references(slugs)
