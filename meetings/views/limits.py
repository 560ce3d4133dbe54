"""Rate limit for costly addresses: so many requests a minute from one client.

Requests are counted in the cache, in windows of a minute. Without CACHE_URL each process counts
for itself; while Redis is away, nobody is refused.
"""

from functools import wraps
from time import time

from django.conf import settings
from django.core.cache import cache

from access.clients import client_of

from .errors import too_many_requests

WINDOW_SECONDS = 60


def rate_limited(view):
    """Make a view answer 429 to a client that asked for costly addresses too often.

    The limit is named in headers (draft-ietf-httpapi-ratelimit-headers-10). How much of it is left
    is told only where nothing is: other answers are kept for everybody.
    """

    @wraps(view)
    def rate_limited_view(request, *args, **kwargs):
        wait = seconds_to_wait(request)
        response = too_many_requests(request, wait) if wait else view(request, *args, **kwargs)
        if most := settings.COSTLY_REQUESTS_A_MINUTE:
            response.headers["RateLimit-Policy"] = f'"costly";q={most};w={WINDOW_SECONDS}'
        if wait:
            response.headers["RateLimit"] = f'"costly";r=0;t={wait}'
        return response

    return rate_limited_view


def seconds_to_wait(request) -> int:
    """Count a request; return 0, or how long its client has to wait for the next window."""
    most = settings.COSTLY_REQUESTS_A_MINUTE
    if not most:
        return 0
    window, passed = divmod(int(time()), WINDOW_SECONDS)
    key = f"costly:{client_of(request)}:{window}"
    if cache.add(key, 1, 2 * WINDOW_SECONDS) or cache.incr(key) <= most:
        return 0
    return WINDOW_SECONDS - passed
