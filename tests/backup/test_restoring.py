"""What was backed up is restored: all of it, or nothing."""

import json
from io import StringIO
from unittest import mock
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from access.models import DeskSession
from meetings.backup import contents, restoring
from meetings.editing import acts
from meetings.models import Import, Issue, Meeting, RecordState, Revision
from meetings.models.public_state import public_state
from tests import factories as make
from tests.writers import changing

from .rows import row_digests


def run(*words, **options) -> str:
    said = StringIO()
    call_command(*words, stdout=said, **options)
    return said.getvalue()


def digest(said: str) -> str:
    return said.split("Digest ")[1].split(".")[0]


@pytest.fixture
def backup(kept_record, tmp_path):
    path = tmp_path / "record.backup"
    run("backup", str(path))
    return path


def change_much():
    """Change and delete what the backup holds, and add what it does not."""
    meeting = Meeting.objects.get(slug="talks")
    acts.save(entry=meeting, after=changing(meeting, title="Talks again"), note="Title.")
    make.make_meeting(slug="later")
    User.objects.filter(username="left").delete()
    User.objects.get(username="ana").groups.clear()
    Import.objects.update(note="Another.")


def test_record_accounts_history_and_imports_are_as_they_were(backup, client, tmp_path):
    before, state = row_digests(), public_state()
    written = run("backup", str(tmp_path / "again.backup"))
    (gone,) = Revision.objects.filter(act="delete").values_list("object_id", flat=True)
    change_much()
    assert row_digests() != before

    said = run("restore_backup", str(backup), replace=True)

    assert row_digests() == before
    assert digest(said) == digest(written)
    assert not DeskSession.objects.exists()
    assert "Everybody has to sign in again." in said
    ana = User.objects.get(username="ana")
    assert ana.check_password("correct horse")
    assert ana.has_perms(["meetings.publish_meeting", "auth.add_user"])
    assert bytes(Import.objects.get(name="waiting.csv").content) == b"\x00\xff"
    assert client.get("/meetings/talks/").status_code == 410
    # No page that was made before is shown, and no number of a deleted entry is given again.
    assert public_state() != state
    assert make.make_issue(slug="next").pk > gone
    assert not Issue.objects.filter(pk=gone).exists()


@pytest.fixture
def empty_backup(committed_db, tmp_path):
    path = tmp_path / "empty.backup"
    run("backup", str(path))
    return path


@pytest.mark.one_database
def test_sessions_marks_and_index_are_left_out(empty_backup):
    with ZipFile(empty_backup) as file:
        names = {name.removesuffix(".jsonl") for name in file.namelist()}

    assert names.isdisjoint(contents.LEFT_OUT)
    assert {"auth.user", "auth.user_groups", "meetings.revision", "meetings.claim_themes"} <= names


def test_restore_that_fails_or_is_cut_off_leaves_all_as_it_was(backup, monkeypatch):
    change_much()
    before = row_digests()
    insert = restoring.bulk_insert.insert

    def one_less(model, columns, batch):
        insert(model, columns, batch[1:] if model is Revision else batch)

    with pytest.raises(CommandError, match=r"has rows already \(users\).*give --replace"):
        run("restore_backup", str(backup))
    for step in ("refuse_difference", "bring_up_to_date", "keep_last_ids", "index.index_missing"):
        cut = mock.patch(f"meetings.backup.restoring.{step}", side_effect=KeyboardInterrupt)
        with cut as at, pytest.raises(KeyboardInterrupt):
            run("restore_backup", str(backup), replace=True)
        assert at.called
        assert row_digests() == before, step
    monkeypatch.setattr(restoring.bulk_insert, "insert", one_less)
    with pytest.raises(CommandError, match=r"meetings\.revision are not read back"):
        run("restore_backup", str(backup), replace=True)

    assert row_digests() == before


@pytest.mark.one_database
def test_backup_of_a_later_release_is_refused_in_words(empty_backup, tmp_path):
    later = tmp_path / "later.backup"
    with ZipFile(empty_backup) as old, ZipFile(later, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "manifest.json":
                found = json.loads(text)
                found["migrations"].append(["meetings", "9999_later"])
                text = json.dumps(found).encode()
            new.writestr(name, text)

    with pytest.raises(CommandError, match=r"does not know meetings\.9999_later\. Install"):
        run("restore_backup", str(later))


@pytest.mark.one_database
def test_backup_replaces_an_earlier_one_and_no_other_file(empty_backup, tmp_path):
    run("backup", str(empty_backup))
    other = tmp_path / "places.csv"
    other.write_text("slug,city\n")

    with pytest.raises(CommandError, match="is not a backup"):
        run("backup", str(other))
    with pytest.raises(CommandError, match="is a folder"):
        run("backup", str(tmp_path))

    assert other.read_text() == "slug,city\n"


def test_empty_database_is_restored_into(empty_backup):
    RecordState.objects.all().delete()

    run("restore_backup", str(empty_backup))

    assert RecordState.objects.exists()
