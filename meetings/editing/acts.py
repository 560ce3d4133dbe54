"""Acts of people on one entry: save, submit, publish, withdraw, delete. Rules are in ``checks``.

Each act is one transaction that locks the row, refuses a stale form, writes, completes the list of
sources, applies the rules of publishing and makes one revision. A refusal rolls all of it back.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction

from ..models import Publishable, Redirect, Reference, Revision, VersionedModel
from ..search import index
from . import citations, revisions
from .checks import (
    deletion_problem,
    redirect_old_address,
    refuse_if_stale,
    refuse_transition,
    refuse_unpublishable,
    require_permission,
)
from .conflicts import refuse_on_conflict
from .errors import Refused
from .snapshots import Snapshot, snapshot

Act = Revision.Act
Status = Publishable.Status


def save(*, entry: VersionedModel, write: Callable, user=None, seen=None, note="", kind=""):
    """Write an entry or reference with its parts; return the revision, or None for no change."""
    return perform(
        entry=entry, act=Act.SAVE, write=write, user=user, seen=seen, note=note, kind=kind
    )


def publish(
    *, entry: Publishable, write: Callable | None = None, user=None, seen=None, note="", kind=""
):
    """Write the entry and publish it; the note is public and says why."""
    return change_status(
        entry,
        Status.PUBLISHED,
        Act.PUBLISH,
        write=write,
        user=user,
        seen=seen,
        note=note,
        kind=kind,
    )


def submit(*, entry: Publishable, write: Callable | None = None, user=None, seen=None):
    """Write a draft and send it to review."""
    return change_status(entry, Status.REVIEW, Act.SUBMIT, write=write, user=user, seen=seen)


def withdraw(*, entry: Publishable, reason: str, user=None, seen=None):
    """Withdraw a published entry; its address answers 410 with the reason."""
    if not reason.strip():
        raise Refused(["Say why the entry is withdrawn. The reason is public."])
    return change_status(entry, Status.WITHDRAWN, Act.WITHDRAW, user=user, seen=seen, note=reason)


def back_to_draft(*, entry: Publishable, user=None, seen=None, note=""):
    """Make a draft of an entry, so that it can be edited further.

    The address of what was public answers 410, with the reason of the act that ended that.
    """
    return change_status(entry, Status.DRAFT, Act.DRAFT, user=user, seen=seen, note=note)


@transaction.atomic
def delete(*, entry: VersionedModel, user=None, seen=None) -> None:
    """Delete a row that was never public and that nothing uses; keep its last revision."""
    current = lock(entry)
    require_permission(user, "delete", current)
    state = revisions.record_untracked_changes(current)
    refuse_if_stale(current, seen)
    if problem := deletion_problem(current):
        raise Refused([problem])
    revisions.record_revision(current, state=state, act=Act.DELETE, user=user)
    index.remove(type(current), [current.pk])
    Redirect.objects.filter(new_path=current.get_absolute_url()).delete()
    current.delete()


def change_status(entry, status, act, *, write=None, **details):
    """Perform an act that gives the entry another status; restore the object if that fails."""
    former = entry.status

    def write_with_status():
        entry.status = status
        if write is not None:
            write()
        type(entry).objects.filter(pk=entry.pk).update(status=status)

    try:
        return perform(entry=entry, act=act, write=write_with_status, status=status, **details)
    except Exception:
        entry.status = former
        raise


@transaction.atomic
def perform(
    *, entry, act, write, status="", user=None, seen=None, note="", kind=""
) -> Revision | None:
    """Run an act on one entry; return its revision, or None if no row changed.

    Raises PermissionDenied, Stale or Refused, with nothing written.
    """
    before: Snapshot = {}
    if entry.pk is None:
        require_permission(user, "add", entry)
    else:
        current = lock(entry)
        require_permission(user, "change", current)
        before = revisions.record_untracked_changes(current)
        refuse_if_stale(current, seen)
        if status:
            refuse_transition(current, status, note, user)
        entry.revision = current.revision
        if isinstance(entry, Reference) and isinstance(current, Reference):
            # Another act may have marked it since the object was read.
            entry.first_public_at = current.first_public_at
    try:
        with refuse_on_conflict("Save again."):
            write()
            citations.complete_source_lists(type(entry), [entry.pk])
    except ValidationError as error:
        raise Refused(error.messages) from error
    after = snapshot(entry)
    if after == before:
        return None
    written = type(entry)._default_manager.get(pk=entry.pk)
    require_permission(user, "change" if before else "add", written)
    redirect_old_address(written, before)
    refuse_unpublishable(written, note, user)
    return revisions.record_revision(entry, state=after, act=act, user=user, note=note, kind=kind)


def lock(entry: VersionedModel) -> VersionedModel:
    """Return the stored row, locked until the transaction ends; raise Refused if it is gone."""
    current = type(entry)._default_manager.select_for_update().filter(pk=entry.pk).first()
    if current is None:
        raise Refused(["It was deleted in the meantime. Copy your text before you leave."])
    return current


def check_seen(*, entry: VersionedModel, seen: int | None) -> None:
    """Raise Stale if the entry has a newer revision than ``seen``, at which a form was opened.

    Untracked changes get their revision first, which stays even if the form is refused.
    """
    with transaction.atomic():
        current = lock(entry)
        revisions.record_untracked_changes(current)
    refuse_if_stale(current, seen)
