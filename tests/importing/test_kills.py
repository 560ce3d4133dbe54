"""A killed process leaves the database exactly as it was before an act, or as it is after."""

import shutil
import signal
import time
from pathlib import Path

import pytest

from meetings.editing.revisions import record_loaded
from meetings.importing import uploads, worker
from meetings.models import Import
from tests import factories as make
from tests.soak import repeats

from .corpus.records import NEW, make_records
from .helpers import import_file, plan_file, write
from .tasks import confirm, count_statements, die_at, require_command, run_abandoned, run_next


@pytest.fixture
def files(committed_db, tmp_path):
    """A folder with a new row for every table, and some that change what is there."""
    make_records()
    record_loaded()
    folder = tmp_path / "files"
    folder.mkdir()
    changed = {
        "places": {"slug": "city-hall", "venue": "City Hall"},
        "actors": {"slug": "ada", "name": "Ada", "kind": "person"},
        "issues": {"slug": "trade", "title": "Trade", "summary": "Goods."},
        "reactions": NEW["reactions"]
        | {"slug": "first", "attribution": "A minister", "stance": "mixed", "issues": "arms"},
    }
    for table, row in NEW.items():
        write(folder, table, *filter(None, [row, changed.get(table)]))
    return folder


def importing(files):
    return require_command, "import_record", str(files)


def importing_one(files):
    """Import one file while it is read, without a plan."""
    return require_command, "import_record", str(files / "actors.csv")


def confirming(files):
    user = make.make_member("administrator")
    return confirm, plan_file(files, user).imported.pk, user


def undoing(files):
    return require_command, "undo_import", str(import_file(files).imported.pk)


ACTS = pytest.mark.parametrize("begin", [importing, importing_one, confirming, undoing])


def killed_at(step, copy, work):
    process, _ = copy.start(die_at, step, *work)
    process.join()
    assert process.exitcode == -signal.SIGKILL


def goes_through(copy, work, after):
    """Run work again that was killed, and assert that it is done.

    On PostgreSQL, ids from before a kill are not used again.
    """
    copy.run(*work)
    assert sizes(copy.table_digests()) == sizes(after)


def sizes(state):
    return {name: size for name, (size, _) in state.items()}


def spread(number, last):
    """Return a number of steps, from the first to the last."""
    return [round(1 + (last - 1) * n / (number - 1)) for n in range(number)]


@ACTS
@pytest.mark.parametrize("number", repeats(4, 200))
def test_kill_at_any_statement_leaves_all_as_before(begin, number, files, copy_database):
    work = begin(files)
    copy = copy_database()
    before = copy.table_digests()
    _, (last,) = copy.run(count_statements, *work)
    after = copy.table_digests()
    copy.restore()

    for step in spread(number, last):
        killed_at(step, copy, work)
        assert copy.table_digests() == before, f"step {step} of {last}"

    goes_through(copy, work, after)
    copy.restore()
    killed_at(last + 1, copy, work)
    assert copy.table_digests() == after


@ACTS
@pytest.mark.parametrize("number", repeats(2, 50))
def test_kill_at_any_moment_leaves_all_as_before_or_as_after(begin, number, files, copy_database):
    work = begin(files)
    copy = copy_database()
    before = copy.table_digests()
    began = time.monotonic()
    copy.run(*work)
    lasts = time.monotonic() - began
    after = copy.table_digests()

    for n in range(number):
        copy.restore()
        process, _ = copy.start(*work)
        process.join(lasts * n / number)
        process.kill()
        process.join()
        state = copy.table_digests()
        assert state in (before, after), f"{n} of {number}"


def record(state):
    """Return the digests of the record, without those of imports."""
    return {name: found for name, found in state.items() if not name.startswith("meetings_import")}


@pytest.fixture
def waiting(files, monkeypatch):
    """An uploaded zip of the files, waiting for a worker."""
    monkeypatch.setattr(uploads, "SMALL_ROWS", 0)
    content = Path(shutil.make_archive(str(files), "zip", files)).read_bytes()
    user = make.make_member("administrator")
    imported = uploads.store_upload(user=user, name="files.zip", content=content)
    return uploads.plan_upload(imported=imported, user=user)


@pytest.mark.parametrize("number", repeats(2, 200))
def test_large_plan_is_made_by_the_next_when_its_maker_is_killed(number, waiting, copy_database):
    copy = copy_database()
    before = copy.table_digests()
    count, _ = copy.run(count_statements, run_next)
    after = copy.table_digests()

    for step in spread(number, count):
        copy.restore()
        killed_at(step, copy, [run_next])
        assert record(copy.table_digests()) == record(before), f"step {step} of {count}"
        assert copy.run(run_abandoned, waiting.pk) == Import.State.READY
        assert sizes(copy.table_digests()) == sizes(after)


@pytest.mark.parametrize("number", repeats(2, 200))
def test_large_import_is_whole_or_said_to_have_failed_after_a_kill(number, waiting, copy_database):
    worker.run_next()
    confirm(waiting.pk, waiting.made_by)
    copy = copy_database()
    before = copy.table_digests()
    count, _ = copy.run(count_statements, run_next)
    after = copy.table_digests()

    for step in spread(number, count):
        copy.restore()
        killed_at(step, copy, [run_next])
        assert record(copy.table_digests()) in (record(before), record(after)), (
            f"step {step} of {count}"
        )
        became = copy.run(run_abandoned, waiting.pk)
        left = {Import.State.FAILED: before, Import.State.DONE: after}[became]
        assert sizes(record(copy.table_digests())) == sizes(record(left))
