"""The cookie of a browser from which an account signed in before.

It gives no right: it says that an attempt comes from where the account's owner was, so that it is
counted by itself, and a guesser elsewhere locks nobody out (OWASP calls it a device cookie).
"""

from secrets import token_urlsafe

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

SALT = "access.known_devices"
COOKIE_AGE_SECONDS = 365 * 24 * 60 * 60
# On a shared machine the accounts that signed in last are known.
MOST_ACCOUNTS = 5


def account_key(username: str) -> str:
    """Return the digest under which the name of an account is known; it may be of no account."""
    return salted_hmac(SALT, username.strip().casefold(), algorithm="sha256").hexdigest()[:32]


def read(request) -> dict:
    """Return the device's number and the digests of its accounts; empty without a good cookie."""
    text = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        return signing.loads(text, salt=SALT, max_age=COOKIE_AGE_SECONDS)
    except signing.BadSignature:
        return {}


def device_for(request, username: str) -> str:
    """Return the number of the device if the account signed in from it before, or nothing."""
    known = read(request)
    return known["device"] if account_key(username) in known.get("accounts", ()) else ""


def remember(request, response, username: str) -> None:
    """Set the cookie: the account signed in from this device."""
    known, key = read(request), account_key(username)
    others = [each for each in known.get("accounts", ()) if each != key]
    value = {
        "device": known.get("device") or token_urlsafe(12),
        "accounts": [key, *others][:MOST_ACCOUNTS],
    }
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(value, salt=SALT),
        max_age=COOKIE_AGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
