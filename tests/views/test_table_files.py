"""The files of whole tables: everything public in order, nothing else, whatever the size."""

import codecs
import csv
import io
import json

import pytest

from meetings.exporting.downloads import public_rows
from meetings.models import Actor, Participation, Redirect
from meetings.tables.cells import SEPARATOR
from meetings.tables.registry import TABLES, TABLES_BY_MODEL
from meetings.tables.rows import BATCH_ROWS
from tests import factories as make
from tests.full_record import MOVED_ADDRESS
from tests.full_record import full_record as full_record

pytestmark = pytest.mark.django_db


def read(client, name):
    """Return the rows of a table's two files."""
    sheet = client.get(f"/data/{name}.csv").getvalue().decode("utf-8-sig")
    data = json.loads(client.get(f"/data/{name}.json").getvalue())
    return list(csv.DictReader(io.StringIO(sheet, newline=""))), data


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_files_hold_the_public_rows_in_order_of_the_key(client, full_record, table):
    rows, data = read(client, table.name)

    keys = [tuple(row[name] for name in table.key) for row in rows]
    assert list(rows[0]) == list(data["results"][0]) == list(table.columns)
    assert len(rows) == data["count"] == len(data["results"]) > 0
    assert keys == sorted(keys)
    assert keys == [tuple(str(row[name]) for name in table.key) for row in data["results"]]
    if table.model is not Redirect:
        assert len(rows) == public_rows(table).count()


def test_files_name_only_what_is_in_one_of_them(client, full_record):
    found = {table.name: read(client, table.name)[0] for table in TABLES}
    slugs = {name: {row["slug"] for row in rows if "slug" in row} for name, rows in found.items()}

    assert "hidden" not in str(found)
    assert "secret" not in str(found)
    assert "unlisted" not in str(found)
    for table in TABLES:
        for column, model in (table.foreign_keys | table.many_to_many).items():
            named = {s for row in found[table.name] for s in row[column].split(SEPARATOR)} - {""}
            assert named <= slugs[TABLES_BY_MODEL[model].name], (table.name, column)


def test_examples_of_the_codebook_are_from_public_rows(client, full_record):
    found = client.get("/data/codebook.json").json()["results"]

    examples = {s["table"]: {c["name"]: c["example"] for c in s["columns"]} for s in found}
    assert examples["meetings"]["slug"] == examples["accounts"]["meeting"] == "talks"
    assert examples["redirects"]["old_path"] == MOVED_ADDRESS
    for word in ("hidden", "secret", "unlisted"):
        assert word not in str(examples)


def test_redirects_lead_to_what_the_public_may_know_of(client, full_record):
    rows, data = read(client, "redirects")

    assert [row["old_path"] for row in rows] == [MOVED_ADDRESS]
    assert data["results"] == [{"old_path": MOVED_ADDRESS, "new_path": "/meetings/talks/"}]


@pytest.mark.parametrize("path", ["/data/places.csv", "/places.csv"])
def test_numbers_below_zero_are_numbers_and_text_is_harmless(client, path):
    place = make.make_place(venue="-5", latitude="-34.6", longitude="-58.4013")
    make.make_meeting(place=place)

    answer = client.get(path).getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(answer, newline=""))

    assert (row["latitude"], row["longitude"]) == ("-34.6", "-58.4013")
    assert row["venue"] == "'-5"


@pytest.mark.parametrize("path", ["/data/places.csv", "/places.csv", "/issues/by-meeting.csv"])
def test_files_say_that_they_are_utf_8(client, full_record, path):
    """By a byte order mark, without which a spreadsheet breaks every letter beyond English."""
    make.make_meeting(title="Hämeenlinna", place=make.make_place(city="Hämeenlinna"))

    file = client.get(path).getvalue()

    assert file.startswith(codecs.BOM_UTF8)
    assert file.count(codecs.BOM_UTF8) == 1
    assert "Hämeenlinna" in file.decode("utf-8-sig")


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_files_are_read_in_batches(client, ending, django_assert_max_num_queries):
    meeting = make.make_meeting()
    for _ in range(BATCH_ROWS + 1):
        make.make_outcome(meeting=meeting)

    # The state of the record is asked before and after.
    with django_assert_max_num_queries(2 + 3):
        text = client.get(f"/data/outcomes.{ending}").getvalue().decode()

    assert text.count(meeting.slug) == BATCH_ROWS + 1


def test_rows_may_name_a_thousand_others(client):
    """More than SQLite takes in one condition made of parts."""
    meeting = make.make_meeting(slug="large")
    names = [f"guest-{number}" for number in range(1100)]
    actors = Actor.objects.bulk_create([Actor(slug=n, name=n, kind="person") for n in names])
    Participation.objects.bulk_create(
        [Participation(meeting=meeting, actor=actor, government="FI") for actor in actors]
    )

    entry = client.get("/meetings/large.json").json()

    assert {part["actor"] for part in entry["participations"]} == set(names)
    assert client.get("/data/participations.csv").getvalue().count(b"guest-") == 1100


def without_number(answer):
    """Return an answer's headers without the number that each request has of its own."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


@pytest.mark.parametrize("path", ["/data/places.csv", "/data/places.json", "/places.csv"])
def test_head_has_the_headers_and_reads_no_rows(client, full_record, path):
    whole = client.get(path)

    answer = client.head(path)

    assert answer.status_code == 200
    assert answer.getvalue() == b""
    assert without_number(answer) == without_number(whole)


@pytest.mark.parametrize(
    "path", ["/data/places.csv", "/data/places.json", "/data.json", "/data/codebook.json"]
)
def test_files_take_no_parameters_and_are_only_read(client, path):
    refused = client.get(f"{path}?country=FI")

    assert refused.status_code == 400
    assert "country" in refused.content.decode()
    assert refused["Content-Type"].split(";")[0] == (
        "application/json" if path.endswith("json") else "text/plain"
    )
    assert client.post(path).status_code == 405


def test_unknown_table_is_not_found(client):
    names = ("revisions.csv", "revisions.zip", "revisions.xlsx", "places")
    codes = [client.get(f"/data/{name}").status_code for name in names]

    assert codes == [404] * 4
