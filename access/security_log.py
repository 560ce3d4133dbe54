"""What an inquiry asks for: each event of access and rights is one record of one logger.

The message is for people; ``extra`` holds the same as fields. Who is signed in and the number of
the request are added where records are formatted. Names that no account has are left out: people
type passwords in the wrong field.
"""

import logging

from .clients import network_of

logger = logging.getLogger("meetings.security")


def record(event: str, words: str, *, request=None, account=None, level=logging.INFO, **facts):
    """Log an event: its name, and words to which the account and the client's network are added."""
    extra = {"event": event, **facts}
    if account is not None:
        words += f" Account “{account.get_username()}”."
        extra |= {"account": account.get_username(), "account_id": account.pk}
    if request is not None and request.META:
        extra["network"] = network_of(request)
        words += f" From {extra['network']}."
    logger.log(level, words, extra=extra)
