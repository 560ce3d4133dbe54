"""How often sign-in may be tried, counted before a password is hashed.

Attempts are counted in the database, for all processes alike. From an unknown device they count
for the client's address and for the account; from a device that the account signed in from before,
for that device alone. docs/decisions/sign-in-throttled-by-address.md says why.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from threading import BoundedSemaphore, Lock

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from . import known_devices
from .clients import client_of
from .models import SignInAttempt

# (attempts, seconds): so many failures within so long.
BY_CLIENT = ((10, 10 * 60), (50, 24 * 60 * 60))
BY_ACCOUNT = ((50, 60 * 60), (200, 24 * 60 * 60))
# Mails with a link, from one client and to one address.
MAILS = ((5, 60 * 60), (20, 24 * 60 * 60))
KEPT_SECONDS = 24 * 60 * 60
# A password takes a processor for some tenths of a second: in each process one is hashed and one
# waits, so that readers keep the other threads. A known device may wait beside them.
BUSY_SECONDS = 2
PATIENCE_SECONDS = 10
hashing = Lock()
queue = BoundedSemaphore(2)


@dataclass
class TooMany(Exception):
    """An attempt is refused for so many seconds, because of the ``reason``."""

    seconds: int
    reason: str

    @property
    def minutes(self) -> int:
        return ceil(self.seconds / 60)


@dataclass
class Attempt:
    """An attempt that is counted as a failure until it succeeds."""

    username: str
    rows: list[SignInAttempt] = field(default_factory=list)

    def succeeded(self) -> None:
        """Take the attempt out of the count, with what is too old to be counted."""
        old = timezone.now() - timedelta(seconds=KEPT_SECONDS)
        SignInAttempt.objects.filter(pk__in=[row.pk for row in self.rows]).delete()
        SignInAttempt.objects.filter(at__lt=old).delete()


@contextmanager
def attempt(request, username: str) -> Iterator[Attempt]:
    """Count an attempt and let its password be hashed within the block; raise TooMany otherwise."""
    begun = Attempt(username)
    device = known_devices.device_for(request, username)
    if device:
        count(begun, "device", device, BY_CLIENT)
    else:
        count(begun, "address", client_of(request), BY_CLIENT)
        count(begun, "account", known_devices.account_key(username), BY_ACCOUNT)
    with turn(is_patient=bool(device)):
        yield begun


def count(begun: Attempt, kind: str, value: str, limits) -> None:
    """Count an attempt in a bucket, or raise TooMany.

    A bucket that is full is only read. Of several at once, each sees those that came before it.
    """
    bucket = bucket_of(kind, value)
    refuse_full(limits, kind, SignInAttempt.objects.filter(bucket=bucket))
    with transaction.atomic():
        row = SignInAttempt.objects.create(bucket=bucket, at=timezone.now())
        earlier = SignInAttempt.objects.filter(bucket=bucket, pk__lt=row.pk)
        refuse_full(limits, kind, earlier)
    begun.rows.append(row)


def bucket_of(kind: str, value: str) -> str:
    return salted_hmac(f"access.throttle.{kind}", value, algorithm="sha256").hexdigest()


def refuse_full(limits, kind: str, attempts) -> None:
    """Raise TooMany if earlier attempts fill one of the limits."""
    now = timezone.now()
    longest = max(seconds for _, seconds in limits)
    most = max(number for number, _ in limits)
    recent = attempts.filter(at__gt=now - timedelta(seconds=longest)).order_by("-at")
    times = list(recent.values_list("at", flat=True)[:most])
    if seconds := max(seconds_left(times, limit, now) for limit in limits):
        raise TooMany(seconds, kind)


def is_first_refusal(request, username: str, refused: TooMany) -> bool:
    """Return whether a client or an account is refused for the first time, and keep that it is."""
    value = known_devices.account_key(username)
    if refused.reason == "address":
        value = client_of(request)
    until = timezone.now().timestamp() + refused.seconds
    return cache.add(refused_key(refused.reason, value), until, refused.seconds)


def seconds_left(times: list[datetime], limit: tuple[int, int], now: datetime) -> int:
    """Return how long a limit is still full; ``times`` are those of attempts, the latest first."""
    number, seconds = limit
    if len(times) < number:
        return 0
    return max(0, ceil((times[number - 1] - now).total_seconds() + seconds))


@contextmanager
def turn(*, is_patient: bool) -> Iterator[None]:
    """Let one password be hashed at a time in this process; raise TooMany where others wait."""
    if not is_patient and not queue.acquire(blocking=False):
        raise TooMany(BUSY_SECONDS, "busy")
    try:
        if not hashing.acquire(timeout=PATIENCE_SECONDS):
            raise TooMany(BUSY_SECONDS, "busy")
        try:
            yield
        finally:
            hashing.release()
    finally:
        if not is_patient:
            queue.release()


def refused_key(reason: str, value: str) -> str:
    return f"sign-in-refused:{reason}:{value}"


def known_refusal(request) -> int:
    """Return for how many seconds a client is refused, as the cache knows without a database."""
    if known_devices.read(request):
        return 0
    until = cache.get(refused_key("address", client_of(request)), 0)
    return max(0, ceil(until - timezone.now().timestamp()))


def wait_words(refused: TooMany) -> str:
    """Return in words how long to wait."""
    if refused.reason == "busy":
        return "Try again."
    minutes = "a minute" if refused.minutes == 1 else f"{refused.minutes} minutes"
    return f"Wait {minutes}, then try again."
