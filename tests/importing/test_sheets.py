"""What is said of a workbook: which sheet was read, which was not, hidden rows, places."""

import csv
import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import factories as make

from .corpus.good_workbooks import second_sheet
from .corpus.records import NEW
from .corpus.workbooks import of_row, workbook
from .helpers import import_file

pytestmark = pytest.mark.django_db
PLACE = NEW["places"]


def places_book(folder, *rows, change=None, name="places.xlsx"):
    path = folder / name
    path.write_bytes(workbook([PLACE, *[row.values() for row in rows]], change))
    return path


def hide_second_row(book):
    book.active.row_dimensions[2].hidden = True


def test_sheet_that_was_read_is_named_and_others_with_rows(tmp_path, capsys):
    more = second_sheet("More", [PLACE, ["lost"]])
    path = places_book(tmp_path, PLACE, change=lambda book: (more(book), book.create_sheet("Bare")))

    call_command("import_record", path)

    said = capsys.readouterr().out
    assert "places.xlsx: the sheet “Sheet” was read. Not read, though it has rows: “More”." in said
    assert "Bare" not in said


def test_rows_that_a_filter_hides_are_counted_and_read(tmp_path):
    path = places_book(tmp_path, PLACE, {"slug": "other"}, change=hide_second_row)

    outcome = import_file(path)

    assert outcome.imported.new == 2
    assert "places.xlsx: 1 of the 2 rows read is hidden in the sheet, as by a filter." in (
        outcome.notices
    )


def test_place_of_a_problem_is_a_cell_of_its_sheet(tmp_path):
    path, report = tmp_path / "places.xlsx", tmp_path / "report.csv"
    path.write_bytes(
        workbook(
            [["slug", "country"], ["a", "UK"]], lambda b: setattr(b.active, "title", "My list")
        )
    )

    with pytest.raises(CommandError) as refusal:
        call_command("import_record", path, report=report)

    assert "places.xlsx, My list!B2, column country: “UK”" in str(refusal.value)
    (row,) = csv.DictReader(StringIO(report.read_text(encoding="utf-8-sig")))
    assert (row["file"], row["line"], row["suggestion"]) == ("places.xlsx", "My list!B2", "GB")


def test_place_of_a_row_is_a_row_of_its_sheet(tmp_path):
    path = places_book(tmp_path, {"slug": None}, {"slug": None, "city": "Oulu"}, name="places.xlsx")
    path.write_bytes(workbook([["slug", "city"], ["a", "Oulu"], [None, "Oulu", "x"]]))

    (problem,) = import_file(path).problems

    assert problem.place == "Sheet!3:3"
    assert problem.problem.startswith("The cell C3 is filled, beyond the header")


def test_workbook_alone_among_its_sheets_says_so_too(tmp_path):
    path = tmp_path / "places.xlsx"
    path.write_bytes(of_row(PLACE))

    assert import_file(path, is_dry=True).notices == ["places.xlsx: the sheet “Sheet” was read."]


@pytest.mark.parametrize("is_true", [True, False])
def test_file_that_was_edited_since_its_package_was_written_is_told(tmp_path, is_true):
    text = b"slug\nnew-place\n"
    digest = hashlib.sha256(text if is_true else b"").hexdigest()
    resource = {"path": "places.csv", "hash": f"sha256:{digest}"}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}))
    (tmp_path / "places.csv").write_bytes(text)

    outcome = import_file(tmp_path)

    said = "places.csv: edited since datapackage.json was written: its hash differs."
    assert outcome.notices == ([] if is_true else [said])


def test_name_of_a_page_leads_to_its_table(tmp_path):
    (tmp_path / "people.csv").write_text("slug,name,kind\n")

    (problem,) = import_file(tmp_path / "people.csv").problems

    assert problem.suggestion == "actors"
    assert "by command --table actors." in problem.problem


def test_dates_that_are_known_in_part_lead_to_the_column_that_says_so(tmp_path):
    make.make_meeting(slug="talks")
    (tmp_path / "meetings.csv").write_text("slug,starts_on\ntalks,2018-07\n")

    (problem,) = import_file(tmp_path / "meetings.csv").problems

    assert problem.problem.endswith("Say in “date_note” how far it is known.")
