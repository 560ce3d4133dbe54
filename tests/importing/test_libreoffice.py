"""Files saved by LibreOffice: the rows of a CSV opened there and saved as XLSX, then as CSV."""

import os
import shutil
import subprocess

import pytest

from tests.importing.corpus.cases import sheet
from tests.importing.corpus.records import NEW, REACTION, make_records
from tests.importing.helpers import plan_file

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Comma, quotation mark, UTF-8, from the first line; as the filter of CSV numbers them.
READ = "CSV:44,34,76,1"
WRITE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
FILES = {
    "reactions": sheet(
        REACTION
        | {
            "attribution": "Сенатор «Иванов», \"x\" 'y'",
            "publish_at": "2018-07-16T09:30:00Z",
            "summary": "One [@paper].\n\n- Two; [@law]",
            "role": "'=1+1",
            "affiliation": "'+ of 上院",
        },
        REACTION | {"slug": "1985", "reacted_on": "2020-02-29", "issues": "arms|trade"},
        REACTION | {"slug": "no-text", "country": "FI", "publish_at": "2018-07-16T12:30+03:00"},
    ),
    "places": sheet({"slug": "new-place", "latitude": "60.1699", "longitude": "-24.500000"}),
    "meetings": sheet(
        NEW["meetings"] | {"starts_on": "1874-12-12", "duration_minutes": "46", "place": ""}
    ),
    "sources": sheet(NEW["sources"] | {"ownership": "state", "read": "excerpt"}),
    "outcomes": sheet(NEW["outcomes"] | {"order": "010", "text": "Agreed [@paper]."}),
}


# As most people open a CSV: what looks like a date or a number becomes one.
DETECT = "CSV:44,34,76,1,,1033,false,true,false,false,false,-1"
TYPED = {
    "slug": "may-2018",
    "date_note": "July 2018",
    "summary": "46%",
    "body": "$1,200",
    "forum": "TRUE",
}
SHOWN = {
    "slug": "a date, shown as 05/01/18.",
    "date_note": "a date, shown as 07/01/18.",
    "summary": "a percentage, shown as 46.00%.",
    "body": "a number, shown as $1,200.00.",
    "forum": "a truth value, shown as TRUE.",
}


def convert(files, ending, folder, *options):
    """Have LibreOffice save files in another format, all at once."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", *options, "--convert-to", ending]
    subprocess.run(
        [*command, "--outdir", folder, *files], check=True, capture_output=True, timeout=120
    )


def installed():
    """Skip a test where LibreOffice is missing, unless all must run."""
    if not shutil.which("soffice"):
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is missing, and with CI=true nothing is skipped.")
        pytest.skip("LibreOffice is missing: `apt-get install libreoffice-calc`.")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The folder of the files as written, as XLSX and as CSV; three of each table."""
    installed()
    folder = tmp_path_factory.mktemp("saved")
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    convert(sorted(folder.glob("*.csv")), "xlsx", folder / "xlsx", f"--infilter={READ}")
    convert(sorted((folder / "xlsx").glob("*.xlsx")), WRITE, folder / "csv")
    (folder / "typed").mkdir()
    (folder / "typed" / "meetings.csv").write_text(sheet(NEW["meetings"] | TYPED))
    convert([folder / "typed" / "meetings.csv"], "xlsx", folder / "typed", f"--infilter={DETECT}")
    return folder


@pytest.mark.parametrize("table", FILES)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_libreoffice_saves_is_read_as_it_was_written(saved, table, ending):
    make_records()
    written = plan_file(saved / f"{table}.csv")

    read = plan_file(saved / ending / f"{table}.{ending}")

    assert [str(problem) for problem in [*written.problems, *read.problems]] == []
    assert [row.cells for row in read.rows] == [row.cells for row in written.rows] != []


def test_what_libreoffice_made_of_a_text_is_refused_as_it_is_shown(saved):
    read = plan_file(saved / "typed" / "meetings.xlsx")

    assert {problem.column: problem.problem for problem in read.problems} == {
        column: f"This cell holds {says} Format the column as text and write it again."
        for column, says in SHOWN.items()
    }
