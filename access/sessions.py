"""The session engine: rows that know their account and device, an end if idle and one in any case.

A session is seen at most every few minutes, by one statement that waits for nobody.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone

from .models import DeskSession

SEEN_EVERY_SECONDS = 5 * 60
# A writer may hold SQLite for as long as an import takes.
LOCK_TIMEOUT_MILLISECONDS = 100

logger = logging.getLogger(__name__)


class SessionStore(DatabaseSessions):
    @classmethod
    def get_model_class(cls):
        return DeskSession

    def _get_session_from_db(self):
        # A private name of Django's; without it the test of idle sessions fails.
        session = super()._get_session_from_db()
        if session and (timezone.now() - session.seen_at).total_seconds() > SEEN_EVERY_SECONDS:
            keep_seen(session)
        return session

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        session.seen_at = timezone.now()
        session.began_at = began_at(data)
        session.expire_date = idle_end(session)
        session.user_id = data.get(SESSION_KEY)
        session.device, session.network = data.get("device", ""), data.get("network", "")
        return session


def began_at(data: dict) -> datetime:
    """Return when a session began, by what it holds: signing in notes it."""
    if seconds := data.get("began_at"):
        return datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())
    return timezone.now()


def idle_end(session: DeskSession) -> datetime:
    """Return when a session ends if nobody comes: idle, or by its age."""
    idle = session.seen_at + timedelta(hours=settings.SESSION_IDLE_HOURS)
    return min(idle, session.began_at + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def keep_seen(session: DeskSession) -> None:
    """Write that a session is in use, unless the database is held by a writer or takes nothing."""
    if not cache.add(f"seen:{session.session_key}", 1, SEEN_EVERY_SECONDS):
        return
    session.seen_at = timezone.now()
    session.expire_date = idle_end(session)
    values = {"seen_at": session.seen_at, "expire_date": session.expire_date}
    try:
        with short_wait():
            DeskSession.objects.filter(pk=session.pk).update(**values)
    except DatabaseError:
        logger.warning("A session in use could not be marked as seen.", exc_info=True)


class short_wait:
    """Wait for a lock of SQLite no longer than a moment, within the block."""

    def __enter__(self):
        self.set(LOCK_TIMEOUT_MILLISECONDS)

    def __exit__(self, *raised):
        self.set(1000 * settings.DATABASES["default"].get("OPTIONS", {}).get("timeout", 5))

    def set(self, milliseconds: int) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
