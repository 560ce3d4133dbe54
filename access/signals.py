"""Events of Django's that access listens to: they come from pages, commands and shells alike."""

import logging

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from . import security_log


def connect() -> None:
    user_logged_in.connect(signed_in)
    user_logged_out.connect(signed_out)
    user_login_failed.connect(sign_in_failed)


def signed_in(sender, request, user, **kwargs):
    security_log.record("sign-in", "Signed in.", request=request, account=user)


def signed_out(sender, request, user, **kwargs):
    if user is not None:
        security_log.record("sign-out", "Signed out.", request=request, account=user)


def sign_in_failed(sender, credentials, request=None, **kwargs):
    """Log a wrong password; of a name that no account has, that alone."""
    name = credentials.get("username", "")
    account = get_user_model().objects.filter(username=name).only("username").first()
    words = "Sign-in failed." if account else "Sign-in failed: no such account."
    security_log.record(
        "sign-in failed", words, request=request, account=account, level=logging.WARNING
    )
