"""Every public change, the newest first: over all entries, of one, or the corrections alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ..models import Publication, Revision
from ..tables.registry import ENTRY_TABLES
from .public_history import last_public_title
from .public_revisions import PublicRevision, checked, with_times

MODELS = {str(table.model._meta.model_name): table.model for table in ENTRY_TABLES}
BATCH_REVISIONS = 500


@dataclass(frozen=True)
class EndedEntry:
    """An entry that is not public any more: the title that it had, and where it was."""

    slug: str
    page_title: str
    address: str

    def get_absolute_url(self) -> str:
        return self.address


def public_changes(
    *,
    entry: Any = None,
    since: datetime | None = None,
    after: Revision | None = None,
    corrections: bool = False,
) -> Iterable[PublicRevision]:
    """Yield the public changes, the newest first: those after ``after`` in that order.

    Of an entry that is not public any more, only how it ended.
    """
    rows = with_times(Revision.objects.filter(of_public_entries() | last_end()))
    if entry is not None:
        rows = rows.filter(table=entry._meta.model_name, object_id=entry.pk)
    if since:
        rows = rows.filter(shown_at__gte=since)
    if corrections:
        rows = rows.filter(kind=Revision.Kind.CORRECTION, hidden_because="", is_shown=True)
    if after is not None:
        moment = Revision.objects.with_times().values_list("shown_at", flat=True).get(pk=after.pk)
        rows = rows.filter(Q(shown_at__lt=moment) | Q(shown_at=moment, pk__lt=after.pk))
    found = rows.order_by("-shown_at", "-pk").iterator(BATCH_REVISIONS)
    while batch := list(islice(found, BATCH_REVISIONS)):
        yield from with_entries(checked(batch))


def of_public_entries() -> Q:
    """Return the condition that a revision is of an entry that is public now."""
    condition = Q()
    for name, model in MODELS.items():
        public = model.objects.published().order_by().values("pk")
        condition |= Q(table=name, object_id__in=public)
    return condition


def last_end() -> Q:
    """Return the condition that a revision ended the last period of its entry."""
    periods = Publication.objects.begun().filter(
        table=OuterRef("table"), object_id=OuterRef("object_id")
    )
    ended = Exists(periods.filter(ended_by=OuterRef("pk")))
    # What was merged is told of by the entry into which it was.
    is_last = ~Q(Exists(periods.filter(began_by__gt=OuterRef("pk"))))
    return Q(ended) & is_last & ~Q(act=Revision.Act.DELETE)


def with_entries(found: list[PublicRevision]) -> list[PublicRevision]:
    """Return revisions with their entries as they are now; of one that ended, with its title."""
    ids: dict[str, set[int]] = defaultdict(set)
    for each in found:
        ids[each.row.table].add(each.row.object_id)
    rows: dict[tuple[str, int], Any] = {}
    public: set[tuple[str, int]] = set()
    for name, pks in ids.items():
        model = MODELS[name]
        named = model.objects.filter(pk__in_array=pks)
        for row in named.select_related(*named.select_related_fields):
            rows[name, row.pk] = row
        shown = model.objects.published().filter(pk__in_array=pks).order_by()
        public |= {(name, pk) for pk in shown.values_list("pk", flat=True)}
    result = []
    for each in found:
        key = (each.row.table, each.row.object_id)
        entry = rows[key]
        if key not in public:
            title = last_public_title(entry, each.row)
            entry = EndedEntry(entry.slug, title, entry.get_absolute_url())
        result.append(replace(each, entry=entry))
    return result


def revisions_before(found: list[PublicRevision]) -> dict[int, PublicRevision]:
    """Return the readable revision before each of some, by the id of the later one's row."""
    ids: dict[str, set[int]] = defaultdict(set)
    for each in found:
        ids[each.row.table].add(each.row.object_id)
    condition = Q(pk=None)
    for name, pks in ids.items():
        condition |= Q(table=name, object_id__in_array=pks)
    rows = with_times(Revision.objects.filter(condition)).order_by("number")
    histories: dict[tuple[str, int], list[PublicRevision]] = defaultdict(list)
    for each in checked(rows):
        if each.is_readable:
            histories[each.row.table, each.row.object_id].append(each)
    before = {}
    for each in found:
        history = histories[each.row.table, each.row.object_id]
        earlier = [one for one in history if one.number < each.number]
        if earlier:
            before[each.row.pk] = replace(earlier[-1], entry=each.entry)
    return before
