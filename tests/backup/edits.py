"""Editors who save while backups are taken, in processes of their own."""

import time
from pathlib import Path
from unittest import mock

from django.core.management import call_command

from meetings.backup import writing
from meetings.backup.archive import Writer
from meetings.editing import acts
from meetings.editing.snapshots import snapshots
from meetings.models import Meeting, Revision
from meetings.tables.registry import VERSIONED_TABLES
from tests.writers import changing

from .rows import row_digests


def edit(slug: str, end: Path) -> int:
    """Save one entry again and again until a file is there; return how many saves there were."""
    saved = 0
    while not end.exists():
        entry = Meeting.objects.get(slug=slug)
        acts.save(entry=entry, after=changing(entry, title=f"{slug} {saved}"), note="Title.")
        saved += 1
    return saved


def back_up(path: Path) -> tuple[dict[str, str], int, int]:
    """Take a backup; return the rows of its moment, and the revisions before and after it."""
    finish = Writer.finish
    rows: dict[str, str] = {}

    def finish_and_read(writer, *given):
        # In the transaction that read everything, and as the database itself gives it.
        rows.update(row_digests())
        return finish(writer, *given)

    with mock.patch.object(Writer, "finish", finish_and_read):
        before = wait_for_edits()
        writing.write(path)
        return rows, before, Revision.objects.count()


def wait_for_edits() -> int:
    """Return the number of revisions, once there is another one."""
    before = Revision.objects.count()
    while (now := Revision.objects.count()) == before:
        time.sleep(0.01)
    return now


def restored(path: Path) -> tuple[dict[str, str], int, list[str]]:
    """Restore a backup; return all rows, the number of revisions, and entries unlike their last."""
    call_command("restore_backup", str(path), replace=True, verbosity=0)
    found = []
    for table in VERSIONED_TABLES:
        rows = {row.pk: row for row in table.model._default_manager.all()}
        now = snapshots(table.model, list(rows))
        for pk, row in rows.items():
            last = Revision.objects.of(row).first()
            if (last.snapshot, last.number) != (now[pk], row.revision):
                found.append(str(row))
    return row_digests(), Revision.objects.count(), found
