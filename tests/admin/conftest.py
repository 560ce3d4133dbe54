"""Fixtures of the desk: who is signed in, and what the record holds."""

import pytest

from meetings.editing.revisions import record_loaded
from tests import factories as make


@pytest.fixture
def record():
    """A small record: a published meeting that cites a source, with their first revisions."""
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", title="Geneva", body="Held [@press].")
    record_loaded()


@pytest.fixture
def desk(client):
    """The client of an editor who is signed in."""
    client.force_login(make.make_editor())
    return client


@pytest.fixture
def meeting():
    """A draft meeting with parts of each kind, and its first revision."""
    meeting = make.make_meeting(slug="geneva", title="Geneva", status="draft")
    discussion = make.make_discussion(
        meeting=meeting, issue=make.make_issue(slug="syria", title="Syria")
    )
    make.make_account(meeting=meeting, issue=discussion.issue, government="RU", text="Stated.")
    make.make_participation(meeting=meeting, government="RU")
    make.make_participation(meeting=meeting, government="US")
    make.make_outcome(meeting=meeting, order=10)
    record_loaded()
    return meeting
