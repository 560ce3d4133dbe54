"""How far the work on an import is, told while it goes on, and whether somebody stopped it.

While a plan is made, both stand in the database. While it is carried out, one transaction holds
the import's row, so that what is told goes through the cache that all processes share.
"""

from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from django.core.cache import caches
from django.utils import timezone

from ..models import Import

EVERY = 1.0
KEPT = 3_600
T = TypeVar("T")


class Stopped(Exception):
    """Somebody stopped the work; whoever does it leaves nothing behind."""


class Watch:
    """Nobody waits for it: the work goes on to its end."""

    def __init__(self) -> None:
        self.done = 0
        self.told_at = 0.0

    def batches(self, found: Iterable[list[T]]) -> Iterator[list[T]]:
        """Yield batches, and tell how many rows were in them; raises Stopped in between."""
        for batch in found:
            yield batch
            self.add(len(batch))

    def rows(self, found: Iterable[T]) -> Iterator[T]:
        """Yield rows, and tell how many there were; raises Stopped in between."""
        for row in found:
            yield row
            self.add(1)

    def again(self) -> None:
        """Begin to count anew: the rows are gone through once more."""
        self.done = 0

    def add(self, number: int) -> None:
        self.done += number
        if monotonic() - self.told_at >= EVERY:
            self.told_at = monotonic()
            self.tell()

    def tell(self) -> None:
        """Tell how far it is; raise Stopped if somebody wants no more of it."""


class Planning(Watch):
    """A plan being made by one who waits for it."""

    def __init__(self, imported: Import):
        super().__init__()
        self.imported = imported

    def tell(self) -> None:
        mine = Import.objects.filter(pk=self.imported.pk, state=Import.State.PLANNING)
        if not mine.update(done=self.done, beat_at=timezone.now()):
            raise Stopped


class Carrying(Watch):
    """A plan being carried out, or an import being taken back."""

    def __init__(self, imported: Import):
        super().__init__()
        self.pk = imported.pk

    def tell(self) -> None:
        shared = caches["shared"]
        shared.set(done_key(self.pk), self.done, KEPT)
        if shared.get(stop_key(self.pk)):
            raise Stopped


def done_key(pk: int) -> str:
    return f"import-{pk}-done"


def stop_key(pk: int) -> str:
    return f"import-{pk}-stop"


def done(imported: Import) -> int:
    """Return how many rows were gone through so far."""
    if imported.state == Import.State.APPLYING:
        return caches["shared"].get(done_key(imported.pk), 0)
    return imported.done


def ask_to_stop(imported: Import) -> None:
    """Ask whoever carries an import out to stop."""
    caches["shared"].set(stop_key(imported.pk), True, KEPT)


def forget(imported: Import) -> None:
    """Take back what was told of an import, and a wish to stop it."""
    caches["shared"].delete_many([done_key(imported.pk), stop_key(imported.pk)])
