"""What an account has to do before anything else at the desk."""

from django.http import HttpRequest

from .signals import MUST_CHANGE_PASSWORD

# Pages that stay open meanwhile.
OPEN_VIEWS = {"login", "logout", "password_change", "password_change_done", "jsi18n"}


def next_step(request: HttpRequest) -> str:
    """Return the name of the page that comes first, or nothing; it asks no database."""
    if request.session.get(MUST_CHANGE_PASSWORD):
        return "password_change"
    return ""


def is_open(request: HttpRequest) -> bool:
    """Return whether the page that is asked for stays open meanwhile."""
    match = request.resolver_match
    return match is not None and match.url_name in OPEN_VIEWS
