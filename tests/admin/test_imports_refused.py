"""What an import refuses, each with its place; most of it the library's defaults would take."""

import codecs
import csv
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from meetings.importing import uploads
from meetings.importing.readers import Limits
from meetings.models import Import, Reaction
from tests.importing.helpers import reaction

from .wizard import choose, confirm, csv_text, page, plan, reactions, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
HEADER = "slug,meeting,attribution,capacity,stance,reacted_on"
PROBLEM = "There is a problem"
ROW = "kallas-0,geneva,Kaja Kallas,executive,mixed,2018-07-17"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("stance", "stanse"), "Did you mean “stance”?"),
        (f"{HEADER},stance", "The column “stance” stands 2 times. Keep one."),
        (HEADER.replace("slug,", "role,"), "The column “slug” is missing."),
        (HEADER.replace(",", "|"), "separated by bars"),
    ],
)
def test_a_wrong_header_stops_at_the_second_step(desk, header, message):
    imported = choose(desk, f"{header}\n{ROW}\n")

    text = page(desk, "match", imported)
    assert PROBLEM in text
    assert message in text
    assert message in desk.post(url("match", imported)).content.decode()
    imported.refresh_from_db()
    assert imported.state == "chosen"


def test_no_step_of_a_good_file_says_that_there_is_a_problem(desk):
    steps = {"choose": desk.get(url("choose")).content.decode()}
    imported = choose(desk, reactions(1))
    steps["match"] = page(desk, "match", imported)
    desk.post(url("match", imported))
    steps["preview"] = page(desk, "preview", imported)
    steps["confirm"] = page(desk, "confirm", imported)
    confirm(desk, imported)
    steps["result"] = page(desk, "result", imported)
    steps["undo"] = page(desk, "undo", imported)

    assert [name for name, text in steps.items() if PROBLEM in text or "Error:" in text] == []


def test_second_step_says_why_a_file_is_not_read(desk, monkeypatch):
    imported = choose(desk, reactions(1))
    look = uploads.inspect_upload

    def look_and_discard(found):
        seen = look(found)
        Import.objects.filter(pk=found.pk).update(state=Import.State.STOPPED)
        return seen

    monkeypatch.setattr(uploads, "inspect_upload", look_and_discard)
    text = desk.post(url("match", imported)).content.decode()

    assert PROBLEM in text
    assert "<li>This file was read already, or was discarded.</li>" in text


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW.replace("mixed", "angry"), "“angry” is not a stance."),
        (ROW.replace("2018-07-17", "01/02/2018"), "Enter the date as 2018-07-16."),
        (ROW.replace("2018-07-17", "16 July 2018"), "Enter the date as 2018-07-16."),
        (ROW.replace("geneva", "genova"), "Did you mean “geneva”?"),
        (f"{ROW}\n{ROW}", "This key stands in line 3 too."),
        (ROW.rsplit(",", 1)[0], "This row has only 5 cells; the header has 6."),
        (f"{ROW},more", "This row has as many as 7 cells; the header has 6."),
    ],
)
def test_a_wrong_row_is_shown_with_its_place_and_nothing_is_imported(desk, row, message):
    imported = plan(desk, f"{HEADER}\n{ROW.replace('kallas-0', 'right')}\n{row}\n")

    text = page(desk, "preview", imported)

    assert message in text
    assert "! Error" in text.replace('<span aria-hidden="true">!</span>', "!")
    assert "Go on: import" not in text
    assert confirm(desk, imported).url == url("preview", imported)
    assert not Reaction.objects.exists()


def test_unknown_slug_among_several_is_refused_not_dropped(desk):
    imported = plan(desk, csv_text(reaction(sources="press|prass")))

    assert "There is no source “prass”. Did you mean “press”?" in page(desk, "preview", imported)


def test_errors_are_downloaded_with_their_places(desk):
    imported = plan(desk, f"{HEADER}\n{ROW.replace('mixed', 'angry')}\nshort\n")

    file = desk.get(url("problems", imported)).getvalue()
    rows = list(csv.DictReader(StringIO(file.decode("utf-8-sig"))))

    assert file.startswith(codecs.BOM_UTF8)
    assert [(row["line"], row["column"], row["value"]) for row in rows] == [
        ("2", "stance", "angry"),
        ("3", "", ""),
    ]
    assert "is not a stance" in rows[0]["problem"]
    assert "only 1 cells" in rows[1]["problem"]


def test_byte_order_mark_is_no_part_of_the_first_column(desk):
    imported = plan(desk, f"\ufeff{HEADER}\n{ROW}\n")

    assert (imported.state, imported.new) == ("ready", 1)


def test_published_row_without_a_source_does_not_pass_the_gate(desk):
    imported = plan(desk, csv_text(reaction(summary="Said so.")))

    assert "Cannot be published yet" in page(desk, "preview", imported)


def test_too_many_bytes_or_rows_are_refused_with_what_to_do(desk, monkeypatch):
    monkeypatch.setattr("meetings.admin.imports.forms.UPLOAD_LIMITS", Limits(size=10))
    file = {"table": "reactions", "file": _file("slug\nmore than ten bytes\n")}
    assert "Split it, or use import_record." in desk.post(url("choose"), file).content.decode()
    monkeypatch.undo()

    monkeypatch.setattr(uploads, "UPLOAD_LIMITS", Limits(rows=2))
    imported = plan(desk, reactions(3))

    assert "There are 3 rows; the limit here is 2." in page(desk, "preview", imported)


@pytest.mark.parametrize("data", [{}, {"table": "nonsense"}, {"table": "reactions", "file": "x"}])
def test_an_incomplete_first_step_says_what_is_missing(desk, data):
    text = desk.post(url("choose"), data).content.decode()

    assert "There is a problem" in text
    assert "Choose a file." in text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.csv"),
        (b"\xff\xfes\x00", "a.csv"),
        (b"PK\x03\x04", "a.zip"),
        (b"%PDF-1.7", "a.xlsx"),
    ],
)
def test_what_is_no_table_is_refused_not_an_error(desk, content, name):
    imported = choose(desk, content, name=name)

    if imported is not None:
        assert "There is a problem" in page(desk, "match", imported)


def _file(text):
    file = StringIO(text)
    file.name = "reactions.csv"
    return file


def test_a_file_beyond_the_limit_is_refused_once_it_has_come(desk):
    file = SimpleUploadedFile("reactions.csv", b"slug\n" + b"x" * uploads.UPLOAD_LIMITS.size)

    response = desk.post(url("choose"), {"table": "reactions", "file": file})

    assert response.status_code == 200
    text = response.content.decode()
    assert "The file has 50.1 MB; the limit here is 50 MB. Split it, or use import_record." in text
    assert not Import.objects.exists()
