"""The past of a page for machines: Memento (RFC 7089), by revisions.

A page is its own TimeGate (4.1.1): asked with Accept-Datetime, it leads to the revision that was
shown at that time. All its readable revisions stand in its TimeMap (5).
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe

from ..editing.public_revisions import PublicRevision

LINK_FORMAT = "application/link-format"
NOT_A_DATE = "Accept-Datetime is not a date as in RFC 1123: Thu, 31 May 2007 20:35:00 GMT\n"


def is_asked(request) -> bool:
    """Return whether a request is for a page as it was at a time."""
    return "Accept-Datetime" in request.headers


def readable(history: list[PublicRevision]) -> list[PublicRevision]:
    """Return the revisions of a history that have a page, the oldest first."""
    return [each for each in reversed(history) if each.is_readable]


def timegate(request, history: list[PublicRevision]) -> HttpResponse:
    """Lead to the revision shown at the time asked for (RFC 7089, 4.1.1), or to the nearest.

    Before the first it is that one, and a time that is none is refused (4.5.3).
    """
    seconds = parse_http_date_safe(request.headers["Accept-Datetime"])
    response: HttpResponse
    if seconds is None:
        response = HttpResponseBadRequest(NOT_A_DATE, content_type="text/plain; charset=utf-8")
    else:
        asked, shown = datetime.fromtimestamp(seconds, UTC), readable(history)
        before = [each for each in shown if each.since.replace(microsecond=0) <= asked]
        response = HttpResponseRedirect((before or shown[:1])[-1].address)
        response.headers["Cache-Control"] = "no-cache"
    add_links(response, history)
    return response


def add_links(response, history: list[PublicRevision], past: PublicRevision | None = None) -> None:
    """Add to a page, or to that of a past revision, where the others are (RFC 7089, 2.2)."""
    shown = readable(history)
    if not shown:
        return
    page = shown[0].entry.get_absolute_url()
    near = [] if past is None else neighbours(shown, past)
    found = [
        link(page, "original timegate"),
        link(f"{page}timemap/", "timemap", type=LINK_FORMAT),
        *memento_links(shown, near),
    ]
    response.headers["Link"] = ", ".join(found)
    if past is None:
        patch_vary_headers(response, ["Accept-Datetime"])
    else:
        response.headers["Memento-Datetime"] = http_date(past.since.timestamp())


def neighbours(shown: list[PublicRevision], past: PublicRevision) -> list[tuple[str, int]]:
    """Return a past revision, the one before it and the one after it, each with its relation."""
    at = [each.number for each in shown].index(past.number)
    found = [("prev", at - 1), ("", at), ("next", at + 1)]
    return [(relation, index) for relation, index in found if 0 <= index < len(shown)]


def memento_links(shown: list[PublicRevision], near: Iterable[tuple[str, int]] = ()) -> list[str]:
    """Return the links to the first and the last revision, and to those that are near."""
    relations: dict[int, list[str]] = {0: ["first"]}
    relations.setdefault(len(shown) - 1, []).append("last")
    for relation, index in near:
        relations.setdefault(index, []).extend(filter(None, [relation]))
    return [
        memento_link(shown[index], " ".join([*words, "memento"]))
        for index, words in sorted(relations.items())
    ]


def memento_link(revision: PublicRevision, relation: str) -> str:
    return link(revision.address, relation, datetime=http_date(revision.since.timestamp()))


def link(path: str, relation: str, **attributes: str) -> str:
    """Return a link as in RFC 8288, 3: its target is absolute, since TimeMaps are taken along."""
    words = "".join(f'; {name}="{value}"' for name, value in attributes.items())
    return f'<{settings.SITE_URL}{path}>; rel="{relation}"{words}'


def timemap(history: list[PublicRevision]) -> HttpResponse:
    """Answer with the TimeMap of a page (RFC 7089, 5), in the link format (RFC 6690)."""
    shown = readable(history)
    page = shown[0].entry.get_absolute_url()
    times = [http_date(each.since.timestamp()) for each in (shown[0], shown[-1])]
    span = {"type": LINK_FORMAT, "from": times[0], "until": times[1]}
    everything = [("", index) for index in range(len(shown))]
    lines = [
        link(page, "original timegate"),
        link(f"{page}timemap/", "self", **span),
        *memento_links(shown, everything),
    ]
    return HttpResponse(",\n".join(lines) + "\n", content_type=LINK_FORMAT)
