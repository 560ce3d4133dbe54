"""The pages on which a password is changed, asked for, and set by a link."""

import logging

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.views import (
    PasswordChangeView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
    PasswordResetView,
)
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import path, reverse

from . import known_devices, links, security_log, throttle
from .clients import client_of
from .signals import MUST_CHANGE_PASSWORD

SAME_PASSWORD = "Choose another password than the one you have."
SET = "Your password is set. Sign in with it."

logger = logging.getLogger(__name__)


def addresses(site) -> list:
    """Return the addresses of the pages for people who are not signed in."""

    def page(view):
        def dressed(request, **kwargs):
            return view.as_view(extra_context=site.each_context(request))(request, **kwargs)

        return dressed

    return [
        path("password_reset/", page(PasswordRequest), name="password_reset"),
        path("password_reset/sent/", page(RequestSent), name="password_reset_done"),
        path("set_password/<uidb64>/<token>/", page(PasswordByLink), name="set_password"),
    ]


class OtherPasswordForm(AdminPasswordChangeForm):
    """Django's form, which takes no password that is the old one."""

    def clean(self):
        cleaned = super().clean()
        old, new = cleaned.get("old_password"), cleaned.get("new_password1")
        if old and old == new:
            self.add_error("new_password1", ValidationError(SAME_PASSWORD))
        return cleaned


class PasswordChange(PasswordChangeView):
    """Django's page of the desk, which also ends what a temporary password asked for."""

    form_class = OtherPasswordForm
    template_name = "registration/password_change_form.html"

    def get_success_url(self):
        return reverse("admin:password_change_done")

    def form_valid(self, form):
        response = super().form_valid(form)
        self.request.session.pop(MUST_CHANGE_PASSWORD, None)
        return response


class RequestForm(PasswordResetForm):
    """Django's form; its mails are counted, and lead to the site's own address alone."""

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self):
        cleaned = super().clean()
        try:
            throttle.count(throttle.Attempt(""), "mail", client_of(self.request), throttle.MAILS)
        except throttle.TooMany as refused:
            words = (
                f"Too many links were asked for from your network. {throttle.wait_words(refused)}"
            )
            self.add_error("email", words)
        return cleaned

    def save(self, **options):
        """Send a link to the accounts of an address; what fails is for the log alone."""
        for account in self.get_users(self.cleaned_data["email"]):
            try:
                throttle.count(throttle.Attempt(""), "mail to", str(account.pk), throttle.MAILS)
                links.send(account, request=self.request)
            except throttle.TooMany:
                words = "No link was sent: too many were asked for."
                security_log.record("link refused", words, request=self.request, account=account)
            except links.MAIL_ERRORS:
                logger.exception("A mail with a link to set a password could not be sent.")


class OnlyWithMail:
    """A page that is there only where the site sends mail."""

    def dispatch(self, request, *args, **kwargs):
        if not settings.EMAIL_URL:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class PasswordRequest(OnlyWithMail, PasswordResetView):
    """The page on which a link is asked for by mail."""

    form_class = RequestForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def get_success_url(self):
        return reverse("admin:password_reset_done")


class RequestSent(OnlyWithMail, PasswordResetDoneView):
    pass


class PasswordByLink(PasswordResetConfirmView):
    """The page to which a link leads. It sets the password, and makes the device known."""

    def get_success_url(self):
        return reverse("admin:login")

    def form_valid(self, form):
        response = super().form_valid(form)
        words = "Password set by a link."
        security_log.record("link used", words, request=self.request, account=self.user)
        known_devices.remember(self.request, response, self.user.get_username())
        messages.success(self.request, SET)
        return response
