"""The state of the public record, and a cache of values that lasts until it changes."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from . import outage
from .publication import Publication
from .record_state import RecordState

T = TypeVar("T")

# Written out, because every request for a public page asks this and little else: putting the same
# query together anew takes longer than its answer. The cost does not grow with the record: eight
# rows, and the end of an index.
STATE_QUERY = f"""
    SELECT mark, withdrawal,
        (SELECT MAX(since) FROM {Publication._meta.db_table} WHERE since <= %s)
    FROM {RecordState._meta.db_table} ORDER BY id
"""


class PublicState(NamedTuple):
    """``changes`` is a text that is different after every public change, ``withdrawals`` one that
    is different after every change that took something out of public."""

    changes: str
    withdrawals: str


def public_state() -> PublicState:
    """Return the state of the public record as it is committed now.

    Every act replaces a mark, also one that is committed late. A scheduled entry becomes public
    without an act: the latest beginning of a publication that has passed shows that. A database
    without marks is in a different state every time.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(STATE_QUERY, [now])
        rows: list[Any] = cursor.fetchall() or [(uuid4(), uuid4(), "")]
    marks, withdrawals, due = zip(*rows, strict=True)
    state = PublicState(f"{' '.join(map(str, marks))} {due[0]}", " ".join(map(str, withdrawals)))
    outage.remember(state)
    return state


def cached_until_change(make: Callable[[], T], *parts) -> T:
    """Return what ``make`` returns, from this process's memory until the public record changes."""
    values = caches["values"]
    # The state is read first: if the record changes meanwhile, the next reader has another key.
    key = sha256(repr((*parts, public_state().changes)).encode()).hexdigest()
    if (found := values.get(key)) is None:
        found = make()
        values.set(key, found)
    return found
