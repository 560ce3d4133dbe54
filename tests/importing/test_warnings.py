"""Rows with warnings are imported only if somebody confirms them."""

import pytest
from django.core.management import CommandError, call_command

from meetings.importing.plan.warnings import broken_letters
from meetings.models import Actor, Import
from tests import factories as make

from .helpers import import_file, write

pytestmark = pytest.mark.django_db
BROKEN = {"slug": "guterres", "name": "AntÃ³nio Guterres", "kind": "person"}
SOUND = {"slug": "orban", "name": "Viktor Orbán", "kind": "person"}


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("AntÃ³nio", "Ã³"),
        ("NiinistÃ¶", "Ã¶"),
        ("â€œno", "â€œ"),
        ("Said ???? twice", "????"),
        ("Orb\ufffdn", "\ufffd"),
        ("РџСѓС‚РёРЅ", "РџСѓС‚РёРЅ"),
        ("António Guterres, Orbán, “no” – Sauli Niinistö’s", ""),
        ("Владимир Путин", ""),
        ("上院 🤝 Müller?", ""),
        ("Really??", ""),
        ("Écrit à l’été…", ""),
    ],
)
def test_letters_read_in_another_encoding_are_noticed(text, broken):
    assert broken_letters(text) == broken


@pytest.mark.parametrize("table", ["", "actors"], ids=["planned", "while it is read"])
def test_command_refuses_what_is_doubtful_and_names_place_and_value(tmp_path, table):
    path = write(tmp_path, "actors", SOUND, BROKEN)

    with pytest.raises(CommandError) as refusal:
        call_command("import_record", str(path), table=table)

    text = str(refusal.value)
    assert "Nothing was imported: 1 warning." in text
    assert "actors.csv, line 3, column name: “AntÃ³nio Guterres”: Letters look broken" in text
    assert "Did you mean “António Guterres”?" in text
    assert "add --yes" in text
    assert not Actor.objects.exists()
    assert not Import.objects.exists()


def test_command_imports_what_is_doubtful_with_yes(tmp_path, capsys):
    path = write(tmp_path, "actors", SOUND, BROKEN)

    call_command("import_record", str(path), yes=True)

    assert Actor.objects.get(slug="guterres").name == "AntÃ³nio Guterres"
    assert "added 2 rows" in capsys.readouterr().out


def test_dry_run_tells_of_what_is_doubtful(tmp_path, capsys):
    path = write(tmp_path, "actors", BROKEN)

    call_command("import_record", str(path), dry_run=True)

    said = capsys.readouterr()
    assert "Would add 1 rows" in said.out
    assert "Warning: actors.csv, line 2, column name" in said.err


def test_what_was_broken_before_and_stays_is_not_warned_of(tmp_path):
    make.make_actor(**BROKEN)
    path = write(tmp_path, "actors", BROKEN | {"description": "Sauli Niinistö’s guest"})

    outcome = import_file(path)

    assert outcome.warnings == []
    assert Actor.objects.get().description == "Sauli Niinistö’s guest"


def test_folder_with_something_doubtful_is_refused_whole(tmp_path):
    write(tmp_path, "actors", BROKEN)
    write(tmp_path, "places", {"slug": "helsinki", "city": "Helsinki"})

    outcome = import_file(tmp_path)

    assert [warning.column for warning in outcome.warnings] == ["name"]
    assert not Actor.objects.exists()


def test_report_holds_what_is_doubtful(tmp_path):
    path, report = write(tmp_path, "actors", BROKEN), tmp_path / "report.txt"

    with pytest.raises(CommandError):
        call_command("import_record", str(path), report=report)

    assert "AntÃ³nio Guterres" in report.read_text(encoding="utf-8-sig")
