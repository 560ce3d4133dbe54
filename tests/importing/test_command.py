"""The file's name, size and digest in an import by command."""

import csv
import hashlib

import pytest
from django.core.management import CommandError, call_command

from meetings.models import Import, Reaction
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


def dry_run(path, capsys, **options):
    call_command("import_record", path, dry_run=True, **options)
    return capsys.readouterr().out.splitlines()


def test_dry_run_tells_each_cell_that_would_change_or_be_cleared(file, tmp_path, capsys):
    import_file(file)
    text = "Said so " + "at some length " * 10
    import_file(write(tmp_path, "reactions", reaction(role="Minister", summary=f"{text}[@press].")))
    path = write(tmp_path, "reactions", reaction(role="", summary=f"{text}and in Oslo [@press]."))

    lines = dry_run(path, capsys)

    assert lines == [
        "Would add 0 rows and change 1; 0 stay as they are.",
        "  reactions kallas-geneva, role: cleared; it was “Minister”",
        "  reactions kallas-geneva, summary: “…e length at some length [@press].”"
        " → “…e length at some length and in Oslo [@press].”",
    ]
    assert Reaction.objects.get().role == "Minister"


def test_dry_run_tells_fifty_cells_and_how_many_are_left(file, tmp_path, capsys):
    names = [f"person-{number}" for number in range(52)]
    import_file(
        write(tmp_path, "reactions", *(reaction(slug=name, role="Minister") for name in names))
    )
    path = write(tmp_path, "reactions", *(reaction(slug=name, role="Envoy") for name in names))

    lines = dry_run(path, capsys)

    assert len(lines) == 52
    assert lines[-1] == "  … and 2 more cells; --plan FILE writes them all."


@pytest.mark.parametrize("is_dry", [True, False])
def test_plan_file_holds_each_cell_old_and_new(file, tmp_path, is_dry):
    import_file(write(tmp_path, "reactions", reaction(role="Minister")))
    path = write(
        tmp_path,
        "reactions",
        reaction(role=""),
        reaction(slug="tuomioja", attribution="Erkki Tuomioja", role=""),
    )
    plan = tmp_path / "plan.csv"

    call_command("import_record", path, plan=plan, dry_run=is_dry)

    with plan.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.reader(stream))
    assert found[0] == ["table", "key", "column", "old", "new"]
    assert ["reactions", "kallas-geneva", "role", "Minister", ""] in found
    assert ["reactions", "tuomioja", "attribution", "", "Erkki Tuomioja"] in found
    assert ["reactions", "kallas-geneva", "stance", "mixed", "mixed"] not in found
    assert Reaction.objects.filter(slug="tuomioja").exists() is not is_dry


def test_plan_that_cannot_be_written_is_said_before_anything_is_read(file, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("import_record", file, plan=tmp_path / "none" / "plan.csv")

    assert not Import.objects.exists()
