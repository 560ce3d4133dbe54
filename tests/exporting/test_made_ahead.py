"""The zip of a large record: made by the worker, given by all, and never of before a withdrawal."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.exporting.package import made_ahead, make_ahead, public_files
from meetings.models import Meeting, PublicPackage, PublicPackagePart
from tests import factories as make
from tests.reading import response_text
from tests.writers import changing

pytestmark = pytest.mark.django_db
ADDRESS = "/data/record.zip"


@pytest.fixture(autouse=True)
def large_record(monkeypatch):
    """Two public meetings, which are more than a request packs."""
    monkeypatch.setattr(public_files, "MOST_ROWS_AT_ONCE", 1)
    monkeypatch.setattr(public_files, "CHUNK_BYTES", 1_000)
    monkeypatch.setattr(made_ahead, "FORMATS", ["zip"])
    caches["shared"].delete(made_ahead.CLAIM)
    make.make_meeting(slug="helsinki", title="Helsinki, as it was")
    make.make_meeting(slug="geneva", title="Geneva")
    record_loaded()


def rename(title):
    meeting = Meeting.objects.get(slug="helsinki")
    acts.save(entry=meeting, after=changing(meeting, title=title))


def let_time_pass():
    earlier = timezone.now() - timedelta(hours=1)
    PublicPackage.objects.update(made_at=earlier)


def test_no_request_waits_for_it_to_be_made(client, monkeypatch):
    monkeypatch.setattr(public_files, "build_file", None)

    answer = client.get(ADDRESS)

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Ask again in half a minute." in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_every_process_gives_what_the_worker_made(client, monkeypatch):
    call_command("run_imports", once=True)
    monkeypatch.setattr(public_files, "build_file", None)

    texts = []
    for _ in range(2):
        public_files.cached.clear()  # Another process.
        texts.append(response_text(client.get(ADDRESS)))

    assert "Helsinki, as it was" in texts[0]
    assert texts[0] == texts[1]
    assert PublicPackagePart.objects.count() > 1


def test_former_one_is_given_until_the_worker_has_made_another(client):
    make_ahead()
    before = response_text(client.get(ADDRESS))

    rename("Helsinki, as it is")
    meanwhile = response_text(client.get(ADDRESS))
    let_time_pass()
    make_ahead()
    after = response_text(client.get(ADDRESS))

    assert meanwhile == before
    assert "Helsinki, as it is" in after
    assert PublicPackage.objects.count() == 1


def test_none_of_before_a_withdrawal_is_given_again(client):
    make_ahead()
    client.get(ADDRESS)

    acts.withdraw(entry=Meeting.objects.get(slug="geneva"), reason="A forgery.")
    meanwhile = client.get(ADDRESS).status_code
    # Nobody waits for it longer than it takes.
    is_made = make_ahead()

    assert (meanwhile, is_made) == (503, True)
    assert "Geneva" not in response_text(client.get(ADDRESS))


def test_it_is_not_made_all_the_time():
    assert make_ahead()
    assert not make_ahead()
    PublicPackage.objects.update(seconds=60)

    rename("Helsinki, as it is")
    at_once = make_ahead()
    let_time_pass()

    assert (at_once, make_ahead()) == (False, True)


def test_only_one_of_several_workers_makes_it():
    caches["shared"].add(made_ahead.CLAIM, True, 60)
    assert not make_ahead()

    caches["shared"].delete(made_ahead.CLAIM)
    assert make_ahead()


def test_making_that_fails_leaves_the_former_one_and_holds_up_nobody(client, monkeypatch):
    make_ahead()
    rename("Helsinki, as it is")
    let_time_pass()
    with monkeypatch.context() as patch:
        patch.setattr(made_ahead, "build_file", lambda *of: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make_ahead()

    assert "Helsinki, as it was" in response_text(client.get(ADDRESS))
    assert make_ahead()


def test_all_files_are_made_one_after_the_other(client, monkeypatch):
    monkeypatch.setattr(made_ahead, "FORMATS", [*public_files.FORMATS])

    made = [make_ahead() for _ in range(len(public_files.FORMATS) + 1)]
    monkeypatch.setattr(public_files, "build_file", None)

    assert made == [True, True, True, False]
    for ending in public_files.FORMATS:
        assert client.get(f"/data/record.{ending}").status_code == 200


def test_small_record_is_packed_when_it_is_asked_for(client, monkeypatch):
    monkeypatch.setattr(public_files, "MOST_ROWS_AT_ONCE", 1_000)

    assert not make_ahead()
    assert "Helsinki, as it was" in response_text(client.get(ADDRESS))
    assert not PublicPackage.objects.exists()
