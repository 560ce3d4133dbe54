"""Undoing an import, entry by entry from the revisions; an undo can be undone in the same way.

Entries that were changed since, or cannot be reverted by the rules of ``plan.undo_checks``, stay
as they are and are listed.
"""

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from ..editing.conflicts import refuse_on_conflict
from ..editing.errors import Refused
from ..models import Import, ImportRow, Publishable, Redirect, Revision, VersionedModel
from ..search import index
from ..tables.registry import Table
from .imports import require_import_permission
from .plan import apply, undo_changes, undo_checks
from .plan.addresses import address_of
from .plan.changes import TABLES_IN_ORDER, EntryChange, RowProblem
from .progress import ProgressReporter

Action = ImportRow.Action
Status = Publishable.Status


@transaction.atomic
def undo_import(
    *, imported: Import, user=None, note: str = "", undone: Import | None = None, reporter=None
) -> Import:
    """Undo an import; return the undo, whose rows say which entries were reverted or kept.

    ``undone`` is the undo if ``create_undo`` made it before.
    """
    current = Import.objects.select_for_update().get(pk=imported.pk)
    refuse_undo(current, user, note)
    if undone is None:
        undone = create_undo(current, user, note)
    with refuse_on_conflict("Try again."):
        UndoRun(current, undone, user, note, reporter or ProgressReporter()).run()
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


class UndoRun:
    """One undo: reverts the entries that the import changed, then removes those that it added."""

    def __init__(
        self, imported: Import, undone: Import, user, note: str, reporter: ProgressReporter
    ):
        self.imported, self.undone, self.user = imported, undone, user
        self.attribution = apply.Attribution(Revision.Act.UNDO, user, note, plan=undone)
        self.deleted = apply.Attribution(Revision.Act.DELETE, user, note, plan=undone)
        self.reporter = reporter
        self.number = 0

    def run(self) -> None:
        revised = [
            entry_table
            for entry_table in TABLES_IN_ORDER
            if issubclass(entry_table.model, VersionedModel)
        ]
        for entry_table in revised:
            for changes in self.reporter.batches(
                undo_changes.undo_batches(self.imported, entry_table, added=False)
            ):
                undo_checks.check_reverting(changes, self.user)
                apply.apply_changes(entry_table, self.store_results(changes), self.attribution)
        for entry_table in reversed(revised):
            for changes in self.reporter.batches(
                undo_changes.undo_batches(self.imported, entry_table, added=True)
            ):
                undo_checks.check_removing(changes, self.user)
                self.remove_added(entry_table, self.store_results(changes))

    def store_results(self, changes: list[EntryChange]) -> list[EntryChange]:
        """Store a row of the undo for each entry; return the changes without problems."""
        rows = [self.result_row(change, change.rows[0].problems) for change in changes]
        ImportRow.objects.bulk_create(rows)
        reverted = undo_checks.without_problems(changes)
        self.undone.changed += len(reverted)
        return reverted

    def result_row(self, change: EntryChange, problems: list[RowProblem]) -> ImportRow:
        self.number += 1
        return ImportRow(
            plan=self.undone,
            number=self.number,
            table=change.own.name,
            key=change.slug,
            entry=change.slug,
            action=Action.KEPT if problems else Action.CHANGED,
            revision=change.revision,
            problems=[problem.as_list() for problem in problems],
        )

    def remove_added(self, entry_table: Table, changes: list[EntryChange]) -> None:
        """Remove entries that the import added: withdraw what was public, delete the rest."""
        public_ids = undo_checks.public_ids(changes)
        public = [change for change in changes if change.pk in public_ids]
        for change in public:
            own = change.before[entry_table.name][0] | {"status": Status.WITHDRAWN.value}
            change.after = change.before | {entry_table.name: [own]}
        apply.apply_changes(entry_table, public, self.attribution)
        self.delete_entries(
            entry_table, [change for change in changes if change.pk not in public_ids]
        )

    def delete_entries(self, entry_table: Table, changes: list[EntryChange]) -> None:
        """Delete entries that were never public; keep their last state as a revision."""
        if not changes:
            return
        for change in changes:
            change.after = change.before
        apply.record_revisions(entry_table, changes, self.deleted)
        model: Any = entry_table.model
        ids = [change.pk for change in changes if change.pk]
        index.remove(model, ids)
        Redirect.objects.filter(new_path__in=[address_of(c) for c in changes]).delete()
        for table in entry_table.parts:
            table.model._default_manager.filter(**{f"{table.owner}__in": ids}).delete()
        models.QuerySet(model).filter(pk__in=ids).delete()
