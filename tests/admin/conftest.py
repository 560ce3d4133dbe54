"""What the tests of imports at the desk begin with."""

import pytest

from meetings.editing.revisions import record_loaded
from tests import factories as make


@pytest.fixture
def record():
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", title="Geneva", body="Held [@press].")
    record_loaded()


@pytest.fixture
def desk(client, record):
    """The client of an editor, beside a small record."""
    client.force_login(make.make_editor())
    return client
