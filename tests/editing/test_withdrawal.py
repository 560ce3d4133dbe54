"""Withdrawn entries give the reason, by any act; what was never public gives nothing."""

from datetime import UTC, date, datetime

import pytest

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.importing import undo
from meetings.models import Issue, Meeting, Milestone, Page, Reaction, Revision, Theme
from meetings.tables.registry import TABLES_BY_MODEL
from tests import factories as make
from tests.importing.helpers import import_file, write
from tests.writers import written

pytestmark = pytest.mark.django_db

MAKE = {
    Meeting: make.make_meeting,
    Issue: make.make_issue,
    Reaction: make.make_reaction,
    Theme: make.make_theme,
    Milestone: make.make_milestone,
    Page: make.make_page,
}
KINDS = pytest.mark.parametrize("model", MAKE, ids=lambda model: model._meta.model_name)


def give_status(folder, entry, status, note):
    """Give an entry a status by a file; return the outcome."""
    table = TABLES_BY_MODEL[type(entry)].name
    path = write(folder, table, {"slug": entry.slug, "status": status})
    return import_file(path, note=note)


def by_desk(entry, folder):
    acts.withdraw(entry=entry, reason="Right reason.")


def by_file(entry, folder):
    assert give_status(folder, entry, "withdrawn", "Right reason.").problems == []


def by_undo(entry, folder):
    """Take back the file that published again what was withdrawn."""
    acts.withdraw(entry=entry, reason="In between.")
    outcome = give_status(folder, entry, "published", "Published by file.")
    undo.undo_import(imported=outcome.imported, note="Right reason.")


@KINDS
@pytest.mark.parametrize("withdraw", [by_desk, by_file, by_undo])
def test_withdrawn_entry_tells_the_reason_and_day_of_the_act_that_withdrew_it(
    client, tmp_path, model, withdraw
):
    entry = MAKE[model]()
    record_loaded()
    acts.withdraw(entry=entry, reason="Earlier reason.")
    acts.publish(entry=entry, note="Right after all.")
    withdraw(entry, tmp_path)
    latest = Revision.objects.latest_of(entry)
    Revision.objects.filter(pk=latest.pk).update(made_at=datetime(2031, 5, 3, 12, tzinfo=UTC))
    address = entry.get_absolute_url()

    page = client.get(address)
    data = client.get(f"{address.removesuffix('/')}.json")

    assert (page.status_code, data.status_code) == (410, 410)
    assert "Reason: Right reason." in page.content.decode()
    assert "3 May 2031" in page.content.decode()
    answer = data.json()
    assert (answer["reason"], answer["withdrawn_on"]) == ("Right reason.", "2031-05-03")


def test_later_change_of_what_is_withdrawn_is_not_its_reason(client):
    meeting = make.make_meeting(slug="geneva")
    acts.withdraw(entry=meeting, reason="A forged letter.")
    meeting.starts_on = date(2019, 1, 1)

    acts.save(entry=meeting, after=written(meeting, meeting.save), note="Another day.")

    assert client.get("/meetings/geneva.json").json()["reason"] == "A forged letter."
