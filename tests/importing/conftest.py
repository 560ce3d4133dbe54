"""Fixture for tests with several processes."""

import pytest

from .processes import DatabaseCopy


@pytest.fixture
def copy_database(committed_db, tmp_path):
    """Return a function that copies the database; there is one copy at a time."""
    made = []

    def copy():
        made.append(DatabaseCopy(tmp_path))
        return made[-1]

    yield copy
    for each in made:
        each.drop()
