"""Mail about work that waits for somebody; without EMAIL_URL the desk's first screen tells it."""

import logging
from collections.abc import Iterable
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import models, transaction

from .permissions import may_change_public

logger = logging.getLogger(__name__)


def sent_to_review(entry: models.Model, user, message: str) -> None:
    """Tell those who may publish an entry that it waits for them."""
    staff = get_user_model().objects.filter(is_staff=True, is_active=True).exclude(email="")
    readers = [one for one in staff if one != user and may_change_public(one, type(entry))]
    tell(readers, f"In review: {entry}", [f"{name_of(user)} sent it to review.", message])


def sent_back(entry: models.Model, user, writers: Iterable, message: str) -> None:
    """Tell the writers of an entry what is to be changed."""
    tell(writers, f"Sent back: {entry}", [f"{name_of(user)} sent it back.", message])


def not_published(entry: models.Model, people: Iterable, message: str) -> None:
    """Tell who approved and wrote a scheduled change that it was not published at its time."""
    tell(people, f"Not published: {entry}", [message])


def tell(people: Iterable, subject: str, lines: list[str]) -> None:
    """Send each of some people a mail once the transaction is committed."""
    addresses = sorted({one.email for one in people if one and one.is_active and one.email})
    if not settings.EMAIL_URL or not addresses:
        return
    words = [*filter(None, lines), f"The desk: {settings.SITE_URL}/admin/"]
    subject = " ".join(f"{settings.SITE_NAME}: {subject}".split())
    for address in addresses:
        transaction.on_commit(partial(send, address, subject, "\n\n".join(words)))


def send(address: str, subject: str, text: str) -> None:
    """Send one mail; that it cannot be sent is logged, and undoes nothing."""
    try:
        send_mail(subject, text, None, [address])
    except (SMTPException, OSError):
        logger.exception("A notice could not be sent.")


def name_of(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else "The operator"
