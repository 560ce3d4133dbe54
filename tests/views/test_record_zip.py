"""The public record in one file: whole, valid, never older than the record, made once."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import frictionless
import pytest
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.exporting.package import public_files
from meetings.models import Meeting, RecordState, Redirect
from meetings.tables.registry import TABLES
from tests import factories as make
from tests.full_record import MOVED_ADDRESS
from tests.full_record import full_record as full_record
from tests.reading import response_text

pytestmark = pytest.mark.django_db
ADDRESS = "/data/record.zip"


def unescape_formula(cell):
    return cell[1:] if cell.startswith("'") else cell


def test_zip_holds_the_rows_of_the_files_of_all_tables_raw(client, full_record):
    make.make_meeting(slug="formula", title="=1+1")
    archive = zipfile.ZipFile(io.BytesIO(client.get(ADDRESS).getvalue()))

    for table in TABLES:
        text = client.get(f"/data/{table.name}.csv").getvalue().decode("utf-8-sig")
        loose = [*csv.reader(io.StringIO(text, newline=""))]
        packed = archive.read(f"{table.name}.csv").decode()
        rows = [*csv.reader(io.StringIO(packed, newline=""))]
        assert rows == [[unescape_formula(cell) for cell in row] for row in loose]
    assert "=1+1" in archive.read("meetings.csv").decode()


def test_zip_is_a_valid_data_package_that_names_nothing_hidden(client, full_record, tmp_path):
    answer = client.get(ADDRESS)
    file = tmp_path / "record.zip"
    file.write_bytes(answer.getvalue())

    report = frictionless.validate(str(file))

    assert report.valid, report.flatten(["taskId", "rowNumber", "fieldName", "message"])
    assert len(report.tasks) == len(TABLES)
    for word in ("hidden", "secret", "unlisted"):
        assert word not in response_text(client.get(ADDRESS))


def withdraw():
    acts.withdraw(entry=Meeting.objects.get(slug="talks"), reason="Wrong.")


def let_the_time_come():
    past = timezone.now() - timedelta(seconds=1)
    Meeting.objects.filter(slug="awaited").update(publish_at=past)
    record_loaded()


def lead_elsewhere():
    Redirect.objects.filter(old_path=MOVED_ADDRESS).update(new_path="/")
    RecordState.objects.mark_changed()


@pytest.mark.parametrize("change", [withdraw, let_the_time_come, lead_elsewhere])
def test_zip_is_made_anew_at_every_change(client, full_record, change):
    make.make_meeting(slug="awaited", publish_at=timezone.now() + timedelta(days=1))
    before = client.get(ADDRESS)
    again = client.get(ADDRESS)

    change()
    after = client.get(ADDRESS)

    assert before.getvalue() == again.getvalue()
    assert before["ETag"] == again["ETag"] != after["ETag"]
    words = response_text(after)
    assert ("talks," in words) is (change is not withdraw)
    assert ("awaited" in words) is (change is let_the_time_come)
    assert (f"{MOVED_ADDRESS},/\r\n" in words) is (change is lead_elsewhere)


def test_zip_is_made_once_for_all_who_ask(client, full_record, monkeypatch):
    record_loaded()
    made = []
    build = public_files.build_file
    monkeypatch.setattr(public_files, "build_file", lambda *of: made.append(of) or build(*of))

    answers = [client.get(ADDRESS) for _ in range(3)]

    assert len(made) == 1
    assert len({answer.getvalue() for answer in answers}) == 1


def test_reader_of_an_older_zip_reads_it_to_its_end(client, full_record):
    slow = client.get(ADDRESS)
    withdraw()
    client.get(ADDRESS)

    assert "talks" in response_text(slow)


def test_whoever_has_it_is_told_so(client, full_record):
    first = client.get(ADDRESS)

    second = client.get(ADDRESS, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == second["Cache-Control"] == "no-cache"
    assert (second.status_code, second.getvalue()) == (304, b"")


def without_number(answer):
    """Return an answer's headers without the number that each request has of its own."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


def test_head_has_the_headers_alone(client, full_record):
    whole = client.get(ADDRESS)

    answer = client.head(ADDRESS)

    assert without_number(answer) == without_number(whole)
    assert int(answer["Content-Length"]) == len(whole.getvalue())
    assert answer.getvalue() == b""


def test_zip_is_not_compressed_a_second_time(client, full_record):
    answer = client.get(ADDRESS, headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in answer
    assert zipfile.is_zipfile(io.BytesIO(answer.getvalue()))


def test_zip_takes_no_parameters_is_only_read_and_limited(client, full_record, settings):
    refused = client.get(f"{ADDRESS}?table=places")
    settings.COSTLY_REQUESTS_A_MINUTE = 1
    codes = [client.get(ADDRESS).status_code for _ in range(3)]

    assert (refused.status_code, refused["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "Unknown: table" in refused.content.decode()
    assert 429 in codes
    assert client.post(ADDRESS).status_code in {405, 429}


def test_data_page_links_to_it(client):
    assert f'<a href="{ADDRESS}" download>' in client.get("/data/").content.decode()


@pytest.mark.parametrize(
    ("asked", "first", "stop"),
    [("0-9", 0, 10), ("10-", 10, None), ("-5", -5, None), ("0-99999999", 0, None)],
)
def test_part_of_it_can_be_asked_for(client, full_record, asked, first, stop):
    whole = client.get(ADDRESS)
    content = whole.getvalue()

    part = client.get(ADDRESS, headers={"range": f"bytes={asked}", "if-range": whole["ETag"]})

    wanted = content[first:stop]
    place = content.index(wanted)
    assert part.status_code == 206
    assert part.getvalue() == wanted
    last = place + len(wanted) - 1
    assert part["Content-Range"] == f"bytes {place}-{last}/{len(content)}"
    assert part["Content-Length"] == str(len(wanted))
    assert whole["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    "headers", [{"if-range": '"other"'}, {"range": "bytes=0-1,5-6"}, {"range": "bytes=9-5"}]
)
def test_range_of_another_zip_and_what_is_no_single_range_get_all(client, full_record, headers):
    answer = client.get(ADDRESS, headers={"range": "bytes=0-9"} | headers)

    assert answer.status_code == 200
    assert len(answer.getvalue()) == int(answer["Content-Length"])


@pytest.mark.parametrize("asked", ["999999999-", "-0"])
def test_range_that_is_not_there_is_refused_with_the_size(client, full_record, asked):
    size = client.get(ADDRESS)["Content-Length"]

    answer = client.get(ADDRESS, headers={"range": f"bytes={asked}"})

    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{size}")


def test_each_loose_file_is_valid_by_the_same_schema(client, full_record, tmp_path):
    """Without the keys to other tables; a byte order mark is said, as the data page says it."""
    archive = zipfile.ZipFile(io.BytesIO(client.get(ADDRESS).getvalue()))
    found = {}

    for resource in json.loads(archive.read("datapackage.json"))["resources"]:
        name = resource["path"]
        (tmp_path / name).write_bytes(client.get(f"/data/{name}").getvalue())
        schema = {key: value for key, value in resource["schema"].items() if key != "foreignKeys"}
        loose = {"name": resource["name"], "path": name, "encoding": "utf-8-sig", "schema": schema}
        opened = frictionless.Resource.from_descriptor(loose, basepath=str(tmp_path))
        found[name] = opened.validate().flatten(["rowNumber", "fieldName", "message"])

    assert found == {f"{table.name}.csv": [] for table in TABLES}
