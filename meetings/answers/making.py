"""Making answers: one reader makes, the others wait; never an answer of a record that is past."""

import time
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import chain
from threading import BoundedSemaphore

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from ..models import outage
from ..models.public_state import public_state
from . import store
from .kept import Kept, cache_control, keep, response_of

# Readers who wait longer get the page as it was before, if nothing was taken out of public since.
PATIENCE_SECONDS = 1
MAKING_SECONDS = 30
POLL_SECONDS = 0.02
# A longer list is sent as it is read from the database, and not kept.
MOST_GATHERED_BYTES = 1 << 20
# Each takes a thread of the server for as long as its client reads: some are left for pages.
MOST_LONG_ANSWERS = 2
places_for_long_answers = BoundedSemaphore(MOST_LONG_ANSWERS)
BUSY = "Other long files are being sent at this moment. Ask again in half a minute."
BUSY_SECONDS = 30
STALE = '110 - "Response is Stale"'
# Requests with Accept-Datetime are not answered from what is kept.
KEPT_VARIANTS = {"cookie", "accept-encoding", "accept-datetime"}


class PublicAnswer:
    """The answer to one anonymous request for a public address."""

    def __init__(self, request, get_response):
        self.request, self.get_response = request, get_response
        # The theme is the only thing that a public page knows of its reader.
        self.key = store.key_of(request.path_info, request.META["QUERY_STRING"], request.theme)

    def read_state(self) -> None:
        self.state, self.day = public_state(), timezone.now().date()

    def is_current(self, kept: Kept) -> bool:
        return kept.is_of(self.state, self.day)

    def response(self) -> HttpResponse:
        """Return the kept answer of the record as it is now, waited for or made.

        While the database is away, it is the record as it last was; raise its error without one.
        """
        try:
            self.read_state()
        except (OperationalError, InterfaceError):
            if kept := self.kept_before_outage():
                return stale_response(kept, self.request)
            raise
        former = store.get(self.key, self.is_current)
        if former and self.is_current(former):
            return response_of(former, self.request)
        if self.long_tag in self.request.META.get("HTTP_IF_NONE_MATCH", ""):
            return HttpResponse(status=304, headers=self.long_headers)
        making = f"{self.key}:making"
        while not store.claim(making, MAKING_SECONDS):
            if found := self.wait(making, former):
                return response_of(found, self.request)
            before = self.state
            self.read_state()
            if before == self.state:
                # What was made cannot be kept: nobody waits for that one after the other.
                return self.make(former)
        try:
            # Somebody may have made it since we looked.
            found = store.get(self.key, self.is_current)
            if found and self.is_current(found):
                return response_of(found, self.request)
            return self.make(former)
        finally:
            store.drop(making)

    def kept_before_outage(self) -> Kept | None:
        """Return the answer that was current when the database last answered, if it is kept."""
        if (last := outage.before_outage()) is None:
            return None
        kept = store.get(self.key, lambda kept: kept.is_of(*last))
        return kept if kept and kept.is_of(*last) else None

    def wait(self, making: str, former: Kept | None) -> Kept | None:
        """Return the answer that somebody else makes, or the former one if that takes long."""
        began = time.monotonic()
        while store.is_claimed(making):
            passed = time.monotonic() - began
            if passed > MAKING_SECONDS:
                return None
            if former and passed > PATIENCE_SECONDS:
                if former.state.withdrawals == public_state().withdrawals:
                    return former
                former = None
            time.sleep(POLL_SECONDS)
        found = store.get(self.key, self.is_current)
        return found if found and self.is_current(found) else None

    def make(self, former: Kept | None) -> HttpResponse:
        """Make the answer as for a reader without cookies, and keep it if it may be kept."""
        request, method, cookies = self.request, self.request.method, self.request.COOKIES
        request.method, request.COOKIES = "GET", {}
        try:
            response = self.get_response(request)
        finally:
            request.method, request.COOKIES = method, cookies
        if not is_for_everybody(response):
            return response
        if response.streaming:
            start, rest = beginning(response.streaming_content)
            if rest is not None:
                return self.long_response(response, chain([start], rest))
            # Not closed: that would end the request, and the connection with it.
            response = HttpResponse(start, headers=response.headers)
        kept = keep(response, self.state, self.day, former)
        # A page made while the record changed is its reader's alone.
        if kept.may_be_kept and public_state() == self.state:
            store.put(self.key, kept)
        return response_of(kept, request)

    @property
    def long_tag(self) -> str:
        """The tag of a long answer: of what it is made of, since its content is never gathered."""
        made_of = repr((self.key, self.state.changes, self.day))
        return f'"{sha256(made_of.encode()).hexdigest()[:32]}"'

    @property
    def long_headers(self) -> dict[str, str]:
        return {
            "ETag": self.long_tag,
            "Cache-Control": cache_control(),
            "Vary": "Accept-Encoding",
        }

    def long_response(self, response, pieces: Iterable[bytes]) -> HttpResponse:
        """Return the response with a long answer, sent while it is made; to HEAD without it.

        While others take all places for such answers, it is refused.
        """
        if self.request.method == "HEAD":
            response.streaming_content = []
        elif places_for_long_answers.acquire(blocking=False):
            response.streaming_content = InItsPlace(pieces)
        else:
            # Not closed: that would end the request, and the connection with it.
            return busy(self.request)
        for name, value in self.long_headers.items():
            response.headers[name] = value
        return response


class InItsPlace:
    """The pieces of a long answer; its place is free again once it was sent or cut off."""

    def __init__(self, pieces: Iterable[bytes]):
        self.pieces, self.has_ended = pieces, False

    def __iter__(self):
        yield from self.pieces
        self.close()

    def close(self) -> None:
        if not self.has_ended:
            self.has_ended = True
            places_for_long_answers.release()


def busy(request) -> HttpResponse:
    """Return the answer to who asks for a long file while too many others are sent."""
    headers = {"Retry-After": str(BUSY_SECONDS), "Cache-Control": "no-store"}
    if request.path_info.endswith(".json"):
        return JsonResponse({"error": BUSY}, status=503, headers=headers)
    return HttpResponse(f"{BUSY}\n", status=503, content_type="text/plain", headers=headers)


def stale_response(kept: Kept, request) -> HttpResponse:
    """Return the response with an answer that may be past, which says so (RFC 7234, 5.5.1).

    No cache may keep it for longer than we do.
    """
    response = response_of(kept, request)
    response.headers["Warning"] = STALE
    response.headers["Cache-Control"] = "no-cache"
    return response


def is_for_everybody(response) -> bool:
    """Return whether a response is the same for all readers of its theme."""
    control = response.get("Cache-Control", "")
    varies_by = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    return (
        response.status_code == 200
        and not response.cookies
        and "no-store" not in control
        and "private" not in control
        and varies_by <= KEPT_VARIANTS | {""}
        # A policy of its own would be lost: the header is written further out.
        and not any(name.startswith("_csp") for name in vars(response))
    )


def beginning(pieces: Iterable[bytes]) -> tuple[bytes, Iterator[bytes] | None]:
    """Return the first megabyte of a stream, and the rest; None if there is none."""
    rest, gathered, size = iter(pieces), [], 0
    for piece in rest:
        gathered.append(piece)
        size += len(piece)
        if size > MOST_GATHERED_BYTES:
            return b"".join(gathered), rest
    return b"".join(gathered), None
