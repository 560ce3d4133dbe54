"""Answers with a file, of which a client that has a part may ask for the rest (RFC 9110, 14)."""

import re
from collections.abc import Callable, Iterable

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from ..answers.kept import cache_control

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
# The bytes of a file from the first place to before the second.
Chunks = Callable[[int, int], Iterable[bytes]]


def file_response(
    request, chunks: Chunks, *, size: int, digest: str, name: str, content_type: str
) -> HttpResponseBase:
    """Return a file to be saved under a name, the part that is asked for, or 304."""
    etag = quote_etag(digest)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = range_response(request, chunks, size, etag, content_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache_control()
    return response


def range_response(
    request, chunks: Chunks, size: int, etag: str, content_type: str
) -> HttpResponseBase:
    """Return the bytes of a file that a request asks for: all (200), one range (206), or 416.

    Several ranges, and one of another file (If-Range), are answered with all.
    """
    span = asked_range(request.headers.get("Range", ""), size)
    if span is None or request.headers.get("If-Range", etag) != etag:
        start, stop, status = 0, size, 200
    else:
        start, stop, status = *span, 206
    if start >= stop:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    pieces = chunks(start, stop)
    response = StreamingHttpResponse(pieces, content_type=content_type, status=status)
    response.headers["Content-Length"] = str(stop - start)
    if status == 206:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return response


def asked_range(text: str, size: int) -> tuple[int, int] | None:
    """Return the start of the single range in a header and where it stops, or None."""
    asked = RANGE.fullmatch(text)
    if asked is None:
        return None
    first, last = asked.groups()
    if not first:
        return (max(0, size - int(last)), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size
