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


def words_of(step: str) -> str:
    """Return why the desk waits for a step."""
    return {
        "password_change": "Change your password first: the one you signed in with was temporary.",
    }.get(step, "")


def is_open(request: HttpRequest) -> bool:
    return request.resolver_match.url_name in OPEN_VIEWS
