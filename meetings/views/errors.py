"""What a visitor sees when a page cannot be shown.

Where the fault is ours (500, 503) the page is a file as it is: no template, no database, no style
sheet. Its inline style is allowed on that answer alone, by its hash.
"""

import re
import sys
from base64 import b64encode
from hashlib import sha256

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token

from ..exporting.responses import data_extension, error_response

UPDATE_TAKES = 60  # Seconds after which asking again makes sense.


@requires_csrf_token
def bad_request(request, exception=None):
    if isinstance(exception, TooManyFieldsSent):
        request.GET = QueryDict()  # What cannot be read is not to be read by the page either.
    if form := data_extension(request.path):
        words = "We could not read that request. Check the address and its parameters."
        return error_response(form, words, status=400)
    return render(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


@requires_csrf_token
def page_not_found(request, exception=None):
    return render(request, "404.html", status=404)


@never_cache
def too_many_requests(request, wait: int):
    """Answer 429, as data where data was asked for; ``wait`` is in seconds."""
    if form := data_extension(request.path):
        words = "Too many requests. Wait a minute, then try again."
        response = error_response(form, words, status=429)
    else:
        response = render(request, "429.html", status=429)
    response["Retry-After"] = str(wait)
    return response


def file_of(name: str) -> tuple[str, list[str]]:
    """Return a page that is a file, and what its inline style needs of the content policy."""
    html = (settings.BASE_DIR / "templates" / f"{name}.html").read_text()
    (style,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return html, [SELF, f"'sha256-{digest}'"]


ERROR, ERROR_STYLE = file_of("500")
UPDATE, UPDATE_STYLE = file_of("503")


def server_error(request):
    """Answer for an exception that nobody caught: 503 where the database is the reason.

    Here and not in a middleware, since this is where exceptions of middlewares and of the pages
    above end too.
    """
    return unavailable(request) if is_unavailable(sys.exc_info()[1]) else failed(request)


@never_cache
@csp_update({"style-src": ERROR_STYLE})
def failed(request):
    return HttpResponse(ERROR, status=500)


@never_cache
@csp_update({"style-src": UPDATE_STYLE})
def unavailable(request):
    return HttpResponse(UPDATE, status=503, headers={"Retry-After": str(UPDATE_TAKES)})


def is_unavailable(error: BaseException | None) -> bool:
    """Return whether the database does not answer, is locked, or waits for its migrations."""
    if isinstance(error, ProgrammingError):
        # A table or a column that is not there yet; otherwise the fault is in the query.
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return isinstance(error, (OperationalError, InterfaceError))
