"""One kept answer: made from a response, and turned into responses again.

Kept compressed; its bytes hold no secret of a reader, so that compressing them betrays none. What
all its responses have in common is put together when it is kept, and not for each of them.
"""

import gzip
import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from csp.constants import HEADER as POLICY
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe

from ..models.public_state import PublicState

COMPRESSIBLE = re.compile(r"text/|application/(json|xml|atom|[\w.-]+\+(json|xml)|x-)")
ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
FEWEST_COMPRESSED_BYTES = 200
MOST_KEPT_BYTES = 512 * 1024
# Set again for each response.
OWN_HEADERS = {"content-length", "etag", "last-modified", "cache-control"}
IF_NONE_MATCH = "HTTP_IF_NONE_MATCH"
CONDITIONS = (
    "HTTP_IF_MATCH",
    IF_NONE_MATCH,
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_UNMODIFIED_SINCE",
)


@dataclass(frozen=True)
class Kept:
    """An answer of status 200, and the state and the day that it was made of."""

    state: PublicState
    day: date
    headers: tuple[tuple[str, str], ...]
    content: bytes
    is_compressed: bool
    digest: str
    made_at: int

    def is_of(self, state: PublicState, day: date) -> bool:
        return self.state == state and self.day == day

    @property
    def may_be_kept(self) -> bool:
        return len(self.content) <= MOST_KEPT_BYTES


def keep(response, state: PublicState, day: date, former: Kept | None) -> Kept:
    """Return a response with status 200 as it is kept; one equal to the former has its time."""
    content = response.content
    is_compressed = len(content) >= FEWEST_COMPRESSED_BYTES and bool(
        COMPRESSIBLE.match(response.get("Content-Type", ""))
    )
    if is_compressed:
        patch_vary_headers(response, ["Accept-Encoding"])
    if response.get("Content-Type", "").startswith("text/html"):
        # As AppearanceMiddleware says of every page.
        patch_vary_headers(response, ["Cookie"])
    headers = [pair for pair in response.items() if pair[0].lower() not in OWN_HEADERS]
    digest = sha256(repr(headers).encode() + content).hexdigest()[:32]
    return Kept(
        state,
        day,
        (*headers, (POLICY, build_policy())),
        gzip.compress(content, 6, mtime=0) if is_compressed else content,
        is_compressed,
        digest,
        former.made_at if former and former.digest == digest else int(timezone.now().timestamp()),
    )


def cache_control() -> str:
    """Return the value of Cache-Control: always ask again, unless the settings say otherwise."""
    if not settings.SHARED_CACHE_SECONDS:
        return "no-cache"
    words = f"max-age=0, s-maxage={settings.SHARED_CACHE_SECONDS}"
    stale = settings.STALE_WHILE_REVALIDATE_SECONDS
    return f"{words}, stale-while-revalidate={stale}" if stale else words


def response_of(kept: Kept, request) -> HttpResponse:
    """Return the response with a kept answer: 304 for a client that has it."""
    is_sent_compressed = kept.is_compressed and bool(
        ACCEPTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    )
    # Each encoding is a representation of its own, with a strong tag of its own.
    etag = f'"{kept.digest}-gzip"' if is_sent_compressed else f'"{kept.digest}"'
    headers = {"ETag": etag, "Cache-Control": cache_control()}
    # Within its second an answer may be followed by another, which the time does not tell apart.
    has_time = timezone.now().timestamp() >= kept.made_at + 1
    if has_time:
        headers["Last-Modified"] = http_date(kept.made_at)
    conditions = [name for name in CONDITIONS if name in request.META]
    if conditions and is_that_of_client(request, etag, conditions):
        headers |= {name: value for name, value in kept.headers if name in {"Vary", POLICY}}
        return HttpResponse(status=304, headers=headers)
    response = HttpResponse(headers=dict(kept.headers) | headers)
    if conditions:
        # A later time is no sign of having this answer: clocks of servers differ.
        given = parse_http_date_safe(request.META.get("HTTP_IF_MODIFIED_SINCE", ""))
        last_modified = kept.made_at if has_time and given == kept.made_at else None
        # That of a client that has it, or the response itself.
        answer = get_conditional_response(request, etag, last_modified, response) or response
        if answer is not response:
            answer.headers[POLICY] = response.headers[POLICY]
            return answer
    if is_sent_compressed:
        response.headers["Content-Encoding"] = "gzip"
    is_unpacked = kept.is_compressed and not is_sent_compressed
    response.content = gzip.decompress(kept.content) if is_unpacked else kept.content
    response.headers["Content-Length"] = str(len(response.content))
    return response


def is_that_of_client(request, etag: str, conditions: list[str]) -> bool:
    """Return whether a request's conditions are that of a browser with this very answer.

    The others are read by Django, which takes longer.
    """
    is_plain = conditions[0] == IF_NONE_MATCH and "HTTP_IF_UNMODIFIED_SINCE" not in conditions
    return is_plain and request.META[IF_NONE_MATCH] == etag
