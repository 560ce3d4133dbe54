"""The parameters that a public address reads; a view that does not say so is never kept."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, QueryDict
from django.urls import resolve
from django.utils.cache import patch_cache_control

# An address of data gets all parameters, because it refuses those that it does not know.
ANY = ("*",)
READING_METHODS = ("GET", "HEAD")


def reads(*names: str):
    """Decorate the view of a public address with the names of the parameters that it reads."""

    def name_parameters(view):
        view.parameters = names
        return view

    return name_parameters


@lru_cache(maxsize=8192)
def known_parameters(path: str, urlconf: str) -> tuple[str, ...] | None:
    """Return what the view at a path reads; None where what it answers is not kept."""
    try:
        view = resolve(path, urlconf).func
    except Http404:
        return None
    # The class of a view says it for all addresses of that kind.
    names = getattr(
        view, "parameters", getattr(getattr(view, "view_class", None), "parameters", None)
    )
    return names() if callable(names) else names


def is_only_read(path: str) -> bool:
    """Return whether an address is public and there to be read: its view says what it reads."""
    return known_parameters(path, settings.ROOT_URLCONF) is not None


@lru_cache(maxsize=8192)
def is_timegate(path: str, urlconf: str) -> bool:
    """Return whether the view at a path answers Accept-Datetime with what was there at a time."""
    return getattr(getattr(resolve(path, urlconf).func, "view_class", None), "is_timegate", False)


def asks_for_a_time(request) -> bool:
    """Return whether a request is answered by a time: never from what is kept for its address."""
    has_time = "HTTP_ACCEPT_DATETIME" in request.META
    return has_time and is_timegate(request.path_info, settings.ROOT_URLCONF)


def parameters_of(request) -> tuple[str, ...] | None:
    """Return what a request's view reads; None where what it answers is not kept."""
    if request.method not in READING_METHODS:
        return None
    return known_parameters(request.path_info, settings.ROOT_URLCONF)


def keep_known_parameters(request, names: Iterable[str]) -> None:
    """Leave in a request the parameters that its view reads, always in the same order."""
    if not request.META.get("QUERY_STRING"):
        return
    given = dict(request.GET.lists())
    known = sorted(given) if names == ANY else [name for name in names if name in given]
    query = urlencode([(name, value) for name in known for value in given[name]])
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query, encoding=request.encoding)


def address_without_empty(request) -> str | None:
    """Return a request's address without parameters that have no value; None if each has one.

    A form sends its empty fields, too.
    """
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    filled = [(name, value) for name, value in given if value]
    if len(filled) == len(given):
        return None
    return request.path + (f"?{urlencode(filled)}" if filled else "")


def never_keep(response):
    """Return a response, marked: it names what was ignored, and there is no end of such answers."""
    patch_cache_control(response, no_store=True)
    return response
