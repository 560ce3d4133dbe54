"""Accounts with passwords, and the records of the log that an inquiry would read."""

import logging

import pytest

from tests.factories import make_editor

PASSWORD = "typed by hand"


@pytest.fixture
def ana(db):
    user = make_editor("ana", email="ana@record.example")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def logged(caplog):
    """A function that returns the records of access and rights so far."""
    caplog.set_level(logging.INFO, "meetings.security")
    return lambda: [each for each in caplog.records if each.name == "meetings.security"]
