"""The sample record as a whole: all its rows in one transaction, once for each seed."""

from collections import Counter
from random import Random

from django.db import transaction

from meetings.models import Meeting
from meetings.tables.registry import refresh_statistics

from . import entries, meetings, references
from .stage import Stage


class AlreadyMade(Exception):
    """The sample record of this seed is in the database."""


@transaction.atomic
def make_sample_record(*, number: int, seed: int) -> Counter[str]:
    """Write a record of ``number`` meetings and all around them; return the rows by table.

    The same seed makes the same rows on the same day. Raises AlreadyMade rather than write them
    a second time.
    """
    stage = Stage(rng=Random(seed), prefix=f"sample-{seed}", size=number)
    if Meeting.objects.filter(slug__startswith=f"{stage.prefix}-").exists():
        raise AlreadyMade(f"The sample record of seed {seed} is already there.")
    references.make(stage)
    entries.make_issues(stage)
    meetings.make(stage)
    entries.make_rest(stage)
    refresh_statistics()
    return stage.written
