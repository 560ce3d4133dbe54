"""The form by which people sign in."""

import logging

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from . import security_log, throttle

WAIT_WORDS = {
    "address": "Too many attempts to sign in from your network failed.",
    "device": "Too many attempts to sign in from this device failed.",
    "account": (
        "Too many attempts to sign in to this account failed. It stays open to devices that it"
        " signed in from before; a link from an administrator opens it on this one."
    ),
    "busy": "Others are signing in at this moment.",
}


class SignInForm(AdminAuthenticationForm):
    """Django's form; an attempt is counted before its password is looked at."""

    refused: throttle.TooMany | None = None

    def clean(self):
        username = self.cleaned_data.get("username")
        if username is None or not self.cleaned_data.get("password"):
            return self.cleaned_data
        try:
            with throttle.attempt(self.request, username) as attempt:
                cleaned = super().clean()
        except throttle.TooMany as refused:
            self.refused = refused
            if throttle.is_first_refusal(self.request, username, refused):
                log_refusal(self.request, refused)
            raise ValidationError(
                f"{WAIT_WORDS[refused.reason]} {throttle.wait_words(refused)}"
            ) from None
        attempt.succeeded()
        return cleaned


def log_refusal(request, refused: throttle.TooMany) -> None:
    words = f"Sign-in is refused for {refused.seconds} s: too many for the {refused.reason}."
    security_log.record("sign-in refused", words, request=request, level=logging.WARNING)
