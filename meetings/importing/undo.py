"""Undoing an import, entry by entry from the revisions; an undo can be undone in the same way.

Entries that were changed since, or cannot be reverted by the rules of ``editing.checks``, stay
as they are and are listed.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ..editing.apply import apply_changes
from ..editing.changes import TABLES_IN_ORDER, Attribution, EntryChange, sound, with_cells
from ..editing.checks import check_changes
from ..editing.claims import release_claims, restore_claims
from ..editing.conflicts import refuse_on_conflict
from ..editing.errors import Refused
from ..editing.merges import restore_marks
from ..editing.permissions import require_import_permission
from ..editing.public_history import were_public
from ..editing.slug_lookup import SlugLookup
from ..editing.snapshots import Snapshot
from ..editing.writing import write_postponed_relations
from ..models import Import, ImportRow, Publishable, Revision, Source, VersionedModel
from ..tables.registry import TABLES_BY_MODEL, Table
from .plan.undo_changes import CHANGED_SINCE, undo_batches
from .progress import ProgressReporter

Action = ImportRow.Action
Status = Publishable.Status
SlugsOfTable = Callable[[Table, list[str]], set[str]]
# What an undo does to an entry, as it is counted.
OUTCOMES = (RETURNED, RESTORED, WITHDRAWN, DELETED) = (
    "returned",
    "restored",
    "withdrawn",
    "deleted",
)
MOST_REASONS = 1_000
PLANNED = "What an undo would do"
OTHERWISE = (
    "The record changed since this page was opened, so that the undo would keep other entries. Look"
    " at what it would do now."
)


@dataclass(frozen=True)
class UndoPlan:
    """What an undo would do now: how many entries it changes how, and what it keeps and why.

    ``kept`` are the first of those that it keeps. One that is not ``is_complete`` knows only of
    those that were changed since: what else must stay turns out while it is done.
    """

    counts: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)
    kept_count: int = 0
    digest: str = ""
    is_complete: bool = True


@dataclass
class WouldKeep(Refused):
    """An undo that would keep some entries, and was not done for that; ``plan`` names them."""

    plan: UndoPlan = field(default_factory=UndoPlan)


def plan_undo(*, imported: Import, user=None) -> UndoPlan:
    """Return what undoing an import would do now, by doing it and taking it back."""
    with transaction.atomic():
        current = Import.objects.select_for_update().get(pk=imported.pk)
        refuse_undo(current, user, PLANNED)
        undone = create_undo(current, user, PLANNED)
        plan = run_undo(UndoRun(current, undone, user, PLANNED, ProgressReporter()))
        transaction.set_rollback(True)
    return plan


def run_undo(run: "UndoRun") -> UndoPlan:
    """Carry out an undo, and return what it did; raise Refused if it conflicts with a save."""
    with refuse_on_conflict("Try again."):
        run.run()
    kept = kept_rows(run.undone)
    return UndoPlan(run.counts, kept_lines(kept), kept.count(), digest_of_kept(run.undone))


def plan_large_undo(imported: Import) -> UndoPlan:
    """Return what is known at once of what undoing an import would do: what was changed since."""
    later = Revision.objects.filter(
        table=OuterRef("table"), object_id=OuterRef("object_id"), number__gt=OuterRef("number")
    )
    changed = imported.revisions.filter(Exists(later)).order_by("pk")
    names = changed.values_list("table", "slug")[:MOST_REASONS]
    lines = [f"{table} {slug}: {CHANGED_SINCE}" for table, slug in names]
    count = changed.count()
    counts = Counter({RETURNED: imported.revisions.count() - count})
    return UndoPlan(counts, lines, count, is_complete=False)


@transaction.atomic
def undo_import(
    *,
    imported: Import,
    user=None,
    note: str = "",
    undone: Import | None = None,
    reporter=None,
    planned: str = "",
    accepts_kept: bool = True,
) -> Import:
    """Undo an import; return the undo, whose rows say which entries were reverted or kept.

    ``undone`` is the undo if ``create_undo`` made it before. ``planned`` is the digest of a plan:
    Refused is raised where the undo would keep other entries. Without ``accepts_kept``, WouldKeep
    is raised where it would keep any.
    """
    current = Import.objects.select_for_update().get(pk=imported.pk)
    refuse_undo(current, user, note)
    if undone is None:
        undone = create_undo(current, user, note)
    plan = run_undo(UndoRun(current, undone, user, note, reporter or ProgressReporter()))
    if planned and plan.digest != planned:
        raise Refused([OTHERWISE])
    if plan.kept_count and not accepts_kept:
        raise WouldKeep(["Some entries would be kept as they are."], plan=plan)
    restore_marks(current)
    undone.state, undone.finished_at = Import.State.DONE, timezone.now()
    undone.save()
    return undone


def refuse_undo(imported: Import, user, note: str) -> None:
    """Raise Refused or PermissionDenied unless ``user`` can undo an import now."""
    require_import_permission(user, "undo_import")
    if user is not None and not note.strip():
        raise Refused(["Write a change note: one line, public, on why the import is taken back."])
    if imported.state != Import.State.DONE:
        raise Refused(["Only what was imported can be undone."])
    if imported.is_undone:
        raise Refused(["This import was undone already."])


def create_undo(imported: Import, user, note: str) -> Import:
    """Return a new undo of an import, of which nothing is done yet."""
    return Import.objects.create(
        made_by=user,
        act=Import.Act.UNDO,
        undoes=imported,
        state=Import.State.APPLYING,
        name=imported.name,
        note=note,
    )


def kept_rows(undone: Import) -> models.QuerySet[ImportRow]:
    """Return the rows of an undo for entries that were kept, with the reasons."""
    return undone.rows.filter(action=Action.KEPT)


def kept_lines(kept: models.QuerySet[ImportRow]) -> list[str]:
    """Return the first entries that an undo keeps, each with the reason, in words."""
    rows = kept.order_by("number")[:MOST_REASONS]
    return [f"{row.table} {row.key}: {row.problems[0][2]}" for row in rows]


def digest_of_kept(undone: Import) -> str:
    """Return a digest of which entries an undo keeps."""
    names = kept_rows(undone).order_by("number").values_list("table", "key")
    return sha256(repr(list(names)).encode()).hexdigest()


class UndoRun:
    """One undo: reverts the entries that the import changed, then removes those that it added."""

    def __init__(
        self, imported: Import, undone: Import, user, note: str, reporter: ProgressReporter
    ):
        self.imported, self.undone, self.user = imported, undone, user
        self.attribution = Attribution(Revision.Act.UNDO, user, note, plan=undone)
        self.reporter = reporter
        self.number = 0
        self.counts: Counter[str] = Counter()
        # The sources whose claims name nothing for a while, as they were.
        self.released: dict[int, Snapshot] = {}
        self.lookup = SlugLookup()

    def run(self) -> None:
        tables = [table for table in TABLES_IN_ORDER if issubclass(table.model, VersionedModel)]
        for entry_table in tables:
            self.undo(entry_table, undo_batches(self.imported, entry_table, added=False))
        write_postponed_relations(self.lookup)
        added = undo_batches(self.imported, TABLES_BY_MODEL[Source], added=True)
        self.released = release_claims(added)
        for entry_table in reversed(tables):
            found = undo_batches(self.imported, entry_table, added=True)
            if entry_table.model is Source:
                found = map(self.as_before_release, found)
            self.undo(entry_table, map(withdraw_public, found))
        restore_claims(self.released)

    def as_before_release(self, changes: list[EntryChange]) -> list[EntryChange]:
        """Return changes of sources from the state in which they were before ``release_claims``."""
        for change in changes:
            if change.pk in self.released:
                change.before = self.released[change.pk]
                change.problems = []
        return changes

    def undo(self, entry_table: Table, batches: Iterable[list[EntryChange]]) -> None:
        """Undo what the import did to entries of one table, as far as the rules allow it."""
        for changes in self.reporter.batches(batches):
            check_each(changes, self.user, self.returning_slugs)
            self.store_results(changes)
            lookup = SlugLookup()
            lookup.postponed = self.lookup.postponed
            apply_changes(entry_table, sound(changes), self.attribution, lookup)
            self.undone.changed += len(sound(changes))
            self.counts.update(map(what_is_done, sound(changes)))

    def returning_slugs(self, table: Table, slugs: list[str]) -> set[str]:
        """Return the slugs of rows of a table that the import took out, and that come back."""
        past = Revision.objects.filter(
            from_import=self.imported,
            table=table.model._meta.model_name,
            act=Revision.Act.DELETE,
            slug__in_array=slugs,
        )
        return set(past.values_list("slug", flat=True))

    def store_results(self, changes: list[EntryChange]) -> None:
        """Store a row of the undo for each entry."""
        rows = [
            ImportRow(
                plan=self.undone,
                number=number,
                table=change.own.name,
                key=change.slug,
                entry=change.slug,
                action=Action.KEPT if change.problems else Action.CHANGED,
                revision=change.revision,
                problems=[problem.as_list() for problem in change.problems],
            )
            for number, change in enumerate(changes, start=self.number + 1)
        ]
        ImportRow.objects.bulk_create(rows)
        self.number += len(rows)


def what_is_done(change: EntryChange) -> str:
    """Return what a change of an undo does to its entry, as it is counted."""
    if not change.after:
        return DELETED
    if not change.before:
        return RESTORED
    is_withdrawn = change.status == Status.WITHDRAWN != change.former_status
    return WITHDRAWN if is_withdrawn else RETURNED


def withdraw_public(changes: list[EntryChange]) -> list[EntryChange]:
    """Return the changes that remove entries, in which what was public is withdrawn instead."""
    ids = [change.pk for change in changes if change.pk]
    public = were_public(changes[0].own.model, ids) if ids else set()
    for change in changes:
        if change.pk in public and change.former_status == Status.PUBLISHED:
            change.after = with_cells(change.own, change.before, status=Status.WITHDRAWN.value)
    return changes


def check_each(changes: list[EntryChange], user, returning: SlugsOfTable) -> None:
    """Add to changes of entries of one table what speaks against each.

    An entry that stays may prevent another, which refers to it or needs its address: those left
    are checked until nothing more is found. ``returning`` finds rows of later tables.
    """
    left = sound(changes)
    while left:
        check_changes(left, lookup_after(left, returning), user, is_undo=True)
        if len(sound(left)) == len(left):
            return
        left = sound(left)


def lookup_after(changes: list[EntryChange], returning: SlugsOfTable) -> SlugLookup:
    """Return a lookup of the rows that there are once entries of one table are reverted.

    The claims of sources, which come first, may name entries that come back after them.
    """
    own, slugs = changes[0].own, {change.slug for change in changes if change.after}

    def planned(table: Table, asked: list[str]) -> set[str]:
        if table is own:
            return slugs & {*asked}
        return returning(table, asked) if own.model is Source else set()

    return SlugLookup(planned)
