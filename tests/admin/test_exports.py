"""Lists taken along as CSV and XLSX: ticked or filtered, harmless, only by who may see it."""

import codecs
import csv
import tracemalloc
from io import BytesIO, StringIO

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from meetings.admin.exports import TableExport
from meetings.models import Place, Reaction
from meetings.tables.registry import TABLES, TABLES_BY_MODEL
from meetings.tables.resources import row_cells
from tests import factories as make

from .helpers import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def export_url(model):
    return reverse(f"admin:meetings_{model._meta.model_name}_export")


def rows_of(answer):
    return list(csv.DictReader(StringIO(answer.getvalue().decode("utf-8-sig"))))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_list_can_be_exported(desk, table):
    assert isinstance(admin.site._registry[table.model], TableExport)
    listed = desk.get(reverse(f"admin:meetings_{table.model._meta.model_name}_changelist"))

    answer = desk.get(export_url(table.model))

    assert f"{export_url(table.model)}" in listed.content.decode()
    header = next(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert header == list(table.columns)


def test_rows_are_those_filtered_drafts_too_with_all_their_cells(desk):
    meeting = make.make_meeting(slug="osaka")
    draft = make.make_reaction(slug="b", meeting=meeting, status="draft", stance="critical")
    public = make.make_reaction(slug="a", meeting=meeting, stance="critical")
    make.make_reaction(slug="c", meeting=meeting, stance="mixed")

    rows = rows_of(desk.get(export_url(Reaction) + "?stance__exact=critical"))

    table = TABLES_BY_MODEL[Reaction]
    assert rows == [row_cells(table, public), row_cells(table, draft)]


def test_rows_are_those_ticked(desk):
    one, two, _ = (make.make_reaction(slug=slug) for slug in "abc")
    data = {"action": "export_selected", "_selected_action": [one.pk, two.pk], "index": 0}

    rows = rows_of(desk.post(address(one, "changelist"), data))

    assert [row["slug"] for row in rows] == ["a", "b"]


def test_formulas_are_made_harmless(desk):
    make.make_reaction(attribution='=HYPERLINK("https://example.org")')

    rows = rows_of(desk.get(export_url(Reaction)))

    assert rows[0]["attribution"].startswith("'=")


def test_numbers_below_zero_are_numbers(desk):
    make.make_place(slug="a", latitude="-34.6", longitude="-58.4013")

    row = rows_of(desk.get(export_url(Place)))[0]

    assert (row["slug"], row["latitude"], row["longitude"]) == ("a", "-34.6", "-58.4013")


def test_file_says_that_it_is_utf_8(desk):
    make.make_place(city="Hämeenlinna")

    file = desk.get(export_url(Place)).getvalue()

    assert file.startswith(codecs.BOM_UTF8)
    assert "Hämeenlinna" in file.decode("utf-8-sig")


def test_unpublished_rows_are_for_staff_who_may_view_them(client):
    make.make_reaction(status="draft")
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_source"))
    client.force_login(user)

    assert client.get(export_url(Reaction)).status_code == 403
    client.logout()
    assert "/admin/login/" in client.get(export_url(Reaction)).url


def test_export_is_logged(desk, caplog):
    caplog.set_level("INFO", "meetings.security")

    desk.get(export_url(Place))

    assert [
        (each.event, each.account) for each in caplog.records if each.name == "meetings.security"
    ] == [("export", "ana")]


def test_odd_filters_lead_back_to_the_list(desk):
    answer = desk.get(export_url(Reaction) + "?nonsense__exact=1")

    assert answer.url.endswith("?e=1")


def test_queries_grow_by_the_batch_and_memory_does_not(desk, monkeypatch):
    monkeypatch.setattr("meetings.admin.exports.BATCH_ROWS", 50)
    monkeypatch.setattr("meetings.tables.rows.FETCH_ROWS", 50)
    meeting, source = make.make_meeting(), make.make_source()

    def measured(size):
        for _ in range(size - Reaction.objects.count()):
            make.make_reaction(meeting=meeting, sources=[source], summary="x" * 1000)
        with CaptureQueriesContext(connection) as queries:
            tracemalloc.start()
            for _ in desk.get(export_url(Reaction)).streaming_content:
                pass
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return len(queries), peak

    measured(50)
    few, some = measured(100)
    many, more = measured(400)

    assert many - few <= 4 * 6
    assert more < some * 1.3


def test_export_as_a_workbook_has_the_same_rows_with_typed_cells(desk):
    one = make.make_reaction(slug="a", reacted_on="2018-07-17", attribution="-5", status="draft")
    make.make_reaction(slug="b")
    ticked = {"action": "export_selected_xlsx", "_selected_action": [one.pk], "index": 0}

    listed = desk.get(reverse("admin:meetings_reaction_changelist")).content.decode()
    whole = book_of(desk.get(f"{export_url(Reaction)}xlsx/"))
    some = book_of(desk.post(address(one, "changelist"), ticked))

    columns = TABLES_BY_MODEL[Reaction].columns
    assert f"{export_url(Reaction)}xlsx/" in listed
    assert [row[0] for row in whole] == ["slug", "a", "b"]
    assert some[1] == whole[1]
    row = dict(zip(columns, some[1], strict=True))
    assert (row["attribution"], f"{row['reacted_on']:%Y-%m-%d}") == ("-5", "2018-07-17")


def book_of(answer):
    book = load_workbook(BytesIO(answer.getvalue()))
    return [*book.active.iter_rows(values_only=True)]
