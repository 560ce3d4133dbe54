"""The whole sample record, written in one transaction, once for each seed."""

from collections import Counter
from random import Random

from django.db import transaction

from meetings.models import Meeting
from meetings.tables.registry import refresh_statistics

from . import entries, meetings, references
from .builder import SampleBuilder


class SampleExists(Exception):
    """The sample record of this seed is in the database."""


@transaction.atomic
def make_sample_record(*, number: int, seed: int) -> Counter[str]:
    """Write ``number`` meetings and all other rows; return the number of rows by table.

    The same seed makes the same rows on the same day. Raises SampleExists if they are there.
    """
    builder = SampleBuilder(rng=Random(seed), prefix=f"sample-{seed}", size=number)
    if Meeting.objects.filter(slug__startswith=f"{builder.prefix}-").exists():
        raise SampleExists(f"The sample record of seed {seed} is already there.")
    references.make_references(builder)
    entries.make_issues(builder)
    meetings.make_meetings(builder)
    entries.make_other_entries(builder)
    refresh_statistics()
    return builder.written
