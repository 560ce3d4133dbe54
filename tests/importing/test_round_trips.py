"""What was exported, imported into an empty record and exported again is the same to the byte."""

from pathlib import Path

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from meetings.editing.revisions import record_loaded
from meetings.exporting import package
from meetings.models import Revision
from meetings.tables.csv import csv_pieces
from meetings.tables.registry import TABLES
from meetings.tables.resources import row_cells
from meetings.tables.rows import in_key_order, table_rows
from tests.content import load
from tests.soak import repeats

from .helpers import import_file, problem_texts, rolled_back
from .strategies import records

pytestmark = pytest.mark.django_db


def export(folder: Path) -> dict[str, bytes]:
    """Export the record to a folder; return its files."""
    package.write(folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def exported_again(folder: Path) -> dict[str, bytes]:
    """Import an export into an empty record; return what that exports.

    Read once more over itself, it changes no row and leaves no revision.
    """
    with rolled_back():
        outcome = import_file(folder, accepts_warnings=True)
        assert problem_texts(outcome) == []
        second = export(folder.with_name("second"))
        before = Revision.objects.count()
        again = import_file(folder).imported
        assert (again.new, again.changed) == (0, 0)
        assert again.unchanged == outcome.imported.new
        assert Revision.objects.count() == before
    return second


def test_the_record_comes_back_the_same(tmp_path):
    with rolled_back():
        load()
        first = export(tmp_path / "first")

    second = exported_again(tmp_path / "first")

    assert second == first
    assert sum(map(len, first.values())) > 100_000


def test_loose_files_bring_back_what_they_were_made_of(tmp_path):
    """As downloaded: with apostrophes before formulas, without a description beside them."""
    with rolled_back():
        load()
        first = export(tmp_path / "first")
        loose = tmp_path / "loose"
        write_loose(loose)

    with rolled_back():
        assert problem_texts(import_file(loose, accepts_warnings=True)) == []
        second = export(tmp_path / "second")

    assert second == first


def write_loose(folder: Path) -> None:
    """Write all tables as the lists at the desk and in public are downloaded."""
    folder.mkdir()
    for table in TABLES:
        rows = table_rows(table, table.model._default_manager.all())
        text = "".join(csv_pieces(table.columns, [rows], table))
        (folder / f"{table.name}.csv").write_bytes(text.encode())


@pytest.mark.parametrize("number", repeats(5, 1_000))
def test_records_of_every_character_come_back_the_same(number, tmp_path):
    places = iter(range(10**6))

    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def come_back(data):
        folder = tmp_path / str(next(places))
        with rolled_back():
            data.draw(records())
            record_loaded()
            first = export(folder / "first")
            write_loose(folder / "loose")
            for table in TABLES:
                made = in_key_order(table, table.model._default_manager.all())
                cells = [[*row_cells(table, row).values()] for row in made]
                assert [*table_rows(table, table.model._default_manager.all())] == cells

        second = exported_again(folder / "first")
        with rolled_back():
            assert problem_texts(import_file(folder / "loose", accepts_warnings=True)) == []
            third = export(folder / "third")

        assert second == first
        assert third == first

    come_back()


def test_public_zip_can_be_imported(tmp_path):
    with rolled_back():
        load()
        (tmp_path / "record.zip").write_bytes(Client().get("/data/record.zip").getvalue())
        package.write(tmp_path / "public", published=True)

    with rolled_back():
        assert problem_texts(import_file(tmp_path / "public")) == []
        package.write(tmp_path / "again", published=True)

    first = {file.name: file.read_bytes() for file in (tmp_path / "public").iterdir()}
    assert {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()} == first
