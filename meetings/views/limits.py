"""A limit on the addresses that cost much: so many requests a minute from one client.

A window of a minute, counted in the cache; in one that the processes do not share (CACHE_URL is
not set), each of them counts for itself.
"""

from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from time import time

from django.conf import settings
from django.core.cache import cache

from .errors import too_many_requests

WINDOW = 60


def limited(view):
    """Have a view answer 429 to a client that asked for costly addresses too often."""

    @wraps(view)
    def limited_view(request, *args, **kwargs):
        if wait := seconds_to_wait(request):
            return too_many_requests(request, wait)
        return view(request, *args, **kwargs)

    return limited_view


def seconds_to_wait(request) -> int:
    """Count a request; return 0, or how long its client has to wait for the next window."""
    most = settings.COSTLY_REQUESTS_A_MINUTE
    if not most:
        return 0
    window, passed = divmod(int(time()), WINDOW)
    key = f"costly:{client_of(request)}:{window}"
    if cache.add(key, 1, 2 * WINDOW) or cache.incr(key) <= most:
        return 0
    return WINDOW - passed


def client_of(request) -> str:
    """Return the address that a request came from; of IPv6 the network, as one client has it whole.

    Each proxy adds the address it was asked by to the end of X-Forwarded-For. What stands before
    those that PROXIES counts was written by the client, and is not believed.
    """
    asked_by = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < settings.PROXIES <= len(forwarded):
        asked_by = forwarded[-settings.PROXIES].strip()
    try:
        address = ip_address(asked_by)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)
