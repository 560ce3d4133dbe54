"""Error pages.

Those for a fault of the site (500, 503) are static files: no template, no database, no style
sheet. Their inline style is allowed on that response alone, by its hash.
"""

import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token

from ..exporting.responses import data_extension, error_response
from ..importing.uploads import TOO_MANY_FILES

UPDATE_RETRY_SECONDS = 60
# So long a file takes on a slow line.
FILE_SECONDS = 60


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        is_one_of_many = TOO_MANY_FILES in request.META
        return too_many_requests(request, FILE_SECONDS) if is_one_of_many else too_large(request)
    return unreadable(request, exception)


# Without the token of forms, which is looked for in the body that is not read.
def too_large(request):
    """Answer 413, and say how much the address reads."""
    most = getattr(request, "most_body_bytes", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return render(request, "413.html", {"most": most}, status=413)


@requires_csrf_token
def unreadable(request, exception):
    if isinstance(exception, TooManyFieldsSent):
        request.GET = QueryDict()  # The error page must not read the parameters again.
    if any(map(is_unavailable, causes_of(exception))):
        # Django takes a session that it could not write for one that was ended meanwhile.
        return unavailable(request)
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
    """Answer 429, as JSON or text at an address of data; ``wait`` is in seconds."""
    if form := data_extension(request.path):
        words = "Too many requests. Wait a minute, then try again."
        response = error_response(form, words, status=429)
    else:
        response = render(request, "429.html", status=429)
    response["Retry-After"] = str(wait)
    return response


def static_page(name: str) -> tuple[str, list[str]]:
    """Return the HTML of a static page, and the sources of ``style-src`` that its style needs."""
    html = (settings.BASE_DIR / "templates" / f"{name}.html").read_text()
    (style,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return html, [SELF, f"'sha256-{digest}'"]


ERROR, ERROR_STYLE = static_page("500")
UPDATE, UPDATE_STYLE = static_page("503")


def server_error(request):
    """Answer to an exception that nobody caught: 503 if the database is the reason, else 500.

    A handler and not a middleware, because exceptions of middlewares and of the other error pages
    end here too.
    """
    return unavailable(request) if is_unavailable(sys.exc_info()[1]) else failed(request)


@never_cache
@csp_update({"style-src": ERROR_STYLE})
def failed(request):
    return HttpResponse(ERROR, status=500)


@never_cache
@csp_update({"style-src": UPDATE_STYLE})
def unavailable(request):
    return HttpResponse(UPDATE, status=503, headers={"Retry-After": str(UPDATE_RETRY_SECONDS)})


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the exceptions while which an exception was raised."""
    while error := error and error.__context__:
        yield error


def is_unavailable(error: BaseException | None) -> bool:
    """Return whether the database does not answer, is locked, or waits for its migrations."""
    if isinstance(error, ProgrammingError):
        # A table or a column that is not there yet; otherwise the fault is in the query.
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return isinstance(error, (OperationalError, InterfaceError))
