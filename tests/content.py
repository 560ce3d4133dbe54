"""The record as ``loaddata`` and the step after it leave it, for the modules that read it."""

import pytest
from django.core.management import call_command
from django.db import transaction

from meetings import publishing
from meetings.revisions import record_loaded
from meetings.tables import refresh_statistics

from .factories import make_meeting

WITHDRAWN = "/meetings/entered-twice/"


def load() -> None:
    """Load the content as the first run of the site does."""
    call_command("loaddata", "record", verbosity=0)
    record_loaded()
    refresh_statistics()


def withdraw_one() -> None:
    """Add an entry that was published and then withdrawn; the content has none."""
    meeting = make_meeting(slug="entered-twice", title="Talks entered twice")
    publishing.withdraw(entry=meeting, reason="The same talks are at another address.")


@pytest.fixture(scope="module", autouse=True)
def record(django_db_setup, django_db_blocker):
    """Load the content once for the module that imports this, and take it back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)
