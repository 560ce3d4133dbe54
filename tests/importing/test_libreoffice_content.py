"""The record's own files, opened and saved by LibreOffice as it comes: nothing is other then."""

import csv
import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from meetings.tables.registry import TABLES
from tests import factories as make
from tests.content import record as record
from tests.importing.helpers import plan_file
from tests.importing.test_libreoffice import READ, convert, installed

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
# The longest texts, and the most dates and numbers; the others are left to ``make soak``.
FEW = ("places", "meetings", "reactions")


def take(folder, names):
    """Take files of the record along; return them."""
    client = Client()
    for name in names:
        (folder / name).write_bytes(client.get(f"/data/{name}").getvalue())
    return [folder / name for name in names]


def cells(path):
    """Return the cells of all rows of a file, as an import reads them."""
    plan = plan_file(path)
    assert [str(problem) for problem in plan.problems] == []
    return [(row.table, row.cells) for row in plan.rows]


def test_workbook_of_the_record_comes_back_from_libreoffice(tmp_path):
    installed()
    (taken,) = take(tmp_path, ["record.xlsx"])
    convert([taken], "xlsx", tmp_path / "saved")

    assert cells(tmp_path / "saved" / "record.xlsx") == cells(taken)
    assert {table for table, _ in cells(taken)} >= {"meetings", "claims", "accounts"}


@pytest.mark.parametrize(
    "names",
    [FEW, pytest.param([table.name for table in TABLES], marks=pytest.mark.soak)],
    ids=["some", "all"],
)
@pytest.mark.parametrize(
    ("ending", "how"), [("csv", f"--infilter={READ}"), ("xlsx", "--norestore")]
)
def test_files_of_tables_come_back_from_libreoffice(tmp_path, names, ending, how):
    installed()
    files = take(tmp_path, [f"{name}.{ending}" for name in names])
    convert(files, "xlsx", tmp_path / "saved", how)

    for file in files:
        assert cells(tmp_path / "saved" / f"{file.stem}.xlsx") == cells(file)


def test_csv_opened_in_another_encoding_is_refused_with_what_to_do(tmp_path):
    """As LibreOffice's command line does, unless it is told: no letter comes back broken."""
    installed()
    convert(take(tmp_path, ["actors.csv"]), "xlsx", tmp_path / "saved")

    plan = plan_file(tmp_path / "saved" / "actors.xlsx")

    assert {row.action for row in plan.rows} == {"wrong"}
    assert "This was read in another encoding" in str([*map(str, plan.problems)])


@pytest.mark.soak
def test_no_csv_opened_as_it_comes_changes_anything(tmp_path):
    """Each table comes back as it was, or is refused for its broken letters."""
    installed()
    files = take(tmp_path, [f"{table.name}.csv" for table in TABLES])
    convert(files, "xlsx", tmp_path / "saved")

    for file in files:
        plan = plan_file(tmp_path / "saved" / f"{file.stem}.xlsx")
        is_refused = "This was read in another encoding" in str([*map(str, plan.problems)])
        assert is_refused or [(r.table, r.cells) for r in plan.rows] == cells(file), file.name


@pytest.mark.soak
def test_template_with_rows_of_every_table_comes_back_from_libreoffice(tmp_path):
    installed()
    client, filled = Client(), tmp_path / "record.xlsx"
    client.force_login(make.make_editor())
    template = client.get("/admin/meetings/import/template/record.xlsx").content
    book = load_workbook(io.BytesIO(template))
    for file in take(tmp_path, [f"{table.name}.csv" for table in TABLES]):
        _, *rows = csv.reader(file.read_text(encoding="utf-8-sig").splitlines(keepends=True))
        for row in rows[:20]:
            book[file.stem].append(row)
        for row in book[file.stem].iter_rows(min_row=2):
            for cell in row:
                cell.number_format = "@"
    book.save(filled)
    convert([filled], "xlsx", tmp_path / "saved")

    assert cells(tmp_path / "saved" / "record.xlsx") == cells(filled)
    assert {table for table, _ in cells(filled)} == {table.name for table in TABLES}
