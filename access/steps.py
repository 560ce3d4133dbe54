"""What an account has to do before anything else at the desk."""

from django.http import HttpRequest

from . import second_factor
from .signals import MUST_CHANGE_PASSWORD

# Pages that stay open meanwhile.
OPEN_VIEWS = {
    *("login", "logout", "password_change", "password_change_done", "second_factor", "jsi18n")
}


def next_step(request: HttpRequest) -> str:
    """Return the name of the page that comes first, or nothing.

    It asks for rights at most, which the desk asks for in any case.
    """
    if request.session.get(MUST_CHANGE_PASSWORD):
        return "password_change"
    if not second_factor.is_verified(request) and second_factor.is_required(request.user):
        return "second_factor"
    return ""


def is_open(request: HttpRequest) -> bool:
    """Return whether the page that is asked for stays open meanwhile."""
    match = request.resolver_match
    return match is not None and match.url_name in OPEN_VIEWS
