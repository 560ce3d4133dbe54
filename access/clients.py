"""Who asks, as far as a request tells: the address, its network, and the device."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings

LONGEST_DEVICE_CHARACTERS = 60
# The more particular name first: Edge and Opera say that they are Chrome, which says it is Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def client_of(request) -> str:
    """Return the IP address of a request's client; of IPv6 the /64 network, which is one client's.

    Each proxy appends the address of its client to X-Forwarded-For. Addresses before the last
    PROXIES ones were written by the client, and are not trusted.
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


def network_of(request) -> str:
    """Return the network of a request's client: an IPv4 address without its last byte, or a /48."""
    address = client_of(request)
    try:
        size = 24 if ip_address(address).version == 4 else 48
    except ValueError:
        return address
    return str(ip_network((address, size), strict=False))


def device_of(request) -> str:
    """Return browser and system in words, as far as the browser names them."""
    text = request.META.get("HTTP_USER_AGENT", "")
    browser, system = (
        next((words for part, words in known.items() if part in text), "")
        for known in (BROWSERS, SYSTEMS)
    )
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or text[:LONGEST_DEVICE_CHARACTERS] or "unknown device"
