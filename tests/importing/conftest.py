"""What the tests of kills and of work at once begin with."""

import pytest

from .apart import Copy


@pytest.fixture
def copied(committed_db, tmp_path):
    """Copies of the database, of which one at a time is there; the last one goes with the test."""
    made = []

    def copy():
        made.append(Copy(tmp_path))
        return made[-1]

    yield copy
    for each in made:
        each.drop()
