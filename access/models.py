"""What access to the desk is decided by."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.crypto import salted_hmac


class SignInAttempt(models.Model):
    """An attempt to sign in that failed or is under way, in the bucket that it is counted in.

    A bucket is a digest of a client's address, of the name of an account, or of a known device:
    neither addresses nor what was typed as a name is kept.
    """

    bucket = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["bucket", "at"]), models.Index(fields=["at"])]

    def __str__(self):
        return f"{self.bucket[:8]} at {self.at:%Y-%m-%d %H:%M}"


class DeskSession(AbstractBaseSession):
    """A session, with what its owner recognises it by. ``expire_date`` is its end if left idle."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="desk_sessions",
        null=True,
        editable=False,
    )
    device = models.CharField(max_length=100, blank=True)
    network = models.CharField(max_length=50, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = "session"

    def __str__(self):
        return f"{self.device}, {self.network}"

    @property
    def mark(self) -> str:
        """What names the session on a page, where its key must not stand."""
        return salted_hmac("access.session", self.session_key).hexdigest()[:16]

    @classmethod
    def get_session_store_class(cls):
        from .sessions import SessionStore

        return SessionStore


class TemporaryPassword(models.Model):
    """The mark of an account whose password somebody else knows: it is changed at sign-in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="temporary_password",
    )

    def __str__(self):
        return f"Temporary password of {self.user}"
