"""Progress of the work on an import, reported about once a second, and requests to stop it.

While a file is looked at or planned, both stand in the import's row, whose lease a report renews.
While a plan is applied, one transaction locks that row, so they go through the cache that all
processes share.
"""

from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from django.core.cache import caches

from ..models import Import
from . import leases
from .leases import Stopped

REPORT_INTERVAL_SECONDS = 1.0
CACHE_SECONDS = 3_600
T = TypeVar("T")


class ProgressReporter:
    """Counts rows that were gone through, and reports to nobody: the base of the other reporters.

    Iterating over its ``batches`` or ``rows`` raises Stopped where the work is to stop, and
    LeaseLost where another worker does it.
    """

    def __init__(self) -> None:
        self.done = 0
        self.reported_at = 0.0

    def batches(self, found: Iterable[list[T]]) -> Iterator[list[T]]:
        """Yield batches, and count the rows in each."""
        for batch in found:
            yield batch
            self.add(len(batch))

    def rows(self, found: Iterable[T]) -> Iterator[T]:
        """Yield rows, and count them."""
        for row in found:
            yield row
            self.add(1)

    def restart(self) -> None:
        """Count from zero again, for another pass over the rows."""
        self.done = 0

    def add(self, number: int = 0) -> None:
        """Count rows; none where a step has no rows yet, but may take a while."""
        self.done += number
        if monotonic() - self.reported_at >= REPORT_INTERVAL_SECONDS:
            self.reported_at = monotonic()
            self.report()

    def report(self) -> None:
        """Report the number of rows done; raise Stopped if somebody stopped the work."""


class PlanningReporter(ProgressReporter):
    """Reports the progress of a file being looked at or planned, in the import's row."""

    def __init__(self, imported: Import):
        super().__init__()
        self.imported = imported

    def report(self) -> None:
        leases.renew(self.imported, done=self.done)


class ApplyingReporter(ProgressReporter):
    """Reports the progress of a plan being applied, or of an undo, in the shared cache."""

    def __init__(self, imported: Import):
        super().__init__()
        self.pk = imported.pk

    def report(self) -> None:
        shared = caches["shared"]
        shared.set(done_key(self.pk), self.done, CACHE_SECONDS)
        if shared.get(stop_key(self.pk)):
            raise Stopped


def done_key(pk: int) -> str:
    return f"import-{pk}-done"


def stop_key(pk: int) -> str:
    return f"import-{pk}-stop"


def rows_done(imported: Import) -> int:
    """Return how many rows were gone through so far."""
    if imported.state == Import.State.APPLYING:
        return caches["shared"].get(done_key(imported.pk), 0)
    return imported.done


def request_stop(imported: Import) -> None:
    """Ask the process that applies an import to stop."""
    caches["shared"].set(stop_key(imported.pk), True, CACHE_SECONDS)


def clear(imported: Import) -> None:
    """Delete an import's reported progress, and the request to stop it."""
    caches["shared"].delete_many([done_key(imported.pk), stop_key(imported.pk)])
