"""The record's own files, opened and saved by LibreOffice as it comes: nothing is other then."""

import pytest
from django.test import Client

from meetings.tables.registry import TABLES
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
