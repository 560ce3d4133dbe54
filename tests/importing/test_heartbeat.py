"""The worker gives a sign of life, also while it has nothing to do."""

from unittest import mock

import pytest
from django.core.cache import caches
from django.core.management import call_command

from meetings.importing import heartbeat


@pytest.fixture(autouse=True)
def _nobody():
    caches["shared"].clear()


def test_worker_that_runs_is_heard_of(db):
    assert not heartbeat.is_alive()

    call_command("run_imports", once=True)

    assert heartbeat.is_alive()


def test_full_disk_does_not_end_the_worker(caplog):
    with mock.patch.object(caches["shared"].__class__, "set", side_effect=OSError("No space")):
        heartbeat.beat()

    assert "The worker cannot say that it is alive: No space" in caplog.text
