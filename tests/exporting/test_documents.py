"""What stands beside the tables of a package, the current one and a frozen one."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from django.utils import timezone
from jsonschema import Draft201909Validator, FormatChecker

from meetings.editing.revisions import record_loaded
from meetings.exporting.package.public_files import write_package
from meetings.exporting.releases import make_release
from meetings.tables.registry import TABLES
from tests.full_record import full_record as full_record

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "datacite-4.5.json").read_text())


def current_package():
    stream = io.BytesIO()
    write_package(stream)
    return zipfile.ZipFile(stream)


def frozen_package():
    with make_release(note="First.").file.open("rb") as stream:
        return zipfile.ZipFile(io.BytesIO(stream.read()))


def test_current_package_says_what_it_is_and_how_it_is_cited(full_record, settings):
    archive = current_package()

    tables = {f"{table.name}.csv" for table in TABLES}
    texts = {"README.md", "LICENSE.md", "CITATION.cff", "datacite.json"}
    assert {*archive.namelist()} == tables | texts | {"datapackage.json"}
    version = json.loads(archive.read("datapackage.json"))["version"]
    citation = yaml.safe_load(archive.read("CITATION.cff"))
    assert (citation["version"], citation["license"]) == (version, settings.CONTENT_LICENCE)
    assert citation["url"] == f"{settings.SITE_URL}/data/"
    readme = archive.read("README.md").decode()
    for words in (f"data, version {version}", "/data/releases/", "| `places.csv` | Places |"):
        assert words in readme


def test_current_package_has_the_same_bytes_on_another_day(full_record, monkeypatch):
    record_loaded()
    files = [current_package()]
    monkeypatch.setattr(timezone, "now", lambda: datetime(2031, 1, 1, tzinfo=UTC))
    files.append(current_package())

    one, other = ({name: file.read(name) for name in file.namelist()} for file in files)
    assert one == other


@pytest.mark.parametrize("package", [current_package, frozen_package])
def test_description_is_valid_by_datacite(full_record, package):
    make_release(note="A former one.") if package is current_package else None
    described = json.loads(package().read("datacite.json"))

    check = Draft201909Validator(SCHEMA, format_checker=FormatChecker())
    assert [error.message for error in check.iter_errors(described)] == []
    assert described["relatedIdentifiers"]
