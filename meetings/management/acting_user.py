"""The user as whom a command acts: the one that is named, or the operator of the machine."""

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError


def acting_user(name: str | None):
    """Return the user of a name, with whose rights a command acts; None, for no name, may all."""
    if name is None:
        return None
    found = get_user_model().objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no user {name}.")
    return found
