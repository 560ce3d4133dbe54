"""Old addresses lead on, pages wear their reader's theme, answers are compressed and limited.

What caches keep unasked is said here too.
"""

from urllib.parse import unquote

from django.conf import settings
from django.http import HttpResponsePermanentRedirect
from django.middleware.gzip import GZipMiddleware
from django.urls import is_valid_path
from django.utils.cache import patch_cache_control, patch_vary_headers

from .editing import redirects


class CompressionMiddleware(GZipMiddleware):
    """Compress what is not compressed already."""

    def process_response(self, request, response):
        if response.get("Content-Type") == "application/zip":
            return response
        return super().process_response(request, response)


class AppearanceMiddleware:
    """Give templates the reader's theme, and say to caches that pages depend on its cookie."""

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
    """Refuse an address with more parameters than are read, before a page reads them.

    Django raises TooManyFieldsSent whenever they are, also in the page that says what is wrong.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        len(request.GET)
        return self.get_response(request)


class RevalidationMiddleware:
    """Have caches ask again before they repeat that an address moved or that an entry is gone.

    A browser keeps 301 and 410 for as long as it likes (RFC 9110, 15.1), but an entry that was
    withdrawn may be published again, and one that moved may move back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code in {301, 410}:
            patch_cache_control(response, no_cache=True)
        return response


class RedirectMiddleware:
    """Answer an address without a page with the redirect kept for it, if there is one.

    What stands beside a page (its data, its references, its card) moves with it.
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
