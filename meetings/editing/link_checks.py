"""What the addresses of sources answered: kept for the desk, and told in public once it is sure."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from ..models import LinkCheck, RecordState, Source

State = LinkCheck.State


@dataclass(frozen=True)
class Answer:
    """What an address answered: ``target`` is where it leads to for good, if elsewhere."""

    state: str
    status: int | None = None
    target: str = ""


@transaction.atomic
def keep_check(source: Source, answer: Answer) -> LinkCheck:
    """Keep what the address of a source answered; what is certainly gone is told in public."""
    now = timezone.now()
    check = LinkCheck.objects.select_for_update().filter(source=source).first()
    check = check or LinkCheck(source=source)
    is_still_gone = answer.state == State.GONE and check.address == source.url
    first = check.gone_since if is_still_gone else None
    check.gone_since = (first or now) if answer.state == State.GONE else None
    check.address, check.checked_at = source.url, now
    check.state, check.status, check.target = answer.state, answer.status, answer.target
    check.save()
    if answer.state != State.UNCLEAR:
        tell(source, source.url if check.is_certainly_gone else "")
    return check


def tell(source: Source, gone_address: str) -> None:
    """Let the pages say at which address a source is no longer, or that it answers again."""
    told = Source.objects.filter(pk=source.pk).exclude(gone_address=gone_address)
    if told.update(gone_address=gone_address):
        RecordState.objects.mark_changed()
