"""The name by which an editor chose to be named in public."""

from django.db import transaction

from ..models import PublicName, RecordState


@transaction.atomic
def choose_public_name(*, user, name: str) -> None:
    """Name a user in public beside each of their changes; with an empty name, nowhere any more."""
    PublicName.objects.filter(user=user).delete()
    if name.strip():
        PublicName.objects.create(user=user, name=name)
    # Public pages have it, or have it no longer.
    RecordState.objects.mark_changed(takes_out=True)
