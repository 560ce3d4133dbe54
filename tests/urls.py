"""The site's addresses, and one for each page that says what went wrong."""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.urls import path

from diplomacy import urls
from diplomacy.urls import *  # noqa: F403 (the handlers too)
from meetings.views.errors import failed, too_large, too_many_requests, unavailable

TEMPLATES = Path(settings.BASE_DIR, "templates")
RAISED = {400: SuspiciousOperation, 403: PermissionDenied, 404: Http404}
ANSWERS = {
    413: too_large,
    429: partial(too_many_requests, wait=60),
    500: failed,
    503: unavailable,
}
# A withdrawn entry's page needs an entry: tests/content.py has one.
STATUSES = sorted(int(file.stem) for file in TEMPLATES.glob("[45]??.html") if file.stem != "410")


def error(request, status):
    """Answer as the site does when it cannot show a page."""
    if status in RAISED:
        raise RAISED[status]
    return ANSWERS[status](request)


urlpatterns = [path("errors/<int:status>/", error), *urls.urlpatterns]
