"""The form by which people sign in."""

import logging

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.forms import CharField, TextInput

from . import second_factor, security_log, throttle

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

    sign_in_code = CharField(
        label="Code",
        required=False,
        help_text="Only if you set up a second factor: from your app, or a recovery code.",
        widget=TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )
    # The same words for a wrong password and a wrong code: neither tells that the other is right.
    error_messages = AdminAuthenticationForm.error_messages | {
        "invalid_login": "Please enter the correct %(username)s and password for a staff account,"
        " and the code if you set up a second factor. Capital letters matter."
    }
    refused: throttle.TooMany | None = None

    def clean(self):
        username = self.cleaned_data.get("username")
        if username is None or not self.cleaned_data.get("password"):
            return self.cleaned_data
        try:
            with throttle.attempt(self.request, username) as attempt:
                cleaned = super().clean()
                self.verify_code(self.get_user(), cleaned.get("sign_in_code", ""))
        except throttle.TooMany as refused:
            self.refused = refused
            if throttle.is_first_refusal(self.request, username, refused):
                log_refusal(self.request, refused)
            raise ValidationError(
                f"{WAIT_WORDS[refused.reason]} {throttle.wait_words(refused)}"
            ) from None
        attempt.succeeded()
        return cleaned

    def verify_code(self, account, code: str) -> None:
        """Raise ValidationError unless the account has no second factor, or the code is its."""
        if second_factor.app_of(account) is None:
            return
        device = second_factor.verified_device(account, code, self.request)
        if device is None:
            raise self.get_invalid_login_error()
        # django-otp keeps it in the session when the account is signed in.
        account.otp_device = device


def log_refusal(request, refused: throttle.TooMany) -> None:
    words = f"Sign-in is refused for {refused.seconds} s: too many for the {refused.reason}."
    security_log.record("sign-in refused", words, request=request, level=logging.WARNING)
