"""The files of a large record, made ahead by the worker after the record changed.

Of several workers one makes one, and none makes one all the time: after a change that takes nothing
out of public, the former one is given for ten times as long as it takes to make another.
"""

from time import monotonic

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from ...models import PublicPackage, PublicPackagePart
from ...models.public_state import PublicState, public_state
from .public_files import FORMATS, build_file, is_large

RESTS = 10
CLAIM = "package:making"
# A worker that was killed holds up the next one for so long.
CLAIM_SECONDS = 60


def make_ahead() -> bool:
    """Make the next file of the public record that is due; return whether any was."""
    state = public_state()
    ending = next_due(state)
    if ending is None or not caches["shared"].add(CLAIM, True, CLAIM_SECONDS):
        return False
    try:
        # Another worker may have made it since we looked.
        if not is_due(ending, state):
            return False
        store(ending, state)
        return True
    finally:
        caches["shared"].delete(CLAIM)


def next_due(state: PublicState) -> str | None:
    """Return the ending of the first file that is due, or None."""
    return next((ending for ending in FORMATS if is_due(ending, state)), None)


def is_due(ending: str, state: PublicState) -> bool:
    """Return whether a file of a large record is of another state, and was not made just now."""
    last = PublicPackage.objects.filter(ending=ending).order_by("pk").last()
    if (last and last.state == state.changes) or not is_large():
        return False
    if last is None or last.withdrawals != state.withdrawals:
        return True
    return (timezone.now() - last.made_at).total_seconds() > RESTS * last.seconds


def store(ending: str, state: PublicState) -> None:
    """Make a file, and put it in the place of the last one."""
    began = monotonic()
    made = build_file(ending, state)
    with transaction.atomic():
        package = PublicPackage.objects.create(
            ending=ending,
            state=state.changes,
            withdrawals=state.withdrawals,
            size=made.size,
            digest=made.digest,
            made_at=timezone.now(),
            seconds=monotonic() - began,
        )
        for content in made.chunks(0, made.size):
            PublicPackagePart.objects.create(package=package, content=content)
        PublicPackage.objects.filter(ending=ending).exclude(pk=package.pk).delete()
