"""Two servers with one database and one Redis: the next request to either has every change."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.importing import restore, undo
from meetings.models import Import, Issue, Meeting
from meetings.search import index
from tests import factories as make
from tests.importing.helpers import write
from tests.servers import Site, address_of_database, process
from tests.soak import repeats
from tests.writers import changing

# SQLite of the tests is in memory, which no other process sees.
pytestmark = pytest.mark.postgresql

REDIS = "redis://127.0.0.1:6379/9"
PAGE = "/meetings/helsinki/"


@pytest.fixture
def servers(committed_db):
    meeting = make.make_meeting(slug="helsinki", title="Title 0")
    make.make_discussion(meeting=meeting, issue=make.make_issue(slug="syria"))
    record_loaded()
    index.index_missing()
    database = address_of_database()
    with Site(database, cache=REDIS) as first, Site(database, cache=REDIS) as second:
        yield [first, second]


def seen(servers, words, path=PAGE):
    """Return which servers have the words on the page, asked twice each: made and kept."""
    return [words in server.get(path)[1] for server in servers for _ in range(2)]


@pytest.mark.parametrize("rounds", repeats(8, 60))
def test_every_act_is_on_both_at_once(servers, rounds):
    meeting = Meeting.objects.get()
    for number in range(1, rounds):
        acts.save(entry=meeting, after=changing(meeting, title=f"Title {number}"))

        # The first to be asked is another one each time.
        for path in (PAGE, "/meetings/", "/meetings.json", f"{PAGE[:-1]}.json"):
            assert all(seen(servers[:: (-1) ** number], f"Title {number}", path)), (number, path)

    acts.withdraw(entry=meeting, reason="Entered twice.")
    assert [server.get(PAGE)[0] for server in servers] == [410, 410]
    assert not any(seen(servers, f"Title {rounds - 1}", "/meetings/"))


def test_import_of_another_process_its_undo_and_a_restore_are_on_both_at_once(servers, tmp_path):
    meeting = Meeting.objects.get()
    assert all(seen(servers, "Title 0"))
    write(tmp_path, "meetings", {"slug": "helsinki", "title": "Imported"})

    command = ("manage.py", "import_record", str(tmp_path))
    assert process(address_of_database(), *command, cache=REDIS).wait(timeout=60) == 0
    assert all(seen(servers, "Imported"))

    undo.undo_import(imported=Import.objects.get(), note="Not so.")
    assert all(seen(servers, "Title 0"))

    restore.apply_restore(planned=restore.plan_restore(entry=meeting, number=2), note="It was so.")
    assert all(seen(servers, "Imported"))


def test_act_that_is_committed_late_is_on_both_once_it_is(servers):
    meeting = Meeting.objects.get()
    assert all(seen(servers, "Title 0"))
    with transaction.atomic():
        acts.save(entry=meeting, after=changing(meeting, title="Title 1"))
        # Another act begins later and is committed first.
        other = threading.Thread(target=save_issue)
        other.start()
        other.join(timeout=20)
        assert all(seen(servers, "Title 0"))

    assert all(seen(servers, "Title 1"))


def save_issue():
    issue = Issue.objects.get()
    acts.save(entry=issue, after=changing(issue, summary="Of the war there."))
    connection.close()


def test_scheduled_entry_is_on_both_at_its_second_and_not_before(servers):
    due = timezone.now() + timedelta(seconds=2)
    entry = make.make_meeting(slug="geneva", title="Geneva", status="draft")
    acts.publish(entry=entry, after=changing(entry, publish_at=due))

    while timezone.now() < due - timedelta(seconds=0.2):
        statuses = [server.get("/meetings/geneva/")[0] for server in servers]
        assert timezone.now() > due or statuses == [404, 404]
        assert timezone.now() > due or not any(seen(servers, "Geneva", "/meetings/"))
    time.sleep(max(0, (due - timezone.now()).total_seconds()))

    assert [server.get("/meetings/geneva/")[0] for server in servers] == [200, 200]
    assert all(seen(servers, "Geneva", "/meetings/"))


def test_reads_go_on_when_one_server_is_killed(servers):
    first, second = servers
    meeting = Meeting.objects.get()
    first.get(PAGE)
    first.kill()

    acts.save(entry=meeting, after=changing(meeting, title="Title 1"))

    assert all(seen([second], "Title 1"))
