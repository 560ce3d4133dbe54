"""What the site says of itself: one line for each request, and each line with who asked for what.

A refusal is one line, that of its request; a fault has its traceback besides. Addresses of clients
are cut to their network, and what was searched for is left out.
"""

import json
import logging
import random
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from time import perf_counter
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest

GIVEN_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# What every record has; all else was given as ``extra``.
STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "request"}
QUIET_PATHS = {"/healthz"}
# Robots ask for much that is not there.
ORDINARY_STATUSES = {404, 410}

# No line names threads or processes, and to find them out takes time (logging, “Optimization”).
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False

current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)
requests = logging.getLogger("meetings.requests")


class RequestLogMiddleware:
    """Give each request a number, which its answer names, and log it with status and duration."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.is_warned = False

    def __call__(self, request):
        began = perf_counter()
        request.log_id = self.id_of(request)
        token = current_request.set(request)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request.log_id
            log_request(request, response.status_code, perf_counter() - began)
        finally:
            current_request.reset(token)
        return response

    def id_of(self, request) -> str:
        """Return the number that a proxy of ours gave a request, or a new one."""
        if settings.PROXIES:
            given = request.META.get("HTTP_X_REQUEST_ID", "")
            if GIVEN_ID.fullmatch(given):
                return given
        elif not self.is_warned and "HTTP_X_FORWARDED_FOR" in request.META:
            self.is_warned = True
            logging.getLogger("meetings.settings").warning(
                "A request came with X-Forwarded-For, but PROXIES is 0: all readers behind that"
                " proxy count as one, and share its limits. Set PROXIES to the number of proxies."
            )
        return f"{random.getrandbits(64):016x}"


def log_request(request, status: int, seconds: float) -> None:
    """Log an answered request; the words of a refusal were kept for it by ``RefusalFilter``."""
    request.is_logged = True
    level = logging.INFO
    if status >= 500:
        level = logging.ERROR
    elif status >= 400 and status not in ORDINARY_STATUSES:
        level = logging.WARNING
    elif request.path_info in QUIET_PATHS:
        level = logging.DEBUG
    if requests.isEnabledFor(level):
        words = getattr(request, "refusal", "request")
        extra = {"status": status, "milliseconds": round(seconds * 1000, 1)}
        # Not by ``log``, which looks for the line of code: half of what a line costs.
        record = requests.makeRecord(requests.name, level, "", 0, words, (), None, None, extra)
        requests.handle(record)


class RefusalFilter(logging.Filter):
    """Keep what Django says of a refusal for the line of its request.

    A fault of ours passes, with its traceback; that the database does not answer is no such fault.
    """

    def filter(self, record):
        request = getattr(record, "request", None)
        if request is None or not hasattr(request, "log_id"):
            return True
        error = record.exc_info and record.exc_info[1]
        is_away = isinstance(error, (OperationalError, InterfaceError))
        if record.levelno >= logging.ERROR and error and not is_away and not is_refusal(record):
            return True
        request.refusal = record.getMessage()
        if is_away:
            request.refusal += f" ({str(error).strip().partition(chr(10))[0]})"
        return False


def is_refusal(record) -> bool:
    """Return whether a record is of a request that Django takes for suspicious."""
    return record.name.startswith("django.security") or getattr(record, "status_code", 500) < 500


def of_request() -> dict[str, object]:
    """Return what a line says of the request that it was written in."""
    request = current_request.get()
    if request is None:
        return {}
    found = {
        "request_id": getattr(request, "log_id", ""),
        "method": request.method,
        "path": request.path,
        "network": network(
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.PROXIES else "",
        ),
    }
    session: Any = getattr(request, "session", None)
    # Nothing is read for the log alone. Only a private name tells whether a session was loaded.
    is_loaded = session is not None and session.accessed and hasattr(session, "_session_cache")
    if is_loaded and (user_id := session.get(SESSION_KEY)):
        found["user_id"] = user_id
    return found


@lru_cache(maxsize=1024)
def network(address: str, forwarded: str) -> str:
    """Return the network of a client: nobody's address stays in the log."""
    # Logs are set up before there are apps.
    from access.clients import network_of

    request = HttpRequest()
    request.META = {"REMOTE_ADDR": address}
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return network_of(request)


def extras(record) -> dict[str, object]:
    """Return what was given with a record as ``extra``."""
    return {name: value for name, value in vars(record).items() if name not in STANDARD}


def time_of(record) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def trace_of(record) -> str:
    """Return the traceback of a record, or nothing."""
    if not record.exc_info or not record.exc_info[0]:
        return ""
    return "".join(traceback.format_exception(*record.exc_info)).rstrip()


class JSONFormatter(logging.Formatter):
    """One line of JSON for each record."""

    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode

    def format(self, record):
        line = {
            "time": time_of(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **of_request(),
            **extras(record),
        }
        if trace := trace_of(record):
            line["traceback"] = trace
        return self.encode(line)


class TextFormatter(logging.Formatter):
    """One line for people for each record, and its traceback in those after it."""

    def format(self, record):
        facts = {**of_request(), **extras(record)}
        words = [time_of(record), record.levelname, record.name, record.getMessage()]
        words += [f"{name}={value}" for name, value in facts.items() if value not in ("", None)]
        line = CONTROL.sub(lambda found: repr(found[0])[1:-1], " ".join(words))
        trace = trace_of(record)
        return f"{line}\n{trace}" if trace else line
