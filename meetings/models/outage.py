"""What the database last answered, for the minutes in which it does not answer.

Each process remembers the state of the record that it last heard of. What all processes last heard
of is in the shared cache, so that none takes for current what another knows to be past.
"""

import logging
from datetime import date
from time import monotonic
from typing import Any, NamedTuple

from django.core.cache import caches
from django.utils import timezone

# The one limit of "never stale": so long after its last answer, what was current then is shown.
OUTAGE_SECONDS = 10 * 60
# A cache may lose what was shared.
SHARED_SECONDS = 60
SHARED_KEY = "state-of-record"

logger = logging.getLogger(__name__)


class LastAnswer(NamedTuple):
    state: Any
    day: date
    heard_at: float
    shared_at: float


last_answer: LastAnswer | None = None


def remember(state) -> None:
    """Keep the state that the database just gave; share it if it is new, and every minute."""
    global last_answer
    now, last = monotonic(), last_answer
    is_shared = last and last.state == state and now - last.shared_at < SHARED_SECONDS
    if not is_shared:
        share(state)
    shared_at = last.shared_at if last and is_shared else now
    last_answer = LastAnswer(state, timezone.now().date(), now, shared_at)


def share(state) -> None:
    try:
        caches["shared"].set(SHARED_KEY, state, None)
    # Without CACHE_URL it is a file, and its disk may be full.
    except OSError:
        logger.exception("The state of the record is not shared with other processes.")


def forget() -> None:
    """Let nobody take what was public for current, until the database is asked again."""
    share(None)


def before_outage() -> tuple[Any, date] | None:
    """Return the state and the day of the database's last answer, or None.

    None where it is too long ago, or not the last that any process had.
    """
    if last_answer is None or monotonic() - last_answer.heard_at > OUTAGE_SECONDS:
        return None
    shared = caches["shared"].get(SHARED_KEY)
    return (shared, last_answer.day) if shared else None
