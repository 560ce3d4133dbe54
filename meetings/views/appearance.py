"""The choice of a theme, light or dark.

A plain GET, so that pages need no token and can be cached; a forged request could do no more than
change the colours of one reader's pages.
"""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def appearance(request):
    """Set the cookie of the theme, or delete it for "auto", and redirect back to the page."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    theme = request.GET.get("theme")
    if theme in settings.THEMES:
        response.set_cookie(
            settings.THEME_COOKIE_NAME,
            theme,
            max_age=settings.THEME_COOKIE_AGE_SECONDS,
            secure=settings.IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )
    elif theme == "auto":
        response.delete_cookie(settings.THEME_COOKIE_NAME, samesite="Lax")
    return response
