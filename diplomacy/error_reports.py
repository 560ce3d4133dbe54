"""Faults sent to Sentry, or to what speaks as it does, without data of persons."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured


def send_to(address: str) -> None:
    """Send faults to the address of a Sentry project."""
    try:
        import sentry_sdk
    except ImportError as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, but its package is not installed: pip install sentry-sdk."
        ) from error
    sentry_sdk.init(
        dsn=address,
        send_default_pii=False,
        # Forms hold passwords and what editors type; so do local variables.
        max_request_body_size="never",
        include_local_variables=False,
        traces_sample_rate=0,
        before_send=without_persons,
        # What was logged before a fault names accounts and paths.
        max_breadcrumbs=0,
    )


def without_persons(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Return a report without who asked, and what was searched for."""
    event.pop("user", None)
    request = event.get("request", {})
    for name in ("cookies", "data", "env", "headers", "query_string"):
        request.pop(name, None)
    return event
