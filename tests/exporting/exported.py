"""An export of a record with a row in every table, for the tests that look at its files."""

from datetime import UTC, datetime

import pytest

from meetings.exporting import package
from tests import factories as make


@pytest.fixture
def folder(full_record, tmp_path):
    """An export of a record with a row in every table."""
    place = make.make_place(slug="pole", latitude="-90", longitude="0.000001")
    make.make_meeting(
        slug="noted",
        place=place,
        duration_minutes=1,
        ends_on="2018-07-17",
        publish_at=datetime(2020, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        title='=1+1, "said"\u2028',
        summary="One\ntwo\n\n\u202ethree \U0001f600",
    )
    path = tmp_path / "export"
    package.write(path)
    return path
