"""Sign-in at the desk: Django's view with the throttle, and the page for who is refused."""

from functools import lru_cache

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from . import known_devices
from .forms import SignInForm


def sign_in(site: AdminSite, request, extra_context=None) -> HttpResponseBase:
    """Answer as Django's view does; with 429 where the attempt was not looked at."""
    site.login_form = SignInForm
    context = {"can_mail": bool(settings.EMAIL_URL), **(extra_context or {})}
    response = AdminSite.login(site, request, context)
    form = (getattr(response, "context_data", None) or {}).get("form")
    if refused := getattr(form, "refused", None):
        response.status_code = 429
        response.headers["Retry-After"] = str(refused.seconds)
    if request.method == "POST" and response.status_code == 302 and request.user.is_authenticated:
        known_devices.remember(request, response, request.user.get_username())
    return response


def refusal(seconds: int) -> HttpResponse:
    """Return the page for a client that is refused, made once.

    It passes by the middleware that sets the headers of other pages.
    """
    headers = {
        "Retry-After": str(seconds),
        "Cache-Control": "no-store, private",
        "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(refusal_page(), status=429, headers=headers)


@lru_cache(maxsize=1)
def refusal_page() -> str:
    return render_to_string("access/refused.html")
