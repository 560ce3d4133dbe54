"""Proposals that wait for a time: the worker publishes them then, as those who approved them."""

import logging
from datetime import datetime

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ..models import Proposal, Revision, VersionedModel
from . import notices
from .acts import lock, refuse_faults
from .errors import Refused
from .permissions import require_permission
from .proposals import (
    Status,
    approved,
    attribution,
    locked,
    proposal_of,
    publish_proposal,
    store_status,
)

IS_PAST = "Choose a time that is still to come, or publish it now."

logger = logging.getLogger(__name__)


@transaction.atomic
def schedule_proposal(
    *,
    entry: VersionedModel,
    publish_at: datetime,
    seen: int,
    seen_revision: int,
    user=None,
    note: str,
    kind: str = "",
    was_wrong: str = "",
    choices: dict[str, str] | None = None,
) -> Proposal:
    """Give a proposal a time; what is decided of it now is decided then.

    What is public now becomes its base: only what is changed in public from now on is merged, and
    may come into conflict. Raises what publishing it now would raise.
    """
    if publish_at <= timezone.now():
        raise Refused([IS_PAST])
    found = approved(entry, seen, seen_revision, user, choices)
    proposal = found.proposal
    refuse_faults(found.change, attribution(proposal, user, note, kind, was_wrong))
    proposal.base = Revision.objects.of(found.entry)[0]
    proposal.snapshot = found.change.after
    proposal.number += 1
    proposal.note, proposal.kind, proposal.was_wrong = note, kind, was_wrong
    proposal.status, proposal.publish_at, proposal.approved_by = Status.SCHEDULED, publish_at, user
    proposal.message = ""
    proposal.save()
    return proposal


@transaction.atomic
def unschedule_proposal(*, entry: VersionedModel, seen: int, user=None) -> Proposal:
    """Take a proposal's time away; it is in review again."""
    require_permission(user, "change", lock(entry))
    return store_status(locked(entry, seen, user), Status.REVIEW, "")


def publish_next_due() -> bool:
    """Publish the proposal whose time came first; return whether there was one.

    What cannot be published stays, with the reason, and is not tried again by itself.
    """
    due = Proposal.objects.due().select_related("approved_by").first()
    if due is None:
        return False
    entry = entry_of(due)
    try:
        if entry is None:
            raise Refused(["It was deleted."])
        publish_due(entry, due)
    except (Refused, PermissionDenied) as refusal:
        keep_refusal(due, entry, str(refusal))
    return True


@transaction.atomic
def publish_due(entry: VersionedModel, due: Proposal) -> None:
    """Publish a scheduled proposal as the one who approved it."""
    stored = proposal_of(entry)
    if stored is None or (stored.pk, stored.number) != (due.pk, due.number):
        return
    revision = type(entry)._default_manager.select_for_update().get(pk=entry.pk).revision
    publish_proposal(
        entry=entry,
        seen=due.number,
        seen_revision=revision,
        user=due.approved_by,
        note=due.note,
        kind=due.kind,
        was_wrong=due.was_wrong,
    )


def entry_of(proposal: Proposal) -> VersionedModel | None:
    """Return the row that a proposal is to change, or None if it is gone."""
    model = apps.get_model("meetings", proposal.table)
    return model._default_manager.filter(pk=proposal.object_id).first()


@transaction.atomic
def keep_refusal(due: Proposal, entry: VersionedModel | None, reason: str) -> None:
    """Keep why a proposal was not published at its time, unless it was changed meanwhile."""
    stored = Proposal.objects.due().select_for_update().filter(pk=due.pk, number=due.number).first()
    if stored is None:
        return
    message = f"Not published on {due.publish_at:%Y-%m-%d, %H:%M} UTC: {reason}"
    people = [due.approved_by, stored.made_by, stored.changed_by]
    store_status(stored, Status.REFUSED, message)
    logger.warning("A scheduled change of %s was refused: %s", due.base.slug, reason)
    if entry:
        notices.not_published(entry, people, message)
