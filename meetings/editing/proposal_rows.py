"""A proposal laid over the rows of its entry, of which a form is made; nothing stays written."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import OperationalError, connection, transaction

from ..models import Import, Proposal, RecordState, VersionedModel
from ..tables.registry import TABLES_BY_MODEL
from .acts import lock
from .changes import EntryChange
from .errors import Refused
from .proposals import proposed
from .slug_lookup import SlugLookup
from .snapshots import snapshot
from .writing import RowIds, write_changes

LOCK_WAIT_SECONDS = 2


@contextmanager
def laid_over(entry: VersionedModel, proposal: Proposal | None) -> Iterator[None]:
    """Lay a proposal over the rows of its entry; nothing stays written at the end of the block.

    Raises Refused where somebody else writes for longer than two seconds.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(short_wait())
            stack.enter_context(transaction.atomic())
            set_lock_timeout()
            current = lock(entry)
        except OperationalError as error:
            stack.close()
            raise Refused([who_is_writing()]) from error
        if proposal is not None:
            lay(current, proposal)
        yield
        transaction.set_rollback(True)


def lay(entry: VersionedModel, proposal: Proposal) -> None:
    """Write what an entry is to be into its rows, without a revision, within a transaction."""
    own = TABLES_BY_MODEL[type(entry)]
    present = snapshot(entry)
    state = proposed(own, proposal, present)
    change = EntryChange(own, entry.slug, entry.pk, entry.revision, present, state)
    ids = RowIds(own, [change], SlugLookup())
    for table in (own, *own.parts):
        write_changes(table, [change], ids)
    # Nothing that is remembered for a state of the record is to be made of these rows.
    RecordState.objects.mark_changed()


@contextmanager
def short_wait() -> Iterator[None]:
    """Wait for a lock of SQLite, which one writer has at a time, no longer than two seconds."""
    if connection.vendor != "sqlite":
        yield
        return
    seconds = connection.settings_dict["OPTIONS"]["timeout"]
    try:
        set_busy_timeout(LOCK_WAIT_SECONDS)
        yield
    finally:
        set_busy_timeout(seconds)


def set_busy_timeout(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def set_lock_timeout() -> None:
    """Let PostgreSQL wait for a row no longer than two seconds in this transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT_SECONDS}s'")


def who_is_writing() -> str:
    """Return the sentence that says who holds the lock, as far as that is known."""
    running = Import.objects.filter(state=Import.State.APPLYING).select_related("made_by").first()
    if running is None:
        return "Somebody else is saving at the moment. Try again."
    who = running.made_by or "the operator"
    return f"An import by {who} is being written at the moment ({running.name}). Try again later."
