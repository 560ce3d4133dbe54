"""Middleware: compression, the reader's theme, limits on parameters, revalidation, redirects."""

from urllib.parse import unquote

from django.conf import settings
from django.http import HttpResponsePermanentRedirect
from django.middleware.gzip import GZipMiddleware
from django.urls import is_valid_path
from django.utils.cache import patch_cache_control, patch_vary_headers

from .editing import redirects


class CompressionMiddleware(GZipMiddleware):
    """Compress responses that are not compressed already."""

    def process_response(self, request, response):
        if response.get("Content-Type") == "application/zip":
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
