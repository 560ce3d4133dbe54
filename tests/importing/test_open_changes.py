"""Imports, undo and restoring tell of the changes that are being prepared of what they change."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from meetings.editing import acts, proposals
from meetings.importing import imports, restore
from meetings.importing.open_changes import open_changes_of
from meetings.models import Import, Proposal
from tests import factories as make
from tests.importing.helpers import write
from tests.writers import changing

pytestmark = pytest.mark.django_db

LINE = "Summit, by Ana"


@pytest.fixture
def meeting():
    """A public meeting with a part, and a change of it that Ana prepares; another has none."""
    meeting = make.make_meeting(title="Summit", slug="summit", summary="As it was.")
    make.make_outcome(meeting=meeting, order=10, text=f"A talk [@{meeting.sources.get().slug}].")
    acts.check_seen(entry=make.make_meeting(title="Other", slug="other"), seen=None)
    acts.check_seen(entry=meeting, seen=None)
    meeting.refresh_from_db()
    proposals.save_proposal(
        entry=meeting,
        after=changing(meeting, forum="G7"),
        user=make.make_editor("ana", first_name="Ana"),
        seen=0,
        seen_revision=1,
    )
    return meeting


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ({"meetings": {"slug": "summit", "summary": "New."}}, [LINE]),
        ({"outcomes": {"meeting": "summit", "order": "10", "state": "agreed"}}, [LINE]),
        ({"meetings": {"slug": "summit", "summary": "As it was."}}, []),
        ({"meetings": {"slug": "other", "summary": "New."}}, []),
    ],
    ids=["entry", "part", "unchanged", "another"],
)
def test_import_tells_of_the_open_changes_that_it_meets(meeting, tmp_path, rows, lines):
    for name, cells in rows.items():
        write(tmp_path, name, cells)

    done = imports.import_path(path=tmp_path, note="Brought in.")

    assert open_changes_of(done.imported) == lines
    assert Proposal.objects.exists()


def test_plan_to_restore_tells_of_them_before_it_is_carried_out(client, meeting):
    acts.save(entry=meeting, after=changing(meeting, summary="New."), note="x")
    client.force_login(make.make_editor("ben"))
    history = reverse("admin:meetings_meeting_restore", args=[meeting.pk])

    page = client.post(history, {"number": "1"}, follow=True).content.decode()

    assert "Changes are being prepared of what this changes" in page
    assert LINE in page
    planned = restore.plan_restore(entry=meeting, number=1)
    assert open_changes_of(planned) == [LINE]


def test_undo_and_the_command_tell_of_them(client, meeting, tmp_path, capsys):
    write(tmp_path, "meetings", {"slug": "summit", "summary": "New."})
    call_command("import_record", tmp_path, note="Brought in.")
    client.force_login(make.make_member("administrator"))

    assert f"A change of it is being prepared: {LINE}." in capsys.readouterr().out
    undo = reverse("admin:meetings_import_undo", args=[Import.objects.get().pk])
    assert LINE in client.get(undo).content.decode()
