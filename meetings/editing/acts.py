"""The acts by which people change the record; what must be true first is in ``checks``.

Every act is one transaction: the row is locked, a form opened before somebody else's save is
refused, everything is written, the list of sources completed, the publish gate asked, and one
revision made. A refusal rolls all of it back.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction

from ..models import Publishable, Redirect, Revised, Revision
from ..search import index
from . import citations, revisions
from .checks import (
    redirect_old_address,
    refuse_if_stale,
    refuse_transition,
    refuse_unpublishable,
    require_permission,
    used_by,
    was_public,
)
from .conflicts import clashes_refused
from .errors import Refused

Act = Revision.Act
Status = Publishable.Status


def save(*, entry: Revised, write: Callable, user=None, seen=None, note="", kind=""):
    """Write an entry or reference with its parts; return the revision, or None for no change."""
    return perform(
        entry=entry, act=Act.SAVE, write=write, user=user, seen=seen, note=note, kind=kind
    )


def publish(
    *, entry: Publishable, write: Callable | None = None, user=None, seen=None, note="", kind=""
):
    """Write the entry and make it public, once it passes the gate; the note says why."""
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
    """Write a draft and offer it for review."""
    return change_status(entry, Status.REVIEW, Act.SUBMIT, write=write, user=user, seen=seen)


def withdraw(*, entry: Publishable, reason: str, user=None, seen=None):
    """Take a published entry from the public; its address answers with the reason from now on."""
    if not reason.strip():
        raise Refused(["Say why the entry is withdrawn. The reason is public."])
    return change_status(entry, Status.WITHDRAWN, Act.WITHDRAW, user=user, seen=seen, note=reason)


def back_to_draft(*, entry: Publishable, user=None, seen=None, note=""):
    """Take an entry out of the public, or out of review, to be written on."""
    return change_status(entry, Status.DRAFT, Act.DRAFT, user=user, seen=seen, note=note)


@transaction.atomic
def delete(*, entry: Revised, user=None, seen=None) -> None:
    """Delete what was never public and nothing uses; its last state is kept as a revision."""
    current = lock(entry)
    require_permission(user, "delete", current)
    state = revisions.catch_up(current)
    refuse_if_stale(current, seen)
    if was_public(current):
        raise Refused(["It was public. Withdraw it: its address then gives the reason."])
    if users := used_by(current):
        raise Refused([f"It is used by {', '.join(users)}. Change those first."])
    revisions.record(current, state=state, act=Act.DELETE, user=user)
    index.remove(type(current), [current.pk])
    Redirect.objects.filter(new_path=current.get_absolute_url()).delete()
    current.delete()


def change_status(entry, status, act, *, write=None, **details):
    """Perform an act that gives the entry another status."""

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
    """Carry out an act on one entry; return its revision, or None if no row changed.

    Raises PermissionDenied, Stale or Refused, with nothing written.
    """
    before: revisions.Snapshot = {}
    if entry.pk is None:
        require_permission(user, "add", entry)
    else:
        current = lock(entry)
        require_permission(user, "change", current)
        before = revisions.catch_up(current)
        refuse_if_stale(current, seen)
        if status:
            refuse_transition(current, status, note, user)
        entry.revision = current.revision
    try:
        with clashes_refused("Save again."):
            write()
            citations.complete(type(entry), [entry.pk])
    except ValidationError as error:
        raise Refused(error.messages) from error
    after = revisions.snapshot(entry)
    if after == before:
        return None
    written = type(entry)._default_manager.get(pk=entry.pk)
    require_permission(user, "change" if before else "add", written)
    redirect_old_address(written, before)
    refuse_unpublishable(written, note, user)
    return revisions.record(entry, state=after, act=act, user=user, note=note, kind=kind)


def lock(entry: Revised) -> Revised:
    """Return the row as it is now, locked until the transaction ends."""
    current = type(entry)._default_manager.select_for_update().filter(pk=entry.pk).first()
    if current is None:
        raise Refused(["It was deleted in the meantime. Copy your text before you leave."])
    return current


def check_seen(*, entry: Revised, seen: int | None) -> None:
    """Raise Stale if a form opened at revision ``seen`` is so no longer, before it is read.

    What came in otherwise than by an act gets its revision first, and keeps it.
    """
    with transaction.atomic():
        current = lock(entry)
        revisions.catch_up(current)
    refuse_if_stale(current, seen)
