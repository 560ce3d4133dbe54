"""Links by which the owner of an account sets a password: once, and for some hours."""

from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from . import security_log

MAIL_ERRORS = (SMTPException, OSError)


def make(account, *, request) -> str:
    """Return a link for an administrator to hand on; it is kept nowhere."""
    security_log.record("link made", "Link made.", request=request, account=account)
    return request.build_absolute_uri(path_for(account))


def send(account, *, request) -> None:
    """Mail a link to the address of an account; raise one of MAIL_ERRORS where it cannot be sent.

    It leads to the site's own address, whatever host the request was sent to.
    """
    context = {
        "account": account,
        "link": settings.SITE_URL + path_for(account),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "site_name": settings.SITE_NAME,
    }
    text = render_to_string("access/link.txt", context)
    send_mail(f"{settings.SITE_NAME}: set your password", text, None, [account.email])
    security_log.record("link sent", "Link sent by mail.", request=request, account=account)


def path_for(account) -> str:
    """Return the path of a link; it ends with its use, the next sign-in, and after some hours."""
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    token = default_token_generator.make_token(account)
    return reverse("admin:set_password", kwargs={"uidb64": uid, "token": token})
