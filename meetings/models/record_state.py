"""The state of the record: a mark that every change to it replaces."""

import random
import secrets

from django.db import models, transaction
from django.db.models import F

from . import outage

SLOTS = 8


class RecordStateQuerySet(models.QuerySet):
    def mark_changed(self, *, takes_out: bool = False) -> None:
        """Replace a mark, within the transaction of a change to the record.

        ``takes_out`` says that the change may end a publication. Transactions that go on side by
        side take slots of their own, so that none waits for another.
        """
        mark = secrets.token_hex(8)
        withdrawal = mark if takes_out else F("withdrawal")
        with transaction.atomic(using=self.db):
            self.filter(pk=self.free_slot()).update(mark=mark, withdrawal=withdrawal)
            if takes_out:
                transaction.on_commit(outage.forget, using=self.db)

    def free_slot(self) -> int:
        """Lock the first slot that no other transaction holds, and return its key."""
        slots = self.order_by("pk").values_list("pk", flat=True)
        free = slots.select_for_update(skip_locked=True).first()
        if free is not None:
            return free
        # A database that was emptied has none.
        rows = [self.model(pk=pk, mark=secrets.token_hex(8)) for pk in range(1, SLOTS + 1)]
        self.bulk_create(rows, ignore_conflicts=True)
        return slots.select_for_update().get(pk=random.randint(1, SLOTS))


class RecordState(models.Model):
    """One of eight slots with random marks, which together are the state of the record.

    Random, and not counted: a database that was restored from a backup never comes to a state again
    that another record had.
    """

    mark = models.CharField(max_length=16, help_text="Replaced by every change to the record.")
    withdrawal = models.CharField(
        max_length=16, blank=True, help_text="Replaced by a change that takes something out."
    )

    objects = RecordStateQuerySet.as_manager()

    class Meta:
        default_permissions = []

    def __str__(self):
        return self.mark
