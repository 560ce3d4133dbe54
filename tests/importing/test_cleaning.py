"""What ``clean_up`` deletes: what expired, and what old imports have left; never what is shown."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from access.models import DeskSession
from meetings.importing import undo
from meetings.models import Import, ImportRow, Reaction
from tests import factories as make

from .helpers import import_file, plan_file, reaction, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", body="Held [@press].")
    return write(tmp_path, "reactions", reaction(), reaction(slug="mogherini-geneva"))


def clean_up(*words: str) -> str:
    said = StringIO()
    call_command("clean_up", *words, stdout=said)
    return said.getvalue()


def age(imported, days):
    Import.objects.filter(pk=imported.pk).update(finished_at=timezone.now() - timedelta(days=days))


def test_expired_plan_loses_its_rows_and_its_file(file):
    plan = plan_file(file).imported
    Import.objects.update(expires_at=timezone.now() - timedelta(hours=1), content=b"slug\n")

    said = clean_up()

    plan.refresh_from_db()
    assert (plan.state, plan.rows.count(), plan.content) == ("expired", 0, None)
    assert "1 expired plans" in said


def test_plan_that_may_still_be_confirmed_is_kept(file):
    plan = plan_file(file).imported

    clean_up("--days", "0")

    plan.refresh_from_db()
    assert (plan.state, plan.rows.count()) == ("ready", 2)


@pytest.mark.parametrize(("days", "left"), [(29, 2), (31, 0)])
def test_rows_of_an_ended_import_are_deleted_after_thirty_days(file, days, left):
    plan = plan_file(file).imported
    Import.objects.update(state="failed", content=b"slug\n")
    age(plan, days)

    said = clean_up()

    plan.refresh_from_db()
    assert (plan.rows.count(), plan.content is None) == (left, not left)
    assert f"{2 - left} rows and {1 if left == 0 else 0} files" in said


def test_import_and_its_undo_can_be_undone_after_cleaning(file):
    imported = import_file(file).imported
    clean_up("--days", "0")

    undone = undo.undo_import(imported=imported, note="Wrong file.")
    clean_up("--days", "0")
    undo.undo_import(imported=undone, note="Right after all.")

    assert set(Reaction.objects.values_list("status", flat=True)) == {"published"}


def test_what_an_undo_kept_and_why_is_shown_for_ever(file):
    imported = import_file(file).imported
    import_file(write(file.parent, "reactions", reaction(stance="critical")))
    undone = undo.undo_import(imported=imported, note="Wrong file.")
    age(undone, 1_000)

    clean_up()

    assert list(undone.rows.values_list("key", "action")) == [("kallas-geneva", "kept")]
    assert ImportRow.objects.count() == 1


def test_expired_sessions_are_deleted(client):
    client.force_login(make.make_editor())
    kept = client.session.session_key
    past = timezone.now() - timedelta(days=1)
    times = {"began_at": past, "seen_at": past, "expire_date": past}
    DeskSession.objects.create(session_key="past", session_data="", **times)

    said = clean_up()

    assert [session.pk for session in DeskSession.objects.all()] == [kept]
    assert "1 expired sessions" in said


def test_days_are_not_negative():
    with pytest.raises(CommandError, match="counted from 0"):
        clean_up("--days", "-1")
