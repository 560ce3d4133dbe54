"""Pages made of many rows: rendered once for each state of the record, and kept meanwhile."""

from functools import wraps

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from ..models.public_state import public_cache_key


def kept(view):
    """Have a page that is the same for all visitors rendered once while the record stays the same.

    Whoever has a session may be shown more, and is never given what is kept.
    """

    @wraps(view)
    def kept_view(request, *args, **kwargs):
        if request.method not in {"GET", "HEAD"} or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        pages = caches["pages"]
        # The theme and the day (of printing) are on the page. The state is read before it is made.
        key = public_cache_key(request.get_full_path(), request.theme, timezone.now().date())
        if (page := pages.get(key)) is not None:
            return HttpResponse(page)
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            pages.set(key, response.content)
        return response

    return kept_view
