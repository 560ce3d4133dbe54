"""A backup that is taken while editors save is the database at one moment."""

import pytest

from meetings.editing.revisions import record_loaded
from tests import factories as make
from tests.importing.conftest import copy_database as copy_database
from tests.importing.processes import result
from tests.soak import repeats

from .edits import back_up, edit, restored

SLUGS = ("one", "two")


@pytest.mark.parametrize("number", repeats(3, 20))
def test_restored_backups_equal_the_database_of_their_moment(number, copy_database, tmp_path):
    for slug in SLUGS:
        make.make_meeting(slug=slug)
    record_loaded()
    copy = copy_database()
    end = tmp_path / "end"
    editors = [copy.start(edit, slug, end) for slug in SLUGS]

    try:
        paths = [tmp_path / f"{each}.backup" for each in range(number)]
        taken = [(path, *copy.run(back_up, path)) for path in paths]
    finally:
        end.touch()

    saved = sum(result(*editor) for editor in editors)
    assert saved >= number
    assert len({repr(rows) for _, rows, _, _ in taken}) == number
    for path, rows, before, after in taken:
        found, revisions, unlike = copy.run(restored, path)
        assert found == rows
        assert before <= revisions <= after
        assert unlike == []
    print(saved, "saves,", sum(after - before for _, _, before, after in taken), "during backups")
