"""Leases: who works on an import, so that no two do, and none that was left is left for ever.

Whoever takes an import writes a token of their own into its row, and renews it every few seconds,
from a thread where the work itself cannot. Nobody takes an import over while its lease lasts. Who
lost one finds another token there, and stops before the next write. Where one transaction applies
a plan, its row is locked, which holds it as surely.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from uuid import uuid4

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ..models import Import
from ..models.imports import WORKING_STATES

State = Import.State
LEASE_SECONDS = 30
HEARTBEAT_SECONDS = 4.0
# More beginnings than this, and the work ends by itself each time: a kill, or want of memory.
MOST_ATTEMPTS = 5
# The values of an import that waits for a worker.
WAITING = {"held_by": "", "held_until": None, "attempts": 0}


class Stopped(Exception):
    """Somebody stopped the work; nothing of it may be left in the record."""


class LeaseLost(Exception):
    """Another worker took the import over: nothing more may be written."""


def free() -> QuerySet[Import]:
    """Return the imports that wait for a worker, or were left half made by one that ended."""
    waiting = Q(held_until=None, state__in=WORKING_STATES)
    left = Q(held_until__lt=timezone.now(), state__in=(State.LOOKING, State.PLANNING))
    return Import.objects.filter(waiting | left)


def interrupted() -> QuerySet[Import]:
    """Return the imports whose lease ended before they were applied.

    One whose row is locked is still being applied.
    """
    return Import.objects.filter(state=State.APPLYING, held_until__lt=timezone.now())


def take(imported: Import, found: QuerySet[Import], **values) -> bool:
    """Take the lease of an import if it is still among those found; return whether it was."""
    token, until = uuid4().hex, lease_end()
    taken = found.filter(pk=imported.pk).update(
        held_by=token, held_until=until, attempts=F("attempts") + 1, **values
    )
    if taken:
        imported.held_by, imported.held_until = token, until
        for name, value in values.items():
            setattr(imported, name, value)
    return bool(taken)


def lease_end():
    return timezone.now() + timedelta(seconds=LEASE_SECONDS)


def own(imported: Import) -> QuerySet[Import]:
    """Return the row of an import, or nothing if its lease is no longer ours."""
    return Import.objects.filter(pk=imported.pk, held_by=imported.held_by)


def renew(imported: Import, **values) -> None:
    """Renew the lease of an import that is looked at or planned; raise Stopped or LeaseLost."""
    mine = own(imported).filter(state__in=WORKING_STATES)
    if not mine.update(held_until=lease_end(), **values):
        raise reason_to_end(imported)


@contextmanager
def writing(imported: Import) -> Iterator[None]:
    """Write in one transaction, in which nobody can take the lease; raise Stopped or LeaseLost.

    SQLite has one writer at a time, PostgreSQL locks the row.
    """
    with transaction.atomic():
        mine = own(imported).filter(state__in=WORKING_STATES).select_for_update()
        if not mine.values_list("pk", flat=True).first():
            raise reason_to_end(imported)
        yield


def reason_to_end(imported: Import) -> Exception:
    """Return why the work on an import cannot go on."""
    return Stopped() if own(imported).exists() else LeaseLost()


def release(imported: Import) -> None:
    """Let an import wait for a worker again."""
    own(imported).update(held_by="", held_until=None)


@contextmanager
def kept(imported: Import) -> Iterator[None]:
    """Renew a lease from a thread meanwhile, with a connection of its own."""
    ended = Event()
    thread = Thread(target=keep_alive, args=[imported, ended], daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def keep_alive(imported: Import, ended: Event) -> None:
    """Renew a lease every few seconds until the work ends, or the lease is lost."""
    try:
        while not ended.wait(HEARTBEAT_SECONDS):
            try:
                renew(imported)
            except DatabaseError:
                # SQLite has another writer, or the database is away: the next time may do.
                connection.close()
            except (Stopped, LeaseLost):
                return
    finally:
        connection.close()
