"""``/healthz``: whether the site is up, and what it needs to be ready."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..importing import heartbeat

OK = "ok"
LEAST_FREE_BYTES = 100 << 20


@never_cache
@require_safe
def health(request):
    """Answer that the site is up; with ``?ready``, 200 or 503, and each part by name."""
    if "ready" not in request.GET:
        return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
    found = {name: outcome(check) for name, check in CHECKS.items()}
    wrong = [f"{name}: {words}" for name, words in found.items() if words != OK]
    if wrong:
        # The line of the request in the log says so.
        request.refusal = f"Not ready. {'; '.join(wrong)}"
    return JsonResponse({"ready": not wrong} | found, status=503 if wrong else 200)


def outcome(check: Callable[[], str]) -> str:
    """Return what a check says; never an error's own words, which may name hosts and accounts."""
    try:
        return check()
    except (DatabaseError, InterfaceError):
        return "the database does not answer"
    except OSError:
        return "not readable or not writable"


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return f"{missing} to run: call prepare" if missing else OK


def cache() -> str:
    """Check that what processes tell each other arrives; a Redis that is away keeps nothing."""
    shared, word = caches["shared"], token_hex(8)
    shared.set(f"health:{word}", word, 10)
    return OK if shared.get(f"health:{word}") == word else "it keeps nothing"


def disk() -> str:
    """Check the disks of uploads, and of the database where that is a file."""
    folders = [Path(tempfile.gettempdir())]
    if connection.vendor == "sqlite":
        folders.append(Path(settings.DATABASES["default"]["NAME"]).parent)
    free = min(shutil.disk_usage(folder).free for folder in folders if folder.is_dir())
    return OK if free >= LEAST_FREE_BYTES else f"less than {LEAST_FREE_BYTES >> 20} MB are free"


def worker() -> str:
    if heartbeat.is_alive():
        return OK
    return f"run_imports was not heard of for {heartbeat.ALIVE_SECONDS} s"


CHECKS = {
    "database": database,
    "migrations": migrations,
    "cache": cache,
    "disk": disk,
    "worker": worker,
}
