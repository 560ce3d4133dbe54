"""Middleware: limits of size, compression, theme, kept answers, revalidation, redirects."""

from functools import cache
from importlib import import_module
from urllib.parse import unquote

from csp.constants import HEADER as POLICY
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import (
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.middleware.gzip import GZipMiddleware
from django.urls import is_valid_path, reverse
from django.utils.cache import patch_cache_control, patch_vary_headers

from .answers.making import PublicAnswer
from .answers.parameters import (
    ANY,
    READING_METHODS,
    address_without_empty,
    asks_for_a_time,
    is_only_read,
    keep_known_parameters,
    parameters_of,
)
from .editing import redirects
from .exporting.responses import PACKED_TYPES, data_extension
from .importing.uploads import TOO_MANY_FILES, UPLOAD_LIMITS
from .models.pages import ADMIN_PATH

# The fields that a form sends beside its file, and files that are little too large: the form
# itself says so of them.
MORE_THAN_THE_FILE_BYTES = 5_000_000


@cache
def file_paths() -> dict[str, int]:
    """Return the addresses that take files, with how many bytes each reads."""
    most = (UPLOAD_LIMITS.size or 0) + MORE_THAN_THE_FILE_BYTES
    return {reverse("admin:meetings_import_choose"): most}


def most_body_bytes(path: str) -> int:
    """Return how many bytes an address reads of what is sent to it."""
    return file_paths().get(path, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


# What a page could ask a browser for, and none of ours does.
PERMISSIONS = (
    "accelerometer autoplay browsing-topics camera display-capture encrypted-media fullscreen"
    " geolocation gyroscope hid magnetometer microphone midi payment picture-in-picture"
    " publickey-credentials-get screen-wake-lock serial usb xr-spatial-tracking"
)
PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in PERMISSIONS.split())


# What scripts of other sites may ask for (Fetch, CORS protocol), and what they may read of it.
ASKED_FOR = "Accept, If-Match, If-Modified-Since, If-None-Match, If-Range, Range"
EXPOSED = (
    "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Last-Modified, Link,"
    " RateLimit, RateLimit-Policy, Retry-After"
)
PREFLIGHT_SECONDS = 24 * 60 * 60


class PolicyMiddleware:
    """Tell browsers what pages may ask them for, and which sites may embed or read an answer.

    Data, TimeMaps, cards and pictures are for everybody's pages; what else there is, for the
    site's own.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        is_shared = data_extension(request.path) or request.path.endswith("/timemap/")
        embedded_by = "cross-origin" if is_shared else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", embedded_by)
        if is_shared and not request.path_info.startswith(ADMIN_PATH):
            open_to_other_sites(request, response)
        return response


def open_to_other_sites(request, response) -> None:
    """Let scripts of any site read an answer: it is public, and the same with and without cookies.

    Errors as well, so that a script can say what they say.
    """
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = ", ".join(READING_METHODS)
        response.headers["Access-Control-Allow-Headers"] = ASKED_FOR
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)


class BodySizeMiddleware:
    """Refuse what is too large for its address with 413, before any of it is read.

    The server asks ``most_body_bytes`` too, and hands over the header alone of what is larger, and
    of a file beside as many as it takes in (429). Of a body without Content-Length a WSGI server
    hands over nothing (PEP 3333), or finds out.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        size = request.META.get("CONTENT_LENGTH") or "0"
        most = most_body_bytes(request.path)
        if size.isascii() and size.isdigit() and int(size) > most:
            # The page of the error says it, in the handler of bad requests.
            request.most_body_bytes = most
            raise RequestDataTooBig(f"{int(size):,} bytes for {request.path}; {most:,} are read.")
        if TOO_MANY_FILES in request.META:
            raise RequestDataTooBig(f"Others send files to {request.path}.")
        return self.get_response(request)


class CompressionMiddleware(GZipMiddleware):
    """Compress responses that are not compressed already, or left as they are by their makers.

    What has an ETag is kept, compressed if that makes it smaller; a stream is compressed here.
    """

    def process_response(self, request, response):
        is_packed = response.get("Content-Type") in PACKED_TYPES.values()
        if is_packed or (response.has_header("ETag") and not response.streaming):
            return response
        return super().process_response(request, response)


class ContentPolicyMiddleware(CSPMiddleware):
    """Write Content-Security-Policy, unless a kept answer brings that with which it was made."""

    def process_response(self, request, response):
        if response.has_header(POLICY):
            return response
        return super().process_response(request, response)


class AppearanceMiddleware:
    """Set ``request.theme``, and tell caches that pages depend on its cookie."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
        request.theme = theme if theme in settings.THEMES else ""
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and "Cookie" not in response.get("Vary", ""):
            patch_vary_headers(response, ["Cookie"])
        return response


class ParametersMiddleware:
    """Read the parameters first, so that too many of them are refused before a view runs.

    Django raises TooManyFieldsSent on every reading, also on that by the error page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        len(request.GET)
        return self.get_response(request)


def only_read(request):
    """Return the answer to a method that does not read: none but a list of those that do."""
    response = HttpResponseNotAllowed([*READING_METHODS, "OPTIONS"])
    if request.method == "OPTIONS":
        response.status_code = 204
    return response


class PublicAnswersMiddleware:
    """Answer anonymous requests for public addresses from what is kept, in front of sessions.

    Views of pages get the parameters that they read, always in the same order, and no others;
    what has no value is taken out of the address.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.sessions = import_module(settings.SESSION_ENGINE).SessionStore

    def __call__(self, request):
        if request.method not in READING_METHODS and is_only_read(request.path_info):
            return only_read(request)
        names = parameters_of(request)
        if names is None:
            return self.get_response(request)
        request.get_host()  # Refuses hosts that are not ours, also where a page is kept.
        keep_known_parameters(request, names)
        if names != ANY and (address := address_without_empty(request)):
            return HttpResponseRedirect(address)
        if not self.has_session(request) and not asks_for_a_time(request):
            return PublicAnswer(request, self.get_response).response()
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            # An editor's page, or the page of an entry that has no history for a time to lead to.
            patch_cache_control(response, private=True, no_store=True)
        return response

    def has_session(self, request) -> bool:
        """Return whether a request has a session that exists; any text may stand in a cookie."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        return key.isascii() and key.isalnum() and bool(self.sessions(key).load())


class RevalidationMiddleware:
    """Make caches revalidate 301 and 410.

    A browser may cache them for ever (RFC 9110, 15.1), but a withdrawn entry may be published
    again, and one that moved may move back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code in {301, 410}:
            patch_cache_control(response, no_cache=True)
        return response


class RedirectMiddleware:
    """Turn a 404 into the redirect kept for its address, if there is one.

    Files at an address under that of a page (data, references, card) are redirected with it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or "\0" in unquote(request.path):
            return response
        path = redirects.target(request.path, request.user)
        if path is None or not is_valid_path(path):
            return response
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(path + (f"?{query}" if query else ""))
