"""Warnings of settings that are not wrong, but that readers would miss."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.cache import caches

LOCAL = {"127.0.0.1", "localhost", "::1", "testserver"}
ONCE_SECONDS = 60

logger = logging.getLogger("meetings.settings")


@checks.register("site")
def check_site(app_configs=None, **kwargs):
    """Warn of what a site that others read needs; one that only its machine reads does not."""
    found = []
    hosts = {*settings.ALLOWED_HOSTS} - LOCAL
    if settings.DEBUG or not hosts:
        return found
    if (urlsplit(settings.SITE_URL).hostname or "") in LOCAL:
        words = (
            "SITE_URL is not set: feeds, citations and the sitemap name an address of this machine."
        )
        found.append(checks.Warning(words, hint="Set it to the site's address.", id="site.W001"))
    if not settings.CONTACT_EMAIL:
        words = "CONTACT_EMAIL is not set: pages name nobody to whom errors can be reported."
        found.append(checks.Warning(words, hint="Set it to an address.", id="site.W002"))
    if settings.IS_HTTPS and not settings.PROXIES:
        words = "SITE_URL is https, but PROXIES is 0: all readers behind a proxy count as one."
        hint = "Set it to the number of proxies in front of the site."
        found.append(checks.Warning(words, hint=hint, id="site.W003"))
    return found


def log_warnings() -> None:
    """Log the warnings when a server starts, by one of its processes."""
    found = check_site()
    if found and caches["shared"].add("settings-warned", True, ONCE_SECONDS):
        for warning in found:
            logger.warning("%s %s", warning.msg, warning.hint)
