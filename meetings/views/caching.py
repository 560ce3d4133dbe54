"""Cache for pages made of many rows: rendered once for each public state of the record."""

from functools import wraps

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from ..models.public_state import public_cache_key


def cached_page(view):
    """Cache a view's page for visitors until the record changes in public.

    A request with a session may be shown more than the public, and bypasses the cache.
    """

    @wraps(view)
    def cached_view(request, *args, **kwargs):
        if request.method not in {"GET", "HEAD"} or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        pages = caches["pages"]
        # The page shows the theme and the day of printing. The state is read before the page is
        # rendered, so that a change meanwhile makes the cached page stale, not wrong.
        key = public_cache_key(request.get_full_path(), request.theme, timezone.now().date())
        if (page := pages.get(key)) is not None:
            return HttpResponse(page)
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            pages.set(key, response.content)
        return response

    return cached_view
