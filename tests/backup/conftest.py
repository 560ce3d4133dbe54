"""A record with everything that a backup has to hold."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.utils import timezone

from access.models import DeskSession
from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import Import, Meeting
from tests import factories as make
from tests.full_record import full_record as full_record
from tests.writers import changing


@pytest.fixture
def kept_record(committed_db, full_record, tmp_path):
    """Entries with history, a deleted one, imports, redirects, accounts and their rights."""
    record_loaded()
    editor = make.make_editor(password="correct horse")
    editor.user_permissions.add(Permission.objects.get(codename="add_user"))
    meeting = Meeting.objects.get(slug="talks")
    acts.save(entry=meeting, after=changing(meeting, title="Talks, “Вена”"), note="T.", user=editor)
    acts.withdraw(entry=Meeting.objects.get(slug="talks"), reason="A forgery.", user=editor)
    mistake = make.make_issue(slug="mistake", status="draft")
    acts.delete(entry=mistake, user=editor)
    places = tmp_path / "places.csv"
    places.write_text("slug,city,country,latitude,longitude\nvienna,Vienna,AT,48.2,16.37\n")
    call_command("import_record", str(places), verbosity=0)
    Import.objects.create(made_by=editor, name="waiting.csv", content=b"\x00\xff", headers={"b": 1})
    kind = ContentType.objects.get_for_model(Meeting)
    LogEntry.objects.create(
        user=editor, content_type=kind, object_id=meeting.pk, action_flag=CHANGE
    )
    later = timezone.now() + timedelta(days=1)
    times = {"began_at": timezone.now(), "seen_at": timezone.now(), "expire_date": later}
    DeskSession.objects.create(session_key="s" * 32, session_data="x", **times)
    User.objects.create_user("left", is_active=False)
    return meeting
