"""Imports too large for a request: worked on outside it, stopped, and what a kill leaves behind."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.utils import timezone

from meetings.editing import apply
from meetings.importing import imports, progress, uploads, worker
from meetings.models import Import, Reaction
from tests.importing.corpus.workbooks import packed

from .wizard import choose, confirm, page, plan, reactions, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
ZIP = packed({"reactions.csv": reactions(2)})


@pytest.fixture
def large(monkeypatch):
    """Two rows are already many, and whoever works on them tells of each."""
    monkeypatch.setattr(uploads, "SMALL_ROWS", 1)
    monkeypatch.setattr(progress, "REPORT_INTERVAL_SECONDS", 0)
    caches["shared"].clear()


def killed(*args, **kwargs):
    raise KeyboardInterrupt


def age(imported):
    """Let the lease of whoever worked on it have ended a minute ago."""
    Import.objects.filter(pk=imported.pk).update(held_until=timezone.now() - timedelta(minutes=1))


def test_a_large_file_is_planned_carried_out_and_undone_outside_the_request(desk, large):
    imported = plan(desk, reactions(3))
    assert (imported.state, imported.rows.count()) == ("planning", 0)
    assert "waits for its turn" in page(desk, "progress", imported)
    assert '<meta http-equiv="refresh" content="3">' in page(desk, "progress", imported)

    assert worker.run_next()
    imported.refresh_from_db()
    assert (imported.state, imported.new, imported.content) == ("ready", 3, None)

    assert confirm(desk, imported).url == url("progress", imported)
    assert not Reaction.objects.exists()
    assert worker.run_next()
    imported.refresh_from_db()
    assert (imported.state, Reaction.objects.count()) == ("done", 3)
    assert {row.note for row in imported.revisions.all()} == {"From the press office."}

    response = desk.post(url("undo", imported), {"note": "Wrong file."})
    undone = Import.objects.latest("pk")
    assert response.url == url("progress", undone)
    assert "already" in desk.post(url("undo", imported), {"note": "Again."}).content.decode()
    assert worker.run_next()
    assert set(Reaction.objects.values_list("status", flat=True)) == {"withdrawn"}
    assert not worker.run_next()


def test_file_that_takes_long_to_open_is_opened_outside_the_request(desk, large, monkeypatch):
    monkeypatch.setattr(uploads, "QUICK_BYTES", 10)
    inner, opened = uploads.open_sheets, []

    def opening(*args, **kwargs):
        opened.append(kwargs["name"])
        return inner(*args, **kwargs)

    monkeypatch.setattr(uploads, "open_sheets", opening)
    imported = choose(desk, ZIP, table="several", name="record.zip")
    assert desk.get(url("match", imported)).url == url("progress", imported)
    assert "waits for its turn" in page(desk, "progress", imported)
    assert opened == []

    assert worker.run_next()

    assert desk.get(url("progress", imported)).url == url("match", imported)
    assert "attribution" in page(desk, "match", imported)
    assert len(opened) == 1
    imported.refresh_from_db()
    assert (imported.state, imported.held_by, imported.attempts) == ("chosen", "", 0)


def test_file_is_not_opened_again_at_every_look(desk, monkeypatch):
    imported = choose(desk, reactions(2))
    assert "attribution" in page(desk, "match", imported)
    monkeypatch.setattr(uploads, "open_sheets", None)

    assert "attribution" in page(desk, "match", imported)


def test_file_that_waits_to_be_opened_can_be_discarded(desk, large, monkeypatch):
    monkeypatch.setattr(uploads, "QUICK_BYTES", 10)
    imported = choose(desk, ZIP, table="several", name="record.zip")

    desk.post(url("stop", imported))

    imported.refresh_from_db()
    assert (imported.state, imported.content) == ("stopped", None)
    assert not worker.run_next()


def test_the_command_does_all_there_is(desk, large):
    imported = plan(desk, reactions(2))

    call_command("run_imports", "--once", stdout=StringIO())

    imported.refresh_from_db()
    assert imported.state == "ready"


def test_progress_says_how_many_rows_were_gone_through(desk, large):
    imported = plan(desk, reactions(2))
    Import.objects.update(held_until=timezone.now(), done=1)

    assert "1 rows" in page(desk, "progress", imported)
    worker.work_on(imported)
    confirm(desk, imported)
    Import.objects.update(held_until=timezone.now())
    caches["shared"].set(progress.done_key(imported.pk), 2)

    assert "2 of 2 rows gone through" in page(desk, "progress", imported)


@pytest.mark.parametrize("place", ["compare_with_record", "store_counts"])
def test_a_plan_stopped_while_it_is_made_leaves_nothing(desk, large, monkeypatch, place):
    imported = plan(desk, reactions(2))
    inner = getattr(imports, place)

    def stopping(*args, **kwargs):
        desk.post(url("stop", imported))
        return inner(*args, **kwargs)

    monkeypatch.setattr(imports, place, stopping)
    worker.run_next()

    imported.refresh_from_db()
    assert (imported.state, imported.rows.count(), imported.content) == ("stopped", 0, None)


def test_an_import_stopped_while_it_is_carried_out_writes_nothing(desk, large, monkeypatch):
    imported = plan(desk, reactions(3))
    worker.run_next()
    confirm(desk, imported)
    inner = imports.apply_batch

    def stopping(*args):
        imported.refresh_from_db()
        desk.post(url("stop", imported))
        return inner(*args)

    monkeypatch.setattr(imports, "apply_batch", stopping)
    worker.run_next()

    imported.refresh_from_db()
    assert (imported.state, imported.rows.count()) == ("stopped", 0)
    assert not Reaction.objects.exists()


def test_an_import_stopped_before_its_turn_is_never_carried_out(desk, large):
    imported = plan(desk, reactions(2))
    worker.run_next()
    confirm(desk, imported)

    desk.post(url("stop", imported))

    assert not worker.run_next()
    assert not Reaction.objects.exists()


def test_a_plan_half_made_by_a_killed_process_is_made_anew(desk, large, monkeypatch):
    imported = plan(desk, reactions(3))
    with monkeypatch.context() as patch:
        patch.setattr(imports, "compare_with_record", killed)
        with pytest.raises(KeyboardInterrupt):
            worker.run_next()
    assert imported.rows.count() == 3
    assert not worker.run_next()

    age(imported)
    assert worker.run_next()

    imported.refresh_from_db()
    assert (imported.state, imported.new, imported.rows.count()) == ("ready", 3, 3)


def test_an_import_half_carried_out_by_a_killed_process_is_said_to_have_failed(
    desk, large, monkeypatch
):
    imported = plan(desk, reactions(3))
    worker.run_next()
    confirm(desk, imported)
    with monkeypatch.context() as patch:
        patch.setattr(apply, "record_revisions", killed)
        with pytest.raises(KeyboardInterrupt):
            worker.run_next()
    assert not Reaction.objects.exists()

    age(imported)
    worker.run_next()

    text = page(desk, "result", imported)
    assert "Not imported" in text
    assert "The work was cut off. Nothing was written." in text
    assert not Reaction.objects.exists()


def test_a_refused_import_says_why_and_can_be_compared_again(desk, large):
    confirm(desk, plan(desk, reactions(1, role="Minister")))
    imported = plan(desk, reactions(2, role="President"))
    worker.run_next()
    confirm(desk, imported)
    Reaction.objects.update(role="Commissioner")

    worker.run_next()

    assert "is now “Commissioner”" in page(desk, "confirm", imported)
    desk.post(url("again", imported))
    worker.run_next()
    confirm(desk, imported)
    worker.run_next()
    assert set(Reaction.objects.values_list("role", flat=True)) == {"President"}


def test_a_fault_of_ours_is_recorded_and_the_next_one_goes_on(desk, large, monkeypatch, caplog):
    first, second = choose(desk, reactions(2)), choose(desk, reactions(2))
    for imported in (first, second):
        desk.post(url("match", imported))

    def broken(*args, **kwargs):
        raise ValueError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(imports, "compare_with_record", broken)
        worker.run_next()
    worker.run_next()

    states = [Import.objects.get(pk=imported.pk).state for imported in (first, second)]
    assert states == ["failed", "ready"]
    assert "broken" in caplog.text
    assert "went wrong on our side" in page(desk, "result", first)
