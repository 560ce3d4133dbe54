"""The record as ``loaddata`` and the step after it leave it, for the modules that read it."""

import pytest
from django.core.management import call_command
from django.db import transaction

from meetings.revisions import record_loaded


@pytest.fixture(scope="module", autouse=True)
def record(django_db_setup, django_db_blocker):
    """Load the content once for the module that imports this, and take it back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", "record", verbosity=0)
        record_loaded()
        yield
        transaction.set_rollback(True)
