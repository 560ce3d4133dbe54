"""An export is whole or not there, the same twice, and overwrites exports alone."""

import json
import shutil
import zipfile

import pytest
from django.core.management import CommandError, call_command

from meetings.exporting import package
from meetings.exporting.package import writing
from meetings.models import Meeting, Place
from meetings.tables.registry import BY_NAME
from tests import factories as make
from tests.full_record import full_record as full_record

from ..exporting.exported import folder as folder

pytestmark = pytest.mark.django_db


def test_same_record_gives_the_same_bytes_and_version_and_another_others(folder, tmp_path):
    for name in ("one.zip", "two.zip"):
        package.write(tmp_path / name)
    make.make_place(slug="new")
    package.write(tmp_path / "three.zip")

    one, two, three = ((tmp_path / f"{n}.zip").read_bytes() for n in ("one", "two", "three"))
    assert one == two != three
    versions = [
        json.loads(zipfile.ZipFile(tmp_path / name).read("datapackage.json"))["version"]
        for name in ("one.zip", "three.zip")
    ]
    assert versions[0] != versions[1]


def test_rows_end_as_the_standard_has_it_and_cells_keep_their_lines(folder):
    text = (folder / "meetings.csv").read_bytes().decode()

    assert text.startswith("slug,title,")
    assert text.count("\r\n") == 1 + Meeting.objects.count()
    assert '"One\ntwo\n\n\u202ethree \U0001f600"' in text
    assert '"=1+1, ""said"""' in text


def test_published_rows_alone_name_nothing_hidden(folder, tmp_path):
    call_command("export_record", tmp_path / "public", "--published", verbosity=0)

    words = "".join(file.read_text() for file in (tmp_path / "public").glob("*.csv"))
    everything = "".join(file.read_text() for file in folder.glob("*.csv"))
    for word in ("hidden", "secret", "unlisted"):
        assert word not in words
        assert word in everything


def test_command_says_how_much_it_wrote(full_record, tmp_path, capsys):
    call_command("export_record", tmp_path / "places.zip", "--table", "places")

    number = Place.objects.count()
    assert capsys.readouterr().out == f"{number} rows of 1 table in {tmp_path / 'places.zip'}.\n"


@pytest.mark.parametrize("name", ["export", "export.zip"])
def test_export_that_fails_leaves_what_was_there(folder, tmp_path, monkeypatch, name):
    path = tmp_path / name
    package.write(path)
    before = contents(path)
    make.make_place(slug="new")
    rows = writing.table_cells

    def failing(table, published):
        if table.name == "themes":
            raise OSError("No space left on device")
        return rows(table, published)

    monkeypatch.setattr(writing, "table_cells", failing)
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("export_record", path)

    assert contents(path) == before
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def contents(path):
    if path.is_dir():
        return {file.name: file.read_bytes() for file in path.iterdir()}
    return path.read_bytes()


def test_export_that_cannot_take_its_place_gives_the_old_one_back(folder, monkeypatch):
    before = contents(folder)
    rename = type(folder).replace

    def failing(self, target):
        if self.name == "export" and self.parent.name.startswith(".export-"):
            raise OSError("Device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(type(folder), "replace", failing)
    with pytest.raises(OSError, match="busy"):
        package.write(folder)

    assert contents(folder) == before


def test_earlier_export_is_replaced_whole(folder):
    package.write(folder, [BY_NAME["places"]])

    assert sorted(contents(folder)) == ["datapackage.json", "places.csv"]


@pytest.mark.parametrize(
    ("name", "words"), [("notes", "holds other files"), ("a.csv", "is a file"), ("z.zip", "folder")]
)
def test_what_no_export_wrote_is_not_overwritten(tmp_path, name, words):
    path = tmp_path / name
    if name == "a.csv":
        path.write_text("Mine.")
    else:
        path.mkdir()
        (path / "mine.txt").write_text("Mine.")

    with pytest.raises(CommandError, match=words):
        call_command("export_record", path)

    assert (path if path.is_file() else path / "mine.txt").read_text() == "Mine."
    shutil.rmtree(path, ignore_errors=True)
