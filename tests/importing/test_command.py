"""The file's name, size and digest in an import by command."""

import hashlib

import pytest

from meetings.models import Import
from tests import factories as make

from .helpers import import_file, reaction, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", body="Held [@press].")
    return write(tmp_path, "reactions", reaction())


def test_import_of_a_file_keeps_its_digest_and_size(file):
    import_file(file)

    imported = Import.objects.get()
    assert imported.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert imported.size == file.stat().st_size


def test_import_of_a_folder_has_no_digest(file):
    import_file(file.parent)

    imported = Import.objects.get()
    assert (imported.sha256, imported.size) == ("", 0)
