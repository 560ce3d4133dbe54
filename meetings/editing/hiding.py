"""Hiding one revision from the public, with a public reason, and showing it again.

Its page, its changes and what lists it then say only that; at the desk it stays readable.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ..models import RecordState, Revision
from .errors import Refused

HIDE_PERMISSION = "meetings.hide_revision"


@transaction.atomic
def hide_revision(*, revision: Revision, reason: str, user=None) -> None:
    """Hide a revision that is not the newest; raise Refused or PermissionDenied."""
    require_right(user)
    if not reason.strip():
        raise Refused(["Say why the revision is hidden. The reason is public."])
    newest = Revision.objects.filter(table=revision.table, object_id=revision.object_id)
    if newest.filter(number__gt=revision.number).first() is None:
        raise Refused(["It is the newest revision: change the entry first, then hide this one."])
    keep_hidden(revision, reason.strip(), user)


@transaction.atomic
def show_revision(*, revision: Revision, user=None) -> None:
    """Show a hidden revision again; raise PermissionDenied."""
    require_right(user)
    keep_hidden(revision, "", user)


def require_right(user) -> None:
    """Raise PermissionDenied unless ``user`` may hide; None is the operator."""
    if user is not None and not user.has_perm(HIDE_PERMISSION):
        raise PermissionDenied("You may not hide revisions.")


def keep_hidden(revision: Revision, reason: str, user) -> None:
    revision.hidden_because, revision.hidden_at, revision.hidden_by = reason, timezone.now(), user
    revision.save(update_fields=["hidden_because", "hidden_at", "hidden_by"])
    RecordState.objects.mark_changed(takes_out=True)
