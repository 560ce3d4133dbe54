"""The corpus brought in, by command and at the desk: bad files not at all, good ones as they are.

In ``make test`` every sixth file.
"""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from meetings.editing.revisions import record_loaded
from meetings.importing import uploads
from meetings.importing.plan.fill_in import DEFAULTS
from meetings.importing.plan.stale_rows import is_sublist
from meetings.models import Import, Revision
from meetings.tables.registry import TABLES, TABLES_BY_NAME
from meetings.tables.rows import table_rows
from tests import factories as make
from tests.admin.wizard import Walk
from tests.soak import repeats

from .corpus import BAD, GOOD
from .corpus.records import make_records
from .helpers import rolled_back

pytestmark = pytest.mark.django_db
State = Import.State
LIMITS = uploads.UPLOAD_LIMITS
EVERY = pytest.mark.parametrize("every", repeats(6, 1))


@pytest.fixture
def desk(client):
    """The client of an editor, beside the rows that the files name."""
    make_records()
    record_loaded()
    client.force_login(make.make_editor())
    return client


def found(cases, judge, folder):
    """Return what is wrong with cases, by their names."""
    wrong = {}
    for number, case in enumerate(cases):
        place = folder / str(number)
        place.mkdir()
        path = case.make(place)
        with rolled_back():
            if fault := judge(case, path):
                wrong[case.name] = fault
    return wrong


def altered(case) -> list:
    """Return what the record holds otherwise than a file says: column, cell, and what is there."""
    kept = {
        table.name: [
            dict(zip(table.columns, row, strict=True))
            for row in table_rows(table, table.model._default_manager.all())
        ]
        for table in TABLES
    }
    wrong = []
    for name, cells in case.rows:
        key = {column: cells[column] for column in TABLES_BY_NAME[name].key}
        rows = [row for row in kept[name] if key.items() <= row.items()]
        if len(rows) != 1:
            wrong.append((name, key, len(rows)))
            continue
        for column, cell in cells.items():
            if not is_kept(column, cell, rows[0][column]):
                wrong.append((column, cell, rows[0][column]))
    return wrong


def is_kept(column: str, cell: str, stored: str) -> bool:
    """Return whether a cell is as its file says; a list of sources is completed beyond that."""
    if column == "sources":
        return is_sublist(cell, stored)
    return stored == (cell or DEFAULTS.get(column, ""))


def line_of(problem: dict[str, str]) -> str:
    """Return the line of a problem, which a sheet's place ends with: “Sheet1!C5”."""
    return problem["line"].rpartition("!")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").split(":")[0]


def misplaced(case, report: str) -> list:
    """Return the problems of a report, unless they have their places and the case's is there."""
    problems = list(csv.DictReader(StringIO(report, newline="")))
    is_told = any(
        (p["file"], line_of(p), p["column"]) == (case.file, str(case.line), case.column)
        and case.says in p["problem"]
        for p in problems
    )
    has_places = all(
        p["file"] and p["problem"] and (p["line"] != "0" or not p["column"]) for p in problems
    )
    return [] if is_told and has_places else problems[:5]


def by_command(path) -> str:
    """Import a file; return the report of what is wrong with it."""
    report = path.parent / "report.csv"
    try:
        call_command("import_record", path, report=report, stdout=StringIO())
    except CommandError:
        return report.read_text(encoding="utf-8-sig")
    return ""


@EVERY
def test_command_refuses_every_bad_file_with_its_place(every, desk, tmp_path):
    def judge(case, path):
        before = Revision.objects.count()
        report = by_command(path)
        if not report or Import.objects.exists() or Revision.objects.count() != before:
            return "accepted"
        return misplaced(case, report)

    # By command, files may be of any size.
    assert found([case for case in BAD[::every] if not case.limits], judge, tmp_path) == {}


@EVERY
def test_command_takes_every_good_file_as_it_is(every, desk, tmp_path):
    assert (
        found(GOOD[::every], lambda case, path: by_command(path) or altered(case), tmp_path) == {}
    )


def sendable(path) -> bool:
    """Return whether a browser can send it whole: no folder, and nothing that stands beside it."""
    return path.is_file() and not (path.parent / "datapackage.json").exists()


def place_of(case) -> str:
    """Return the place of a case's problem as a page says it."""
    line = f", line {case.line}" if case.line else ""
    if "xlsx" in case.file and case.line:
        # In a sheet that can be read, a cell: the reports are asked for it.
        return f"{case.file}, "
    return f"{case.file}{line}{f', column {case.column}' if case.column else ''}"


@EVERY
def test_desk_refuses_every_bad_file_with_its_place(every, desk, tmp_path, monkeypatch):
    def judge(case, path):
        if not sendable(path):
            return None
        monkeypatch.setattr(uploads, "UPLOAD_LIMITS", case.limits or LIMITS)
        before = Revision.objects.count()
        walk = Walk(desk, path)
        if not walk.is_smooth or Revision.objects.count() != before:
            return "accepted, or no page"
        if walk.state == State.WRONG:
            return misplaced(case, walk.report())
        # A missing file is reported at the first step, beside the field.
        place = place_of(case) if walk.imported else 'href="#id_file"'
        is_told = walk.state in ("", State.CHOSEN) and walk.says(case.says, place)
        return None if is_told else (walk.state, place)

    assert found(BAD[::every], judge, tmp_path) == {}


@EVERY
def test_desk_takes_every_good_file_as_it_is(every, desk, tmp_path):
    def judge(case, path):
        if not sendable(path):
            return None
        walk = Walk(desk, path)
        is_in = walk.state == State.DONE or walk.says("All lines match the record")
        return altered(case) if walk.is_smooth and is_in else walk.state

    assert found(GOOD[::every], judge, tmp_path) == {}
