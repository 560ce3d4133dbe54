"""A database in which somebody writes for too long: a sentence and nothing done, never a trace."""

import pytest

from tests.admin.wizard import FORM, url

from .concurrency import post, with_short_timeout
from .helpers import bring, plan_file, reaction, write
from .tasks import run_command
from .test_at_once import editor
from .test_at_once import record as record
from .test_at_once import session as session


@pytest.fixture
def file(record, tmp_path):
    return write(tmp_path, "reactions", reaction())


@pytest.mark.parametrize(
    ("name", "nothing"),
    [("import_record", "Nothing was imported."), ("undo_import", "Nothing was undone.")],
)
def test_command_that_waits_too_long_says_so_and_exits_1(name, nothing, file, copy_database):
    given = str(file) if name == "import_record" else str(bring(file).imported.pk)
    copy = copy_database()
    before = copy.table_digests()

    with copy.locked():
        code, said = copy.run(with_short_timeout, run_command, name, given)

    assert code == 1
    assert said.startswith(f"CommandError: {nothing} The database was busy for too long")
    assert said.endswith("Try again.\n")
    assert said.count("\n") == 1
    assert copy.table_digests() == before


@pytest.mark.parametrize("act", ["confirm", "undo"])
def test_desk_that_waits_too_long_answers_503(act, session, file, copy_database):
    plan = plan_file(file, editor()).imported if act == "confirm" else bring(file).imported
    copy = copy_database()
    before = copy.table_digests()

    with copy.locked():
        status, text = copy.run(with_short_timeout, post, url(act, plan), FORM, session)

    assert status == 503
    assert "It will be back shortly." in text
    assert copy.table_digests() == before
