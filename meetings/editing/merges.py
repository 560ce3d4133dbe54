"""Merging two people, places, sources or issues that are one: every cell that changes, as a plan.

What names the one that goes names the one that is kept from then on; its address leads on for
ever. A merge is carried out as it was shown, or not at all, and is undone like an import.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from ..models import (
    Actor,
    Import,
    Issue,
    Place,
    Proposal,
    Publishable,
    Reference,
    Revision,
    Source,
    VersionedModel,
)
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_MODEL, Table
from .apply import apply_changes
from .changes import TABLES_IN_ORDER, Attribution, EntryChange
from .checks import NEEDS_NOTE, check_changes
from .citations import complete_sources
from .conflicts import refuse_on_conflict
from .desk_notes import move_notes
from .errors import Conflict, Refused
from .joins import THEIRS, Choices, chosen_side
from .public_history import were_public
from .slug_lookup import SlugLookup
from .snapshots import (
    PRESENT_COLUMNS,
    Renamed,
    Row,
    Snapshot,
    filled_row,
    in_key_order,
    rename_slugs,
    rows_by_key,
    snapshots,
)
from .usage import ids_of_users

MERGED_MODELS: tuple[type[VersionedModel], ...] = (Actor, Place, Source, Issue)
LOOK_AGAIN = "Something of it was changed since you looked. Look at what is shown now, then merge."
CHOOSE = "Choose for each cell that both have."
# What is said of another column, and comes with it or not at all.
TOGETHER = {
    "archived_url": "url",
    "accessed": "url",
    "date_is": "published",
    "longitude": "latitude",
}
# Where two rows are joined, the one that is kept says in which place it stands.
ORDER = "order"
ORDER_STEP = 10


@dataclass(frozen=True)
class LeftOut:
    """A cell of the one that goes, which the one that is kept has otherwise."""

    column: str
    kept: str
    gone: str


@dataclass
class Choice:
    """The cells in which two rows differ that become one, and which of the two was chosen.

    Of a conflict ``theirs`` is the cell of the row that goes; undecided, the kept one stays.
    """

    choices: Choices
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def undecided(self) -> list[Conflict]:
        return [each for each in self.conflicts if not chosen_side(each, self.choices)]

    def joined(self, table: Table, kept: Row, gone: Row) -> Row:
        """Return one row of two: empty cells filled, and those that differ as was chosen."""
        cells = filled_row(table, kept, gone)
        key = tuple(kept[name] for name in table.key)
        for column in table.columns:
            if column == ORDER or not gone[column] or gone[column] == cells[column]:
                continue
            conflict = Conflict(table.name, key, column, None, gone[column], kept[column])
            self.conflicts.append(conflict)
            if chosen_side(conflict, self.choices) == THEIRS:
                cells[column] = gone[column]
        return cells


@dataclass
class Merge:
    """What a merge would change: what names the one that goes, that one itself, and the kept."""

    users: list[EntryChange]
    gone: EntryChange
    kept: EntryChange
    left_out: list[LeftOut]
    refusals: list[str]
    choice: Choice

    @property
    def changes(self) -> list[EntryChange]:
        """The changes that have an effect, in the order in which they are written."""
        return [each for each in (*self.users, self.gone, self.kept) if each.is_changed]

    @property
    def problems(self) -> list[str]:
        """Why it cannot be carried out, in sentences that name the entry."""
        found = [
            f"{change.own.model._meta.verbose_name} “{change.slug}”: {problem.sentence}"
            for change in self.changes
            for problem in change.problems
        ]
        return [*self.refusals, *found]

    @property
    def digest(self) -> str:
        """What tells this plan from one of another state of the record, whatever is chosen."""
        states = [(each.own.name, each.pk, each.before) for each in self.changes]
        return sha256(json.dumps(states, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def plan_merge(
    *, kept: VersionedModel, gone: VersionedModel, user=None, choices: Choices | None = None
) -> Merge:
    """Return what merging one row into another would change, and what speaks against it.

    ``choices`` answers what is asked of rows that become one, as ``joins.answer`` makes it. The
    rows are locked until the transaction ends.
    """
    model = type(kept)
    if model not in MERGED_MODELS or type(gone) is not model or kept.pk == gone.pk:
        raise Refused(["Choose another one of the same kind to merge it into."])
    own = TABLES_BY_MODEL[model]
    stored = locked(own, [kept.pk, gone.pk])
    if len(stored) < 2:
        raise Refused(["One of the two is gone. It was deleted or merged in the meantime."])
    kept, gone = stored[kept.pk], stored[gone.pk]
    renamed: Renamed = {model: {gone.slug: kept.slug}}
    ids, choice = ids_of_users(gone), Choice(choices or {})
    users = [
        change
        for table in TABLES_IN_ORDER
        for change in user_changes(table, kept, gone, renamed, ids, choice)
    ]
    states = snapshots(model, [kept.pk, gone.pk])
    before, theirs = states[kept.pk], states[gone.pk]
    mine = rename_slugs(before, renamed)
    parts = renamed_parts(own, theirs, renamed, kept.slug)
    after, left_out = joined_states(own, mine, parts, choice)
    merge = Merge(
        users,
        EntryChange(own, gone.slug, gone.pk, gone.revision, theirs, {}, merged_into=kept.slug),
        EntryChange(
            own,
            kept.slug,
            kept.pk,
            kept.revision,
            before,
            complete_sources(own, after),
            merged_pk=gone.pk,
        ),
        left_out,
        list(refusals(kept, gone)),
        choice,
    )
    check(merge, user)
    return merge


def locked(own: Table, ids: list[int]) -> dict[int, Any]:
    """Return rows by id, locked until the transaction ends."""
    rows = own.model._default_manager.filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",))}


def user_changes(
    table: Table,
    kept: VersionedModel,
    gone: VersionedModel,
    renamed: Renamed,
    ids: dict[type[models.Model], set[int]],
    choice: Choice,
) -> Iterator[EntryChange]:
    """Yield the changes of the entries of a table that name the row that goes."""
    pks = ids.get(table.model, set())
    if isinstance(gone, table.model):
        pks = pks - {kept.pk, gone.pk}
    if not pks:
        return
    rows = locked(table, list(pks))
    for pk, before in snapshots(table.model, rows).items():
        row = rows[pk]
        after = complete_sources(table, rename_slugs(before, renamed, choice.joined))
        yield EntryChange(table, row.slug, pk, row.revision, before, after)


def renamed_parts(own: Table, state: Snapshot, renamed: Renamed, slug: str) -> Snapshot:
    """Return a state of the row that goes with its parts under the one that is kept."""
    found = rename_slugs(state, renamed)
    for table in own.parts:
        if table.name in found:
            found[table.name] = [row | {table.owner: slug} for row in found[table.name]]
    return found


def joined_states(
    own: Table, mine: Snapshot, theirs: Snapshot, choice: Choice
) -> tuple[Snapshot, list[LeftOut]]:
    """Return the kept row with what it takes from the other one, and what it does not take."""
    cells = joined_cells(own, mine[own.name][0], theirs[own.name][0])
    found: Snapshot = {own.name: [cells]}
    for table in own.parts:
        rows = rows_by_key(table, mine)
        for row in added_rows(table, list(rows.values()), theirs.get(table.name, [])):
            key = tuple(row[name] for name in table.key)
            rows[key] = choice.joined(table, rows[key], row) if key in rows else row
        found[table.name] = list(rows.values())
    return in_key_order(found), list(differing(own, cells, theirs[own.name][0]))


def added_rows(table: Table, mine: list[Row], theirs: list[Row]) -> list[Row]:
    """Return the parts of the row that goes; numbered ones after those that are there."""
    if ORDER not in table.key:
        return theirs
    last = max((int(row[ORDER]) for row in mine), default=0)
    return [
        row | {ORDER: str(last + ORDER_STEP * number)} if mine else row
        for number, row in enumerate(theirs, start=1)
    ]


def joined_cells(own: Table, mine: Row, theirs: Row) -> Row:
    """Return the kept row's own cells: empty ones filled, lists and other names joined."""
    cells = dict(mine)
    for column in own.columns:
        leader = TOGETHER.get(column, "")
        if column in own.key or column in PRESENT_COLUMNS:
            continue
        if column in own.many_to_many:
            slugs = filter(None, [*mine[column].split(SEPARATOR), *theirs[column].split(SEPARATOR)])
            cells[column] = SEPARATOR.join(sorted(set(slugs)))
        elif leader and not mine[leader]:
            cells[column] = theirs[column] or mine[column]
        elif not leader or mine[leader] == theirs[leader]:
            cells[column] = mine[column] or theirs[column]
    if own.model is Actor:
        cells["other_names"] = joined_names(mine, theirs)
    return cells


def joined_names(mine: Row, theirs: Row) -> str:
    """Return the other names of a kept person, with all names of the one that goes."""
    names = [*mine["other_names"].split("|"), theirs["name"], *theirs["other_names"].split("|")]
    known = dict.fromkeys(name.strip() for name in names)
    return "|".join(name for name in known if name and name != mine["name"])


def differing(table: Table, kept: Row, gone: Row) -> Iterator[LeftOut]:
    """Yield the cells of a row that goes which the kept one has otherwise."""
    for column in table.columns:
        is_own = column in table.key or column in PRESENT_COLUMNS
        is_joined = column in table.many_to_many or column == "other_names"
        if gone[column] and gone[column] != kept[column] and not is_own and not is_joined:
            yield LeftOut(str(table.field(column).verbose_name), kept[column], gone[column])


def refusals(kept: VersionedModel, gone: VersionedModel) -> Iterator[str]:
    """Yield why two rows cannot be merged, whatever names them."""
    if Proposal.objects.of(gone).exists():
        yield f"“{gone}” has a proposal. Publish or discard it first."
    is_shown = not isinstance(kept, Publishable) or kept.is_public
    if not is_shown and were_public(type(gone), [gone.pk]):
        yield (
            f"“{gone}” was public and “{kept}” is not: readers would be led to nothing."
            " Publish that first, or merge the other way round."
        )


def check(merge: Merge, user) -> None:
    """Add to the changes of a merge what speaks against each, by the rules of every change."""
    read = merge.kept.cells.get("read", "")
    lookup = SlugLookup(
        planned_reading=lambda slugs: dict.fromkeys({merge.kept.slug} & {*slugs}, read)
    )
    for group in grouped(merge):
        check_changes(group, lookup, user)


def grouped(merge: Merge) -> list[list[EntryChange]]:
    """Return the changes by table, in the order in which they are written."""
    by_table: dict[str, list[EntryChange]] = {}
    for change in merge.users:
        by_table.setdefault(change.own.name, []).append(change)
    return [*by_table.values(), [merge.gone], [merge.kept]]


@transaction.atomic
def apply_merge(
    *,
    kept: VersionedModel,
    gone: VersionedModel,
    seen: str,
    user=None,
    note: str,
    kind: str = "",
    choices: Choices | None = None,
) -> Import:
    """Merge one row into another as the plan with the digest ``seen`` said; return the act.

    Raises PermissionDenied or Refused, with nothing written.
    """
    if user is not None and not note.strip():
        raise Refused([NEEDS_NOTE])
    merge = plan_merge(kept=kept, gone=gone, user=user, choices=choices)
    if denied := [change.denied for change in merge.changes if change.denied]:
        raise PermissionDenied(denied[0])
    if merge.problems:
        raise Refused(merge.problems)
    if merge.digest != seen:
        raise Refused([LOOK_AGAIN])
    if merge.choice.undecided:
        raise Refused([CHOOSE])
    own = merge.kept.own
    first_public_at = getattr(locked(own, [gone.pk])[gone.pk], "first_public_at", None)
    merged = Import.objects.create(
        made_by=user,
        act=Import.Act.MERGE,
        state=Import.State.DONE,
        finished_at=timezone.now(),
        name=f"{merge.gone.slug} into {merge.kept.slug}",
        table=own.name,
        note=note,
        kind=kind,
        changed=len(merge.changes),
        first_public_at=first_public_at,
    )
    attribution = Attribution(Revision.Act.MERGE, user, note, kind, merged)
    with refuse_on_conflict("Look at the plan again, then merge."):
        for group in grouped(merge):
            apply_changes(group[0].own, group, attribution)
    mark_since(type(kept), [kept.pk], first_public_at)
    move_notes(gone=gone, kept=kept)
    return merged


def is_reference(model: type[VersionedModel]) -> bool:
    return issubclass(model, Reference)


def mark_since(model: type[models.Model], ids: list[int], at) -> None:
    """Mark references as public since a time, unless they are since an earlier one."""
    if at is not None:
        rows = model._default_manager.filter(pk__in=ids)
        later = models.Q(first_public_at=None) | models.Q(first_public_at__gt=at)
        rows.filter(later).update(first_public_at=at)


def restore_marks(merged: Import) -> None:
    """Mark what came back by the undo of a merge as public since the time when it was."""
    if merged.act != Import.Act.MERGE or merged.first_public_at is None:
        return
    for model in filter(is_reference, MERGED_MODELS):
        gone = merged.revisions.filter(table=model._meta.model_name, act=Revision.Act.DELETE)
        mark_since(model, list(gone.values_list("object_id", flat=True)), merged.first_public_at)
