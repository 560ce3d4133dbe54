"""The state of the record is different after every change, also one that is committed late."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import RecordState
from meetings.models.public_state import public_state
from tests import factories as make
from tests.writers import changing


@pytest.mark.django_db
def test_saving_changes_the_state_and_takes_nothing_out():
    meeting = make.make_meeting()
    record_loaded()
    before = public_state()

    acts.save(entry=meeting, after=changing(meeting, title="Another"))

    after = public_state()
    assert after.changes != before.changes
    assert after.withdrawals == before.withdrawals


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["withdraw", "back_to_draft"])
def test_ending_a_publication_takes_something_out(end):
    meeting = make.make_meeting()
    record_loaded()
    before = public_state()

    if end == "withdraw":
        acts.withdraw(entry=meeting, reason="Wrong.")
    else:
        acts.back_to_draft(entry=meeting, note="Wrong.")

    assert public_state().withdrawals != before.withdrawals


@pytest.mark.django_db
def test_what_comes_due_changes_the_state_without_an_act(monkeypatch):
    soon = timezone.now() + timedelta(minutes=5)
    make.make_meeting(publish_at=soon)
    record_loaded()
    before = public_state()

    monkeypatch.setattr(timezone, "now", lambda: soon)

    assert public_state().changes != before.changes


@pytest.mark.django_db
def test_database_without_marks_is_in_another_state_every_time():
    RecordState.objects.all().delete()

    assert public_state() != public_state()
    RecordState.objects.mark_changed()
    assert public_state() == public_state()


@pytest.mark.postgresql  # On SQLite one transaction writes at a time.
def test_late_commit_changes_the_state_and_keeps_nobody_waiting(committed_db):
    RecordState.objects.mark_changed()

    def change_meanwhile():
        RecordState.objects.mark_changed()
        connection.close()

    with transaction.atomic():
        RecordState.objects.mark_changed()
        other = Thread(target=change_meanwhile)
        other.start()
        other.join(10)
        assert not other.is_alive()
        states = [seen_elsewhere()]
    states.append(public_state())

    assert states[0] != states[1]


def seen_elsewhere():
    """Return the state that another connection sees."""
    found = []

    def look():
        found.append(public_state())
        connection.close()

    looking = Thread(target=look)
    looking.start()
    looking.join(10)
    return found[0]
