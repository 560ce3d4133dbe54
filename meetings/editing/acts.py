"""Acts of people on one entry: save, submit, publish, withdraw, delete. Rules are in ``checks``.

Each act is one transaction that locks the row, joins a form with what others saved since, checks
and applies the change, and makes one revision. A refusal rolls all of it back.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ..models import Publishable, Redirect, Revision, VersionedModel
from ..tables.registry import TABLES_BY_MODEL
from ..tables.resources import row_cells
from . import notices, review, revisions
from .apply import apply_changes
from .changes import Attribution, EntryChange, with_cells
from .checks import check_changes, require_note, transition_problem
from .citations import complete_sources
from .conflicts import refuse_on_conflict
from .errors import Refused
from .joins import Edit, join_with_present, refuse_if_stale
from .permissions import require_permission
from .slug_lookup import SlugLookup
from .snapshots import Row, Snapshot, in_key_order

Act = Revision.Act
Status = Publishable.Status
REDIRECTS = TABLES_BY_MODEL[Redirect]


def save(
    *,
    entry: VersionedModel,
    after: Snapshot | Edit,
    user=None,
    seen=None,
    note="",
    kind="",
    was_wrong="",
):
    """Give an entry or reference with its parts another state.

    ``after`` is its snapshot as it is to be, or what was typed in a form. Returns the revision, or
    None for no change.
    """
    return perform(
        entry=entry,
        act=Act.SAVE,
        after=after,
        user=user,
        seen=seen,
        note=note,
        kind=kind,
        was_wrong=was_wrong,
    )


def publish(
    *,
    entry: Publishable,
    after: Snapshot | Edit | None = None,
    user=None,
    seen=None,
    note="",
    kind="",
    was_wrong="",
):
    """Publish an entry, with another state or as it is; the note is public and says why."""
    return perform(
        entry=entry,
        act=Act.PUBLISH,
        status=Status.PUBLISHED,
        after=after,
        user=user,
        seen=seen,
        note=note,
        kind=kind,
        was_wrong=was_wrong,
    )


@transaction.atomic
def submit(
    *, entry: Publishable, after: Snapshot | Edit | None = None, user=None, seen=None, note=""
):
    """Send a draft to review, with another state or as it is; the note is read at the desk."""
    status = Status.REVIEW
    revision = perform(
        entry=entry, act=Act.SUBMIT, status=status, after=after, user=user, seen=seen, note=note
    )
    notices.sent_to_review(entry, user, note)
    return revision


def withdraw(*, entry: Publishable, reason: str, user=None, seen=None):
    """Withdraw a published entry; its address answers 410 with the reason."""
    if not reason.strip():
        raise Refused(["Say why the entry is withdrawn. The reason is public."])
    return perform(
        entry=entry,
        act=Act.WITHDRAW,
        status=Status.WITHDRAWN,
        user=user,
        seen=seen,
        note=reason,
    )


@transaction.atomic
def back_to_draft(*, entry: Publishable, user=None, seen=None, note=""):
    """Make a draft of an entry, so that it can be edited further.

    The address of what was public answers 410, with the reason of the act that ended that. What
    another sent to review goes back to its writer, who is told the reason.
    """
    sent = review.last_sent(lock(entry))
    review.refuse_without_reason(sent, user, note)
    revision = perform(
        entry=entry, act=Act.DRAFT, status=Status.DRAFT, user=user, seen=seen, note=note
    )
    if sent and sent.made_by != user:
        notices.sent_back(entry, user, [sent.made_by], note)
    return revision


@transaction.atomic
def delete(*, entry: VersionedModel, user=None, seen=None) -> None:
    """Delete a row that was never public and that nothing uses; keep its last revision."""
    current = lock(entry)
    require_permission(user, "delete", current)
    before = revisions.record_untracked_changes(current)
    refuse_if_stale(current, seen)
    own = TABLES_BY_MODEL[type(current)]
    change = EntryChange(own, current.slug, current.pk, current.revision, before, {})
    apply_checked(change, Attribution(Act.DELETE, user))


@transaction.atomic
def save_redirect(*, redirect: Redirect, user=None) -> None:
    """Write a redirect, which has no revisions."""
    change = redirect_change(redirect, row_cells(REDIRECTS, redirect))
    apply_checked(change, Attribution(Act.SAVE, user))
    redirect.pk = change.pk


@transaction.atomic
def delete_redirect(*, redirect: Redirect, user=None) -> None:
    """Delete a redirect, unless a page of the record had its address."""
    apply_checked(redirect_change(redirect, None), Attribution(Act.DELETE, user))


def redirect_change(redirect: Redirect, cells: Row | None) -> EntryChange:
    """Return the change that gives a redirect other cells, or deletes it."""
    stored = Redirect.objects.select_for_update().filter(pk=redirect.pk).first()
    before, after = (
        {REDIRECTS.name: [row]} if row else {}
        for row in (row_cells(REDIRECTS, stored) if stored else None, cells)
    )
    pk = stored.pk if stored else None
    return EntryChange(REDIRECTS, redirect.old_path, pk, 0, before, after)


@transaction.atomic
def perform(
    *,
    entry: VersionedModel,
    act: str,
    after: Snapshot | Edit | None = None,
    status: str = "",
    user=None,
    seen: int | None = None,
    note: str = "",
    kind: str = "",
    was_wrong: str = "",
) -> Revision | None:
    """Give one entry another state, another status or both; return its revision, or None.

    Raises PermissionDenied, Stale or Refused, with nothing written. Id, slug, number and status
    are set on ``entry`` as they are then.
    """
    own = TABLES_BY_MODEL[type(entry)]
    before: Snapshot = {}
    number = 0
    current = None
    if entry.pk is None:
        require_permission(user, "add", entry)
    else:
        current = lock(entry)
        require_permission(user, "change", current)
        before = revisions.record_untracked_changes(current)
        number = current.revision
        if isinstance(current, Publishable) and status:
            refuse_transition(current, status)
        after = join_with_present(current, before, after, seen)
    state = after.snapshot if isinstance(after, Edit) else after or before
    if status:
        state = with_cells(own, state, status=status)
    state = complete_sources(own, in_key_order(state))
    change = EntryChange(own, state[own.name][0]["slug"], entry.pk, number, before, state)
    if not change.is_changed:
        return None
    if current and act == Act.SAVE and review.is_taken_back(current, user):
        state = with_cells(own, state, status=Status.DRAFT)
        change = EntryChange(own, change.slug, entry.pk, number, before, state)
    wrong = was_wrong.strip() if kind == Revision.Kind.CORRECTION else ""
    writer = review.required_writer(current, change.status, user)
    apply_checked(change, Attribution(act, user, note, kind, writer=writer, was_wrong=wrong))
    entry.pk, entry.slug, entry.revision = change.pk, change.slug, change.revision
    if isinstance(entry, Publishable):
        entry.status = change.status
    return Revision.objects.latest_of(entry)


def apply_checked(change: EntryChange, attribution: Attribution) -> None:
    """Check the change of one entry and apply it.

    Raises PermissionDenied or Refused; the caller's transaction is then to be rolled back.
    """
    lookup = refuse_faults(change, attribution)
    with refuse_on_conflict("Save again."):
        apply_changes(change.own, [change], attribution, lookup)


def refuse_faults(change: EntryChange, attribution: Attribution) -> SlugLookup:
    """Raise PermissionDenied or Refused for what speaks against a change; return the ids found."""
    lookup = SlugLookup()
    check_changes([change], lookup, attribution.user)
    if change.denied:
        raise PermissionDenied(change.denied)
    if change.problems:
        raise Refused.of(change.problems)
    if attribution.act != Act.DELETE:
        require_note(change, attribution)
    return lookup


def refuse_transition(current: Publishable, status: str) -> None:
    """Raise Refused if a stored entry cannot be given a status."""
    if problem := transition_problem(current.status, status):
        raise Refused([problem])


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
