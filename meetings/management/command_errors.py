"""The last words of a command that did not do what it was asked: a sentence, and exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError
from django.db import OperationalError

from meetings.editing.errors import Refused


@contextmanager
def told(nothing: str) -> Iterator[None]:
    """Say why something was not done, after words that nothing was."""
    try:
        yield
    except (Refused, PermissionDenied) as refusal:
        raise CommandError(f"{nothing} {refusal}") from refusal
    except OperationalError as error:
        reason = str(error).partition("\n")[0]
        raise CommandError(
            f"{nothing} The database was busy for too long, or did not answer: {reason}. Try again."
        ) from error
