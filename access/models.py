"""What access to the desk is decided by."""

from django.db import models


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
