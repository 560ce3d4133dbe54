"""Asks the addresses of sources whether they still answer: one after the other, and politely."""

import time
from collections.abc import Callable
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils.encoding import iri_to_uri

from .editing.link_checks import Answer, keep_check
from .models import LinkCheck, Source
from .models.link_checks import due_for_check

State = LinkCheck.State
TIMEOUT_SECONDS = 20
# Between two questions to one host.
PAUSE_SECONDS = 5.0
PERMANENT, GONE = {301, 308}, {404, 410}


class Redirects(HTTPRedirectHandler):
    """Follows redirects, and remembers how far they are permanent."""

    def __init__(self):
        self.target = ""
        self.are_permanent = True

    def redirect_request(self, request, file, code, message, headers, address):
        self.are_permanent = self.are_permanent and code in PERMANENT
        if self.are_permanent:
            self.target = address
        return super().redirect_request(request, file, code, message, headers, address)


def ask(address: str) -> Answer:
    """Ask an address once. What refuses, fails or is silent says nothing about its page."""
    redirects = Redirects()
    name = f"{settings.SITE_NAME} link check ({settings.SITE_URL} {settings.CONTACT_EMAIL})"
    headers = {"User-Agent": iri_to_uri(name), "Accept": "text/html, */*;q=0.8"}
    try:
        request = Request(iri_to_uri(address), headers=headers)
        with build_opener(redirects).open(request, timeout=TIMEOUT_SECONDS) as response:
            status = response.status
    except HTTPError as error:
        error.close()
        return Answer(State.GONE if error.code in GONE else State.UNCLEAR, error.code)
    except (OSError, HTTPException, ValueError):
        return Answer(State.UNCLEAR)
    if is_elsewhere(address, redirects.target):
        return Answer(State.MOVED, status, redirects.target[:1000])
    return Answer(State.ANSWERS, status)


def is_elsewhere(address: str, target: str) -> bool:
    """Return whether a redirect leads to another page: more than scheme, www or a slash differ."""
    return bool(target) and essence(address) != essence(target)


def essence(address: str) -> tuple[str, str, str]:
    parts = urlsplit(iri_to_uri(address))
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/"), parts.query


def check_links(*, seconds: float, report: Callable[[LinkCheck], None]) -> int:
    """Check addresses for so long, least recently checked first; return how many were.

    What is cut off goes on with the next run.
    """
    end = time.monotonic() + seconds
    asked_at: dict[str, float] = {}
    number = 0
    for pk in list(due_for_check().values_list("pk", flat=True)):
        source = Source.objects.filter(pk=pk).exclude(url="").first()
        if source is None:
            continue
        host = urlsplit(source.url).hostname or ""
        pause = asked_at.get(host, -PAUSE_SECONDS) + PAUSE_SECONDS - time.monotonic()
        if time.monotonic() + max(pause, 0) >= end:
            break
        time.sleep(max(pause, 0))
        report(keep_check(source, ask(source.url)))
        asked_at[host] = time.monotonic()
        number += 1
    return number
