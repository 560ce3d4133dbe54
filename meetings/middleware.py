"""Addresses that have moved lead on; pages wear the theme that their reader chose."""

from urllib.parse import unquote

from django.http import HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers

from . import appearance
from .models import Publishable, Redirect


class AppearanceMiddleware:
    """Give templates the reader's theme, and say to caches that pages depend on its cookie."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.theme = appearance.chosen(request)
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response


class RedirectMiddleware:
    """Answer an address without a page with the redirect kept for it, if there is one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or "\0" in unquote(request.path):
            return response
        redirect = Redirect.objects.filter(old_path=request.path[:300]).first()
        if redirect is None or not leads_somewhere(redirect.new_path, request.user):
            return response
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(redirect.new_path + (f"?{query}" if query else ""))


def leads_somewhere(path: str, user) -> bool:
    """Return whether ``user`` may know of the page at ``path``: a draft's address stays unknown."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    model = getattr(getattr(match.func, "view_class", None), "model", None)
    if model is None or "slug" not in match.kwargs:
        return True
    rows = model.objects.visible_to(user)
    if issubclass(model, Publishable):
        rows = rows | model.objects.withdrawn()
    return rows.filter(slug=match.kwargs["slug"]).exists()
