"""The Data Package: found valid by those who made the standard, and broken where it is broken."""

import json
import re
import zipfile

import frictionless
import pytest
from django.core.exceptions import ValidationError

from meetings.editing.checks import required_columns
from meetings.exporting import package
from meetings.exporting.package.fields import is_never_empty
from meetings.models import Meeting, Place
from meetings.tables.registry import TABLES
from tests import factories as make
from tests.full_record import full_record as full_record

from .exported import folder as folder

pytestmark = pytest.mark.django_db


def faults(path):
    """Return what the frictionless package finds wrong: where, and of which type."""
    report = frictionless.validate(str(path / "datapackage.json" if path.is_dir() else path))
    found = report.flatten(["type", "rowNumber", "fieldName"])
    return report.valid, [tuple(fault) for fault in found]


def edit(path, old, new):
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


def described_anew(folder):
    """Give the descriptor the sizes and digests of the files, as somebody does who edits them."""
    file = folder / "datapackage.json"
    found = json.loads(file.read_text())
    for resource in found["resources"]:
        for name in ("bytes", "hash"):
            resource.pop(name)
    file.write_text(json.dumps(found))


def test_folder_and_zip_are_valid_and_hold_every_table(folder, tmp_path):
    package.write(tmp_path / "record.zip")

    assert faults(folder) == (True, [])
    assert faults(tmp_path / "record.zip") == (True, [])
    archive = zipfile.ZipFile(tmp_path / "record.zip")
    assert {name: archive.read(name) for name in archive.namelist()} == {
        file.name: file.read_bytes() for file in folder.iterdir()
    }
    assert len(archive.namelist()) == len(TABLES) + 1


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_table_alone_is_valid(folder, tmp_path, table):
    package.write(tmp_path / "one", [table])

    assert faults(tmp_path / "one") == (True, [])
    assert len(list((tmp_path / "one").iterdir())) == 2


BROKEN = {
    "a stance that is none": ("reactions", ",critical,", ",angry,", "constraint-error", "stance"),
    "a slug with capitals": ("places", "pole,", "Pole,", "constraint-error", "slug"),
    "a place beyond the pole": ("places", ",-90,", ",-91,", "constraint-error", "latitude"),
    "a day that is none": ("meetings", "2018-07-17", "2018-02-30", "type-error", "ends_on"),
    "a day in another form": ("meetings", "2018-07-17", "17/07/2018", "type-error", "ends_on"),
    "a country that is no code": ("places", ",FI,", ",Finland,", "constraint-error", "country"),
    "a row with a cell too many": ("meetings", "talks,", "talks,,", "extra-cell", ""),
    "a key that stands twice": ("places", "pole,", "hidden,", "primary-key", ""),
    "a place that is not there": ("meetings", ",pole,", ",nowhere,", "foreign-key", ""),
    "a column that is none": ("places", "latitude", "lattitude", "incorrect-label", "latitude"),
    "a word that is none": ("sources", ",excerpt,", ",some,", "constraint-error", "read"),
    "a number in words": ("meetings", ",1,", ",one,", "type-error", "duration_minutes"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_package_is_found_broken(folder, name):
    table, old, new, kind, column = BROKEN[name]
    described_anew(folder)
    assert faults(folder) == (True, [])

    edit(folder / f"{table}.csv", old, new)
    valid, found = faults(folder)

    assert not valid
    assert kind in {fault[0] for fault in found}, found
    assert not column or column in {fault[2] for fault in found}, found


def test_file_that_is_not_the_one_described_is_found(folder):
    edit(folder / "places.csv", "Helsinki", "Tampere_")

    assert faults(folder) == (False, [("hash-count", None, None)])


def test_descriptor_says_what_the_tables_ask():
    """What Table Schema requires is what an import requires, besides what fills itself."""
    for table in TABLES:
        found = {name for name in table.columns if is_never_empty(table, name, published=True)}
        own = {"status"} & set(table.columns)
        assert found == {*table.key, *required_columns(table), *own}, table.name


@pytest.mark.parametrize(
    ("model", "cells"),
    [
        (Place, {"latitude": "90.000001", "longitude": "0"}),
        (Place, {"latitude": "0", "longitude": "-180.000001"}),
        (Meeting, {"duration_minutes": 0}),
    ],
)
def test_bounds_of_the_descriptor_are_those_of_the_tables(model, cells):
    row = make.make_place() if model is Place else make.make_meeting()
    for name, value in cells.items():
        setattr(row, name, value)

    with pytest.raises(ValidationError):
        row.full_clean()


def test_columns_of_several_slugs_name_the_rows_they_mean(folder):
    found = json.loads((folder / "datapackage.json").read_text())
    schemas = {resource["name"]: resource["schema"] for resource in found["resources"]}

    fields = {field["name"]: field for field in schemas["reactions"]["fields"]}
    assert fields["actors"]["type"] == "list"
    assert fields["actors"]["delimiter"] == "|"
    assert fields["actors"]["references"] == {"resource": "actors", "fields": ["slug"]}
    keys = {key["fields"][0]: key["reference"] for key in schemas["reactions"]["foreignKeys"]}
    assert set(keys) == {"meeting", "quotation_source"}
    for schema in schemas.values():
        for field in schema["fields"]:
            assert field["title"], field
            assert field["description"], field


def test_package_says_whose_it_is_and_which(folder, settings):
    found = json.loads((folder / "datapackage.json").read_text())

    assert found["title"] == settings.SITE_NAME
    assert found["licenses"][0]["name"] == settings.CONTENT_LICENCE
    assert found["homepage"] == f"{settings.SITE_URL}/data/"
    assert re.fullmatch(r"2\.0\.0\+[0-9a-f]{12}", found["version"])
