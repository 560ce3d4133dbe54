"""A record of an earlier release is restored, or upgraded, into this one.

``tests/data/5dbd0fc.backup`` was made with the code of commit 5dbd0fc, before there were backups:
``prepare`` in an empty SQLite database loaded the content of that day; then the account *ana*, an
editor, corrected the title of a meeting and gave it another address, *admin* withdrew a theme, an
issue was written by mistake and deleted, one import stayed and one was undone, all by the acts and
commands of that commit. ``meetings/backup/archive.py`` and ``contents.py`` wrote it with the
models of that commit.
"""

import json
import re
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import call_command

from meetings.backup import restoring, versions
from meetings.editing.rebuild import rebuild
from meetings.editing.snapshots import snapshots
from meetings.importing import restore
from meetings.models import Import, Issue, Meeting, Page, Revision, Theme
from meetings.tables.registry import VERSIONED_TABLES
from tests.periods import differing_entries

EARLIER = Path(__file__).parents[1] / "data" / "5dbd0fc.backup"
OLD_SLUG = re.compile(r'(?<=["|])helsinki-2018(?=["|])')
RENAMED = "/meetings/helsinki-2018-renamed/"


@pytest.fixture
def upgraded(committed_db, monkeypatch, settings, tmp_path):
    """The record in tables of the earlier release, which ``prepare`` then migrates to this one."""
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setattr(restoring, "bring_up_to_date", lambda: None)
    keep_last_ids = restoring.keep_last_ids
    monkeypatch.setattr(restoring, "keep_last_ids", lambda manifest: None)
    monkeypatch.setattr(restoring, "refresh_statistics", lambda: None)
    made = restoring.restore(EARLIER, replace=True)
    assert ("meetings", "0008_restoring") in versions.applied()
    assert ("meetings", "0009_participation_without_government") not in versions.applied()
    assert made.rows == 2418
    call_command("prepare", verbosity=0)
    # The database of the earlier release had them, and a migration keeps them.
    keep_last_ids(made)


def test_record_of_the_release_before_is_whole_after_the_upgrade(upgraded, client):
    # The record
    assert (Meeting.objects.count(), Revision.objects.count()) == (12, 556)
    for table in VERSIONED_TABLES:
        rows = {row.pk: row for row in table.model._default_manager.all()}
        now = snapshots(table.model, list(rows))
        for pk, row in rows.items():
            last = Revision.objects.of(row).first()
            # What names the meeting that moved does so by its address of then.
            known = json.loads(OLD_SLUG.sub("helsinki-2018-renamed", json.dumps(last.snapshot)))
            assert (known, last.number) == (now[pk], row.revision), row
    assert differing_entries() == []
    # Pages, old addresses, search
    assert client.get(RENAMED).status_code == 200
    moved = client.get("/meetings/helsinki-2018/")
    assert (moved.status_code, moved.headers["Location"]) == (301, RENAMED)
    withdrawn = client.get("/themes/alliances-and-norms/")
    assert withdrawn.status_code == 410
    assert "It rested on one account." in withdrawn.content.decode()
    assert client.get("/search.json?q=helsinki").json()["count"]
    # Revisions
    meeting = Meeting.objects.get(slug="helsinki-2018-renamed")
    first = Revision.objects.of(meeting).last()
    assert rebuild(meeting, first.snapshot).title == "Helsinki summit"
    planned = restore.plan_restore(entry=meeting, number=1)
    restore.apply_restore(planned=planned, note="Back.")
    meeting.refresh_from_db()
    assert meeting.title == "Helsinki summit"
    # Accounts and imports
    ana = User.objects.get(username="ana")
    assert ana.password.startswith("pbkdf2_sha256$")
    assert ana.has_perms(["meetings.publish_meeting", "meetings.view_claim"])
    assert not User.objects.get(username="zoe").is_active
    assert LogEntry.objects.get().user.username == "admin"
    assert [each.is_undone for each in Import.objects.order_by("pk")[:3]] == [False, True, False]
    # What was deleted
    gone = Revision.objects.get(act="delete", table="issue").object_id
    assert not Issue.objects.filter(pk=gone).exists()
    assert Theme.objects.count()
    assert Page.objects.published().exists()


@pytest.mark.soak
def test_backup_of_an_earlier_release_is_restored_in_one_step(committed_db, client):
    call_command("restore_backup", str(EARLIER), replace=True, verbosity=0)

    assert Revision.objects.count() == 556
    assert client.get(RENAMED).status_code == 200
