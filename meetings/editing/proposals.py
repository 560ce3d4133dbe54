"""Proposals: changes of what is public, prepared beside it, and published by a three-way merge.

Nothing of a proposal is in the tables of the record until it is published. A form that edits one
is made of rows on which it is laid in a transaction that is rolled back (``proposal_rows``).
"""

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ..models import Proposal, Publishable, Revision, VersionedModel
from ..tables.registry import TABLES_BY_MODEL, Table
from . import notices, revisions
from .acts import apply_checked, lock
from .changes import Attribution, EntryChange, with_cells
from .checks import check_changes
from .citations import complete_sources
from .errors import Conflict, Refused, Stale
from .joins import Edit, Join
from .permissions import is_allowed, is_public, permission_problem, require_permission
from .review import SAY_WHY, refuse_alone
from .slug_lookup import SlugLookup
from .snapshots import (
    Snapshot,
    in_key_order,
    snapshot,
    with_present_columns,
    with_present_slugs,
)

Status = Proposal.Status
NOT_PUBLIC = "It is not public, so there is nothing beside which a change could be prepared."
GONE = (
    "The proposal was published or discarded meanwhile. Your text is kept below: save it to prepare"
    " a new one, or copy it before you leave."
)
LOOK_AGAIN = "It was changed since you looked at it. Look at what is shown now, then publish it."
SAYS_IT_ALREADY = "What is public says all of this already. Discard the proposal."


def proposal_of(entry: VersionedModel) -> Proposal | None:
    """Return the open change of an entry or reference, if it has one."""
    return Proposal.objects.of(entry).select_related("base", "made_by", "changed_by").first()


def may_see(user, entry: VersionedModel) -> bool:
    """Return whether ``user`` may read a row's proposal, and act on it short of publishing."""
    return not permission_problem(user, "change", type(entry))


def may_prepare(user, entry: VersionedModel) -> bool:
    """Return whether ``user`` may prepare a change of a row, which the public does not see."""
    return may_see(user, entry) and is_shown(entry)


def is_shown(entry: VersionedModel) -> bool:
    """Return whether a row is public, or scheduled to be; a reference, if it ever was."""
    if isinstance(entry, Publishable):
        return entry.status == Publishable.Status.PUBLISHED
    return is_public(entry)


@transaction.atomic
def save_proposal(
    *,
    entry: VersionedModel,
    after: Snapshot | Edit,
    user=None,
    seen: int,
    seen_revision: int,
    note: str = "",
    kind: str = "",
    was_wrong: str = "",
) -> Proposal | None:
    """Keep what an entry or reference is to be; return the proposal, or None if nothing differs.

    ``seen`` is the number of the proposal that the form showed, 0 for none, and ``seen_revision``
    that of the revision. Raises PermissionDenied, Stale or Refused, with nothing written.
    """
    current = lock(entry)
    require_prepared(current, user)
    own = TABLES_BY_MODEL[type(current)]
    present = revisions.record_untracked_changes(current)
    stored = proposal_of(current)
    if stored is None and seen:
        raise Refused([GONE])
    edit = after if isinstance(after, Edit) else Edit(after)
    state = edit.snapshot
    if stored and seen != stored.number:
        state = joined_with_stored(own, stored, edit, present)
    state = complete_sources(own, in_key_order(with_present_columns(own, state, present)))
    base = stored.base if stored else base_revision(current, seen_revision)
    check_prepared(own, current, base, state)
    if stored is None and state == with_present_columns(own, read(base.snapshot), present):
        return None
    words = {"note": note, "kind": kind, "was_wrong": was_wrong}
    if stored and state == proposed(own, stored, present) and stored.words == words:
        return stored
    return write(stored or Proposal(base=base, made_by=user), current, state, user, words)


def write(
    proposal: Proposal, entry: VersionedModel, state: Snapshot, user, words: dict[str, str]
) -> Proposal:
    """Store a proposal's next number; what a writer changes in review is a draft again."""
    if proposal.pk:
        proposal.number += 1
        is_reviewed = may_publish(user, entry) and proposal.status != Status.DRAFT
        if proposal.status != Status.DRAFT and not is_reviewed:
            # The line was for the reviewer; what a draft says is the reviewer's reason.
            proposal.message = ""
        set_status(proposal, Status.REVIEW if is_reviewed else Status.DRAFT)
    proposal.table, proposal.object_id = str(entry._meta.model_name), entry.pk
    proposal.snapshot, proposal.changed_by = state, user
    for name, text in words.items():
        setattr(proposal, name, text)
    proposal.save()
    return proposal


def base_revision(entry: VersionedModel, seen: int) -> Revision:
    """Return the revision that a form showed; the newest where it cannot be told."""
    found = Revision.objects.of(entry)
    return found.filter(number=seen or 1).first() or found[0]


def require_prepared(entry: VersionedModel, user) -> None:
    """Raise PermissionDenied or Refused unless ``user`` may prepare changes of a row."""
    if problem := permission_problem(user, "change", type(entry)):
        raise PermissionDenied(problem)
    if not is_shown(entry):
        raise Refused([NOT_PUBLIC])


def joined_with_stored(own: Table, stored: Proposal, edit: Edit, present: Snapshot) -> Snapshot:
    """Return what was typed joined with what another saved in the proposal meanwhile.

    What the proposal was when the form was opened is not kept: each cell that differs is asked
    about.
    """
    theirs = proposed(own, stored, present)
    join = Join(own, {}, edit, theirs)
    state = join.snapshot()
    if join.undecided:
        user, at = stored.changed_by, stored.changed_at
        who = (user.get_full_name() or user.get_username()) if user else "somebody"
        problem = (
            f"This proposal was changed by {who} at {at:%H:%M} UTC. Your text is kept below."
            " Compare, then save again."
        )
        raise Stale([problem], None, [], join.conflicts)
    return state


def previewed(*, entry: VersionedModel, after: Snapshot) -> Snapshot:
    """Return what the page of an entry shows once a form is saved as a draft of it.

    Raises Refused for what no entry can be.
    """
    own = TABLES_BY_MODEL[type(entry)]
    present = snapshot(entry) if entry.pk else {}
    state = with_present_columns(own, after, present) if present else after
    state = complete_sources(own, in_key_order(state))
    refuse_impossible(own, entry, present, state)
    return state


def check_prepared(own: Table, entry: VersionedModel, base: Revision, state: Snapshot) -> None:
    """Raise Refused for what no entry can be; the rules of publication are asked when it is."""
    before = with_present_columns(own, read(base.snapshot), state)
    refuse_impossible(own, entry, before, state)


def refuse_impossible(own: Table, entry: VersionedModel, before: Snapshot, after: Snapshot) -> None:
    """Raise Refused for what not even a draft can be."""
    if isinstance(entry, Publishable):
        draft = Publishable.Status.DRAFT
        before, after = (
            with_cells(own, each, status=draft) if each else each for each in (before, after)
        )
    change = EntryChange(own, entry.slug, entry.pk, entry.revision, before, after)
    check_changes([change], SlugLookup(), None)
    if change.problems:
        raise Refused.of(change.problems)


def read(state: Snapshot) -> Snapshot:
    """Return a stored snapshot with the slugs of today."""
    return with_present_slugs([state])[0]


def proposed(own: Table, proposal: Proposal, present: Snapshot) -> Snapshot:
    """Return what an entry is to be, at its present address, with the slugs of today."""
    return in_key_order(with_present_columns(own, read(proposal.snapshot), present))


@dataclass
class Merge:
    """A proposal merged with what was changed in public since its base; not yet checked."""

    proposal: Proposal
    entry: VersionedModel
    present: Snapshot
    choices: dict[str, str]

    @cached_property
    def join(self) -> Join:
        base = with_present_columns(self.own, read(self.proposal.base.snapshot), self.present)
        edit = Edit(proposed(self.own, self.proposal, self.present), choices=self.choices)
        return Join(self.own, base, edit, self.present)

    @property
    def own(self) -> Table:
        return TABLES_BY_MODEL[type(self.entry)]

    @cached_property
    def change(self) -> EntryChange:
        """The change of what is public; of undecided cells it takes those of the proposal."""
        after = complete_sources(self.own, in_key_order(self.join.snapshot()))
        entry = self.entry
        return EntryChange(self.own, entry.slug, entry.pk, entry.revision, self.present, after)

    @property
    def conflicts(self) -> list[Conflict]:
        """The cells that were changed on both sides."""
        return self.join.conflicts if self.change else []

    @property
    def undecided(self) -> list[Conflict]:
        """Those of them of which nobody chose a side."""
        return self.join.undecided if self.change else []


def merge(
    *, entry: VersionedModel, present: Snapshot, choices: dict[str, str] | None = None
) -> Merge:
    """Return what publishing an entry's proposal would do; raise Refused if it has none."""
    proposal = proposal_of(entry)
    if proposal is None:
        raise Refused([GONE])
    return Merge(proposal, entry, present, choices or {})


@transaction.atomic
def plan_proposal(*, entry: VersionedModel, user=None, choices=None) -> Merge:
    """Return what publishing an entry's proposal would do, with what speaks against it."""
    current = lock(entry)
    require_prepared(current, user)
    found = merge(
        entry=current, present=revisions.record_untracked_changes(current), choices=choices
    )
    check_changes([found.change], SlugLookup(), None)
    return found


@transaction.atomic
def publish_proposal(
    *,
    entry: VersionedModel,
    seen: int,
    seen_revision: int,
    user=None,
    note: str,
    kind: str = "",
    was_wrong: str = "",
    choices: dict[str, str] | None = None,
) -> Revision | None:
    """Publish an entry's proposal: one revision, and no proposal any more.

    Raises Stale if a cell that was changed on both sides is not chosen, Refused if it is not what
    was shown, with nothing written.
    """
    found = approved(entry, seen, seen_revision, user, choices)
    apply_checked(found.change, attribution(found.proposal, user, note, kind, was_wrong))
    found.proposal.delete()
    return Revision.objects.latest_of(found.entry)


def approved(
    entry: VersionedModel, seen: int, seen_revision: int, user, choices: dict[str, str] | None
) -> Merge:
    """Return what a user who may publish it was shown of a proposal, with the entry locked.

    Raises PermissionDenied, Stale or Refused.
    """
    current = lock(entry)
    require_permission(user, "change", current)
    require_prepared(current, user)
    present = revisions.record_untracked_changes(current)
    found = merge(entry=current, present=present, choices=choices)
    if (seen, seen_revision) != (found.proposal.number, current.revision):
        raise Refused([LOOK_AGAIN])
    refuse_alone(user, others_of(found.proposal, user))
    if found.undecided:
        raise Stale(["Choose for each cell that both changed."], None, [], found.conflicts)
    if not found.change.is_changed:
        raise Refused([SAYS_IT_ALREADY])
    return found


def others_of(proposal: Proposal, user) -> list:
    """Return who had a hand in a proposal besides ``user``, its first writer first."""
    return [one for one in (proposal.made_by, proposal.changed_by) if one and one != user]


def attribution(proposal: Proposal, user, note: str, kind: str, was_wrong: str) -> Attribution:
    """Return how the revision records who published a proposal, and who wrote it."""
    writer = next(iter(others_of(proposal, user)), None)
    wrong = was_wrong.strip() if kind == Revision.Kind.CORRECTION else ""
    return Attribution(Revision.Act.PROPOSAL, user, note, kind, writer=writer, was_wrong=wrong)


@transaction.atomic
def discard_proposal(*, entry: VersionedModel, seen: int, user=None) -> None:
    """Throw a proposal away; raise Refused if it is not the one that was seen."""
    locked(entry, seen, user).delete()


@transaction.atomic
def send_to_review(*, entry: VersionedModel, seen: int, user=None, message: str = "") -> Proposal:
    """Ask for a proposal to be published, with a line for who reviews it."""
    proposal = store_status(locked(entry, seen, user), Status.REVIEW, message)
    notices.sent_to_review(entry, user, proposal.message)
    return proposal


@transaction.atomic
def send_back(*, entry: VersionedModel, seen: int, user=None, message: str) -> Proposal:
    """Give a proposal back to its writer, with the reason."""
    require_permission(user, "change", lock(entry))
    if not message.strip():
        raise Refused([SAY_WHY])
    proposal = store_status(locked(entry, seen, user), Status.DRAFT, message)
    notices.sent_back(entry, user, others_of(proposal, user), proposal.message)
    return proposal


def set_status(proposal: Proposal, status: str) -> None:
    """Give a proposal a status in which it has no time."""
    proposal.status, proposal.publish_at, proposal.approved_by = status, None, None


def store_status(proposal: Proposal, status: str, message: str) -> Proposal:
    set_status(proposal, status)
    proposal.message = message.strip()
    proposal.save(update_fields=["status", "publish_at", "approved_by", "message"])
    return proposal


def locked(entry: VersionedModel, seen: int, user) -> Proposal:
    """Return an entry's proposal, with the entry locked; raise Refused unless it was seen."""
    current = lock(entry)
    if problem := permission_problem(user, "change", type(current)):
        raise PermissionDenied(problem)
    proposal = proposal_of(current)
    if proposal is None:
        raise Refused([GONE])
    if proposal.number != seen:
        raise Refused([LOOK_AGAIN])
    return proposal


def may_publish(user, entry: VersionedModel) -> bool:
    """Return whether ``user`` may change a row in public."""
    return is_allowed(user, "change", entry)
