"""The data page: what it tells of the files is true, and stays so."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from meetings.editing import acts
from meetings.exporting.catalogue import dataset
from meetings.models import Publication, Revision
from meetings.tables.registry import TABLES, TABLES_BY_NAME
from meetings.tables.rows import BATCH_ROWS
from tests import factories as make
from tests.full_record import full_record as full_record
from tests.writers import written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def test_page_tells_rows_columns_and_sizes_of_the_files(client, full_record):
    data = client.get("/data.json").json()
    html = client.get("/data/").content.decode()

    assert [entry["table"] for entry in data["results"]] == list(TABLES_BY_NAME)
    for entry in data["results"]:
        name = entry["table"]
        sheet = client.get(f"/data/{name}.csv").getvalue()
        lines = io.StringIO(sheet.decode("utf-8-sig"), newline="")
        assert entry["rows"] == len(list(csv.reader(lines))) - 1
        assert entry["columns"] == len(TABLES_BY_NAME[name].columns)
        assert entry["size"] == len(sheet)
        assert not entry["size_is_estimated"]
        assert f'href="/data/{name}.csv"' in html
        assert f'href="/data/{name}.json"' in html


def test_size_of_many_rows_is_about_right_and_says_so(client):
    meeting = make.make_meeting()
    for number in range(BATCH_ROWS + 100):
        make.make_outcome(meeting=meeting, text=f"Word {number} [@source-1]." * 3)

    [file] = [file for file in dataset().files if file.table.name == "outcomes"]

    size = len(client.get("/data/outcomes.csv").getvalue())
    assert file.is_estimated
    assert abs(file.size - size) < size / 20
    assert "about " in client.get("/data/").content.decode()


def test_size_follows_what_is_changed(client, full_record):
    before = client.get("/data.json").json()["results"]
    issue = TABLES_BY_NAME["issues"].model.objects.get(slug="trade")
    issue.body = "More words [@unlisted]."
    acts.save(entry=issue, after=written(issue, issue.save))

    after = client.get("/data.json").json()["results"]

    changed = [a["table"] for a, b in zip(before, after, strict=True) if a["size"] != b["size"]]
    # The source that it now cites is public with it.
    assert changed == ["sources", "issues", "reactions"]


def changed_on(name):
    cache.clear()
    return next(file.changed_on for file in dataset().files if file.table.name == name)


def act_on(entry, day, act=acts.save, **details):
    """Carry out an act on an entry, as if on a day."""
    known = list(Revision.objects.values_list("pk", flat=True))
    entry.summary = f"Words of {day}."
    act(entry=entry, **(details or {"after": written(entry, entry.save)}))
    new = Revision.objects.exclude(pk__in=known)
    moment = datetime(*day, 12, tzinfo=UTC)
    for revision in new:
        at = revision.made_at
        Publication.objects.filter(began_by=revision, since=at).update(since=moment)
        Publication.objects.filter(ended_by=revision).update(until=moment)
    new.update(made_at=moment)


def test_file_last_changed_when_a_public_row_did():
    issue = make.make_issue()
    draft = make.make_issue(status="draft")
    assert changed_on("issues") is None
    act_on(issue, (2026, 3, 1))
    act_on(draft, (2026, 3, 2))
    assert changed_on("issues") == changed_on("positions") == date(2026, 3, 1)

    act_on(draft, (2026, 3, 3), acts.publish, note="New.")
    assert changed_on("issues") == date(2026, 3, 3)
    act_on(draft, (2026, 3, 4), acts.withdraw, reason="Wrong.")
    assert changed_on("issues") == date(2026, 3, 4)
    assert changed_on("redirects") is None


def test_file_changed_when_the_time_of_a_row_had_come():
    then = timezone.now() - timedelta(days=3)
    issue = make.make_issue(publish_at=then)
    act_on(issue, (2020, 1, 1))
    later = make.make_issue(publish_at=timezone.now() + timedelta(days=3))
    act_on(later, (2021, 1, 1))

    assert changed_on("issues") == then.date()


def test_page_says_licence_citation_and_how_files_are_written(client, settings):
    settings.CONTENT_LICENCE, settings.SITE_NAME = "CC0-1.0", "A Record"

    text = client.get("/data/").content.decode()

    assert "https://spdx.org/licenses/CC0-1.0.html" in text
    assert "A Record: data" in text
    assert "one header row" in text
    assert "/data/record.zip" in text
    for ending in ("bib", "ris", "csl.json"):
        assert client.get(f"/data/cite.{ending}").status_code == 200
        assert f'href="/data/cite.{ending}"' in text


def test_data_set_is_described_for_machines(client, full_record, settings):
    text = client.get("/data/").content.decode()

    block = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    _, described, _ = json.loads(block)["@graph"]
    addresses = [part["contentUrl"] for part in described["distribution"]]
    assert described["@type"] == "Dataset"
    assert described["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert len(addresses) == 1 + 2 * len(TABLES)
    for address in addresses[1:]:
        assert client.head(address.removeprefix(settings.SITE_URL)).status_code == 200
