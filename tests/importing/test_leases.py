"""One import, several workers: none takes what another works on, and who lost it does no harm."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from time import sleep
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from meetings.importing import imports, leases, uploads, worker
from meetings.importing.plan import rows
from meetings.models import Import, ImportRow
from tests import factories as make

from .processes import result

LEASE = timedelta(seconds=1)


@pytest.fixture
def waiting(db, monkeypatch):
    """An uploaded file of five places, the last two with the same key, waiting for a worker."""
    monkeypatch.setattr(uploads, "SMALL_ROWS", 0)
    return upload()


def upload():
    content = b"slug,venue\na,A\nb,B\nc,C\nd,D\nd,E\n"
    user = make.make_editor()
    imported = uploads.store_upload(user=user, name="places.csv", content=content)
    return uploads.plan_upload(imported=imported, user=user)


def end_leases():
    Import.objects.update(held_until=timezone.now() - timedelta(seconds=1))


def problems_of(imported):
    return [problem.problem for problem in imports.problems_of(imported)]


DOUBLED = ["This key stands in line 5 too. Keep one of the two."]


@pytest.mark.parametrize(
    "step", ["refuse_duplicate_keys", "refuse_duplicate_sources", "store_results"]
)
def test_worker_that_lost_its_lease_does_not_harm_the_plan_of_the_next(
    waiting, monkeypatch, step, caplog
):
    """The first stands still in the middle; a second takes over and ends; the first goes on."""
    inner = getattr(rows, step)

    def stand_still(*given):
        monkeypatch.setattr(rows, step, inner)
        end_leases()
        assert worker.run_next()
        return inner(*given)

    monkeypatch.setattr(rows, step, stand_still)
    worker.run_next()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.rows.count(), waiting.wrong) == ("wrong", 5, 1)
    assert (waiting.held_by, waiting.held_until) == ("", None)
    assert problems_of(waiting) == DOUBLED
    assert "taken over by another worker" in caplog.text
    assert not worker.run_next()


def test_rows_of_a_worker_that_lost_its_lease_do_not_come_between(waiting, monkeypatch):
    """The second is in the middle of the rows when the first goes on to write its own."""
    first = Import.objects.get(pk=waiting.pk)
    assert leases.take(first, leases.free())
    end_leases()
    second = Import.objects.get(pk=waiting.pk)
    assert leases.take(second, leases.free())

    with pytest.raises(leases.LeaseLost):
        uploads.make_plan(first, uploads.PlanningReporter(first))

    uploads.make_plan(second, uploads.PlanningReporter(second))
    assert (second.state, problems_of(second)) == ("wrong", DOUBLED)


def test_held_import_is_not_taken(waiting):
    assert leases.take(waiting, leases.free())

    assert not worker.run_next()
    assert not leases.take(Import.objects.get(pk=waiting.pk), leases.free())


def test_small_file_planned_by_a_request_is_not_taken_by_a_worker(db, monkeypatch):
    inner = uploads.make_plan

    def look_for_work(*given):
        assert not worker.run_next()
        inner(*given)

    monkeypatch.setattr(uploads, "make_plan", look_for_work)

    imported = upload()

    assert (imported.state, imported.held_by, imported.attempts) == ("wrong", "", 0)


def test_import_of_a_request_that_was_killed_is_planned_by_a_worker(db, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "make_plan", mock.Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            upload()
    assert not worker.run_next()

    end_leases()

    assert worker.run_next()
    assert Import.objects.get().state == "wrong"


def test_busy_database_leaves_the_import_to_be_begun_again(waiting, monkeypatch):
    busy = mock.Mock(side_effect=OperationalError("database is locked"))
    with monkeypatch.context() as patch:
        patch.setattr(imports, "compare_with_record", busy)
        with pytest.raises(OperationalError):
            worker.run_next()

    call_command("run_imports", "--once")

    waiting.refresh_from_db()
    assert waiting.state == "wrong"


def test_import_whose_work_is_always_cut_off_holds_up_no_other(waiting, monkeypatch):
    for _ in range(leases.MOST_ATTEMPTS):
        with monkeypatch.context() as patch:
            patch.setattr(uploads, "make_plan", mock.Mock(side_effect=KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                worker.run_next()
        end_leases()

    assert worker.run_next()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.content, waiting.rows.count()) == ("failed", None, 0)
    assert "begun 5 times" in waiting.refusal[0]
    assert not worker.run_next()


def plan_slowly() -> bool:
    """Make a plan of which one step takes three times as long as a lease, without a report."""
    inner = rows.refuse_duplicate_keys

    def stall(*given):
        sleep(3 * LEASE.total_seconds())
        inner(*given)

    with short_lease(), mock.patch.object(rows, "refuse_duplicate_keys", stall):
        return worker.run_next()


def look_for_work() -> list[bool]:
    """Look for work while another process stands still, longer than its lease would last."""
    with short_lease():
        found = []
        sleep(LEASE.total_seconds())
        for _ in range(4):
            found.append(worker.run_next())
            sleep(LEASE.total_seconds() / 2)
        return found


@contextmanager
def short_lease():
    """Let leases last a second, by a clock that goes (``processes`` stops it)."""
    seconds = {"LEASE_SECONDS": LEASE.total_seconds(), "HEARTBEAT_SECONDS": 0.2}
    with mock.patch.multiple(leases, **seconds), mock.patch.object(timezone, "datetime", datetime):
        yield


def test_two_workers_leave_a_plan_to_the_first_however_long_a_step_takes(
    committed_db, monkeypatch, copy_database
):
    """A heartbeat renews the lease where the work says nothing."""
    monkeypatch.setattr(uploads, "SMALL_ROWS", 0)
    pk = upload().pk
    copy = copy_database()

    first = copy.start(plan_slowly)
    found = copy.run(look_for_work)

    assert found == [False] * 4
    assert result(*first) is True
    assert copy.run(state_of, pk) == ("wrong", 5, DOUBLED)


def state_of(pk):
    imported = Import.objects.get(pk=pk)
    return imported.state, ImportRow.objects.filter(plan=pk).count(), problems_of(imported)
