"""The revisions that the public may read, and what of them: what was shown, while it was.

A revision was shown while it was the newest of an entry that was public. Of its rows, those that
join entries which were not public meanwhile, or are not now, were not shown with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Model

from ..models import Publishable, Reaction, Revision
from ..models.pages import HOME_SLUG
from ..models.revisions import was_shown
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME
from .public_history import Span, shown_spans
from .snapshots import Row, Snapshot, named_slugs, reference_columns, with_present_slugs, with_slug

# Besides foreign keys: a reaction is public when all the issues are that it is about.
JOINING_LISTS = {("reactions", "issues")}


@dataclass(frozen=True)
class PublicRevision:
    """A revision that the public may know of, and when it was shown: ``until`` None for still.

    Of one that is an end only the act is public; of a hidden one, only that it is hidden and why.
    """

    # With the annotations of ``with_times``.
    row: Any
    since: datetime
    until: datetime | None
    is_end: bool = False
    # The entry as it is now.
    entry: Any = None

    @property
    def number(self) -> int:
        return int(self.row.number)

    @property
    def address(self) -> str:
        """The address of its page."""
        return f"{self.entry.get_absolute_url()}r{self.number}/"

    @property
    def what(self) -> str:
        """What was done, in one or two words."""
        if self.is_hidden:
            return "hidden"
        if self.is_end:
            return "withdrawn" if self.row.act == Revision.Act.WITHDRAW else "taken back"
        return str(self.row.get_kind_display() or self.row.get_act_display()).lower()

    @property
    def public_words(self) -> list[str]:
        """Why it was done, in words: of a hidden one, why it is hidden."""
        if self.is_hidden:
            return [self.row.hidden_because]
        wrong = f"Was wrong: {self.row.was_wrong}" if self.row.was_wrong else ""
        return [words for words in (wrong, self.row.note) if words]

    @property
    def is_hidden(self) -> bool:
        return bool(self.row.hidden_because)

    @property
    def is_readable(self) -> bool:
        """Whether it has a page; the words of the home page have none of their own."""
        return not self.is_end and not self.is_hidden and not self.is_home

    @property
    def is_home(self) -> bool:
        return (self.row.table, self.row.slug) == ("page", HOME_SLUG)

    @property
    def is_correction(self) -> bool:
        is_told = not self.is_end and not self.is_hidden
        return is_told and self.row.kind == Revision.Kind.CORRECTION

    @property
    def by(self) -> str:
        """The name that whoever made it chose to have in public; mostly none."""
        return str(self.row.public_name or "")


def public_history(entry: Any) -> list[PublicRevision]:
    """Return what the public may know of the revisions of a public entry, the newest first."""
    found = checked(with_times(Revision.objects.of(entry)))
    return [replace(each, entry=entry) for each in found]


def with_times(revisions):
    """Return those of some revisions that the public may know of, as ``checked`` needs them."""
    rows = revisions.public().with_times().with_public_names().annotate(is_shown=was_shown())
    return rows.defer("snapshot")


def checked(revisions: Iterable[Any]) -> list[PublicRevision]:
    """Return the public revisions among rows of ``with_times``, in their order.

    A reaction was shown only with the meeting and the issues that it names: its end, too, is known
    only where these were public.
    """
    found = [
        PublicRevision(row, row.shown_at, row.replaced_at, is_end=not row.is_shown)
        for row in revisions
    ]
    of_reactions = {each.row.pk for each in found if each.row.table == "reaction"}
    if not of_reactions:
        return found
    rows = Revision.objects.filter(pk__in_array=of_reactions).order_by()
    ids, states = zip(*rows.values_list("pk", "snapshot"), strict=True)
    read = dict(zip(ids, with_present_slugs(states), strict=True))
    times = PublicTimes(read.values())
    own = TABLES_BY_MODEL[Reaction].name
    moments = {
        each.row.pk: times.first_moment(own, read[each.row.pk][own][0], each)
        for each in found
        if each.row.pk in read
    }
    return [
        replace(each, since=moments.get(each.row.pk) or each.since)
        for each in found
        if each.row.pk not in read or moments[each.row.pk]
    ]


def public_snapshot(revision: PublicRevision) -> Snapshot:
    """Return what was shown of a revision, with the slugs of today; nothing of a hidden one."""
    return public_snapshots([revision]).get(revision.row.pk, {})


def public_snapshots(revisions: Iterable[PublicRevision]) -> dict[int, Snapshot]:
    """Return what was shown of readable revisions, by the id of the row; a few queries for all."""
    readable = {each.row.pk: each for each in revisions if each.is_readable}
    rows = Revision.objects.filter(pk__in_array=readable).order_by()
    stored = dict(rows.values_list("pk", "snapshot"))
    states = dict(zip(stored, with_present_slugs(stored.values()), strict=True))
    times = PublicTimes(states.values())
    return {pk: times.shown(readable[pk], state) for pk, state in states.items()}


class PublicTimes:
    """When the entries that snapshots name were public; an entry that is not public now, never."""

    def __init__(self, states: Iterable[Snapshot]):
        self.spans: dict[type[Model], dict[str, list[Span]]] = {}
        for model, slugs in named_slugs(list(states)).items():
            if issubclass(model, Publishable):
                rows: Any = model.objects.published().filter(slug__in_array=slugs).order_by()
                ids = dict(rows.values_list("slug", "pk"))
                found = shown_spans(model, set(ids.values()))
                self.spans[model] = {slug: found.get(pk, []) for slug, pk in ids.items()}

    def shown(self, revision: PublicRevision, state: Snapshot) -> Snapshot:
        """Return what the public saw of the snapshot of a revision."""
        own = TABLES_BY_MODEL[type(revision.entry)]
        found = {
            name: [cells for row in rows if (cells := self.public_row(name, row, revision))]
            for name, rows in with_slug(own, state, revision.entry.slug).items()
        }
        return {name: rows for name, rows in found.items() if rows}

    def public_row(self, name: str, row: Row, revision: PublicRevision) -> Row | None:
        """Return what the public saw of a row of a table; None for a row that it did not see."""
        if self.first_moment(name, row, revision) is None:
            return None
        cells = dict(row)
        for column, model in entry_columns(name).items():
            slugs = row[column].split(SEPARATOR)
            shown = [slug for slug in slugs if self.moment(model, slug, revision)]
            cells[column] = SEPARATOR.join(shown)
        return cells

    def first_moment(self, name: str, row: Row, revision: PublicRevision) -> datetime | None:
        """Return when the public first saw a row of a revision, with all that it joins."""
        moments: list[datetime | None] = [revision.since]
        for column, model in entry_columns(name).items():
            if column in TABLES_BY_NAME[name].foreign_keys or (name, column) in JOINING_LISTS:
                slugs = filter(None, row[column].split(SEPARATOR))
                moments += [self.moment(model, slug, revision) for slug in slugs]
        known = [moment for moment in moments if moment]
        return max(known) if len(known) == len(moments) else None

    def moment(self, model: type[Model], slug: str, revision: PublicRevision) -> datetime | None:
        """Return the first moment of a revision's time at which an entry was public, or None."""
        since, until = revision.since, revision.until
        found = [
            max(span.since or since, since)
            for span in self.spans.get(model, {}).get(slug, [])
            if not span.is_from_elsewhere
            and (span.until is None or span.until > since)
            and (span.since is None or until is None or span.since < until or span.since <= since)
        ]
        return min(found, default=None)


@cache
def entry_columns(name: str) -> dict[str, type[Model]]:
    """Return the columns of a table that name entries, without its owner, with their models."""
    columns = reference_columns(TABLES_BY_NAME[name]).items()
    return {column: model for column, model in columns if issubclass(model, Publishable)}
