"""Errors of commands, one sentence and exit code 1; and the user as whom one acts."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError
from django.db import OperationalError

from meetings.editing.errors import Refused


@contextmanager
def errors_as_command_error(nothing: str) -> Iterator[None]:
    """Raise CommandError for a refusal or a busy database; ``nothing`` begins its message."""
    try:
        yield
    except (Refused, PermissionDenied) as refusal:
        raise CommandError(f"{nothing} {refusal}") from refusal
    except OperationalError as error:
        reason = str(error).partition("\n")[0]
        raise CommandError(
            f"{nothing} The database was busy for too long, or did not answer: {reason}. Try again."
        ) from error


def acting_user(name: str | None):
    """Return the user of a name, with whose rights a command acts; None, for no name, may all."""
    if name is None:
        return None
    found = get_user_model().objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no user {name}.")
    return found
