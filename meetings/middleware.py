"""Middleware: compression, theme, limits on parameters, kept answers, revalidation, redirects."""

from importlib import import_module
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.urls import is_valid_path
from django.utils.cache import patch_cache_control, patch_vary_headers

from .answers.making import PublicAnswer
from .answers.parameters import (
    ANY,
    address_without_empty,
    keep_known_parameters,
    parameters_of,
)
from .editing import redirects


class CompressionMiddleware(GZipMiddleware):
    """Compress responses that are not compressed already, or left as they are by their makers.

    What has an ETag is kept, compressed if that makes it smaller; a stream is compressed here.
    """

    def process_response(self, request, response):
        is_zip = response.get("Content-Type") == "application/zip"
        if is_zip or (response.has_header("ETag") and not response.streaming):
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
        if response.get("Content-Type", "").startswith("text/html"):
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


class PublicAnswersMiddleware:
    """Answer anonymous requests for public addresses from what is kept, in front of sessions.

    Views of pages get the parameters that they read, always in the same order, and no others;
    what has no value is taken out of the address.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.sessions = import_module(settings.SESSION_ENGINE).SessionStore

    def __call__(self, request):
        names = parameters_of(request)
        if names is None:
            return self.get_response(request)
        request.get_host()  # Refuses hosts that are not ours, also where a page is kept.
        keep_known_parameters(request, names)
        if names != ANY and (address := address_without_empty(request)):
            return HttpResponseRedirect(address)
        if not self.has_session(request):
            return PublicAnswer(request, self.get_response).response()
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
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
