"""The state of the record is different after every change, also one that is committed late."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import RecordState
from meetings.models import public_state as public_state_module
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


@pytest.mark.postgresql
def test_state_is_asked_again_on_a_new_connection_where_the_server_ended_ours(committed_db):
    before = public_state()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    ender = connection.copy()
    with ender.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [process])
    ender.close()

    assert public_state() == before


@pytest.mark.postgresql
@pytest.mark.django_db
def test_errors_of_the_question_are_those_of_django(monkeypatch):
    monkeypatch.setattr(public_state_module, "POSTGRESQL_QUERY", b"SELECT mark FROM nothing")
    monkeypatch.setattr(public_state_module, "prepared", set())

    with pytest.raises(ProgrammingError, match="nothing"), transaction.atomic():
        public_state()


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
