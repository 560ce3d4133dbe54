"""What is said where two people write the same rows at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection

from .errors import Refused


@contextmanager
def clashes_refused(what_to_do: str) -> Iterator[None]:
    """Raise Refused where somebody else adds or deletes a row at the same moment."""
    try:
        yield
        if connection.vendor == "postgresql":
            # It asks whether what is named is there only when all is done: now, not at the end of
            # the transaction. On SQLite nobody else writes meanwhile.
            connection.check_constraints()
    except IntegrityError as error:
        text = f"Somebody saved or deleted one of these rows just now. {what_to_do}"
        raise Refused([text]) from error
