"""Refusal of a write that conflicts with one that somebody else commits at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection

from .errors import Refused


@contextmanager
def refuse_on_conflict(what_to_do: str) -> Iterator[None]:
    """Raise Refused, ending with ``what_to_do``, where the database raises IntegrityError."""
    try:
        yield
        if connection.vendor == "postgresql":
            # Foreign keys are deferred to the end of the transaction: check them within the try.
            # On SQLite nobody else writes meanwhile.
            connection.check_constraints()
    except IntegrityError as error:
        text = f"Somebody saved or deleted one of these rows just now. {what_to_do}"
        raise Refused([text]) from error
