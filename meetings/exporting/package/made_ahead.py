"""The zip of a large record, made ahead by the worker after the record changed.

Of several workers one makes it, and none makes it all the time: after a change that takes nothing
out of public, the former one is given for ten times as long as it takes to make another.
"""

from time import monotonic

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from ...models import PublicPackage, PublicPackagePart
from ...models.public_state import PublicState, public_state
from .zip_cache import build_zip, is_large

RESTS = 10
CLAIM = "package:making"
# A worker that was killed holds up the next one for so long.
CLAIM_SECONDS = 60


def make_ahead() -> bool:
    """Make the zip of the public record if that is due; return whether it was."""
    state = public_state()
    if not is_due(state) or not caches["shared"].add(CLAIM, True, CLAIM_SECONDS):
        return False
    try:
        # Another worker may have made it since we looked.
        if is_due(state):
            store(state)
            return True
        return False
    finally:
        caches["shared"].delete(CLAIM)


def is_due(state: PublicState) -> bool:
    """Return whether the zip of a large record is of another state, and was not made just now."""
    last = PublicPackage.objects.order_by("pk").last()
    if (last and last.state == state.changes) or not is_large():
        return False
    if last is None or last.withdrawals != state.withdrawals:
        return True
    return (timezone.now() - last.made_at).total_seconds() > RESTS * last.seconds


def store(state: PublicState) -> None:
    """Make the zip, and put it in the place of the last one."""
    began = monotonic()
    made = build_zip(state)
    with transaction.atomic():
        package = PublicPackage.objects.create(
            state=state.changes,
            withdrawals=state.withdrawals,
            size=made.size,
            digest=made.digest,
            made_at=timezone.now(),
            seconds=monotonic() - began,
        )
        for content in made.chunks(0, made.size):
            PublicPackagePart.objects.create(package=package, content=content)
        PublicPackage.objects.exclude(pk=package.pk).delete()
