"""Rows with warnings are imported only if somebody confirms them."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from meetings.importing import imports
from meetings.importing.plan.warnings import broken_letters
from meetings.models import Actor, Import, Meeting
from tests import factories as make

from .helpers import import_file, reaction, write

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


def warnings_of(tmp_path, table, *rows):
    return import_file(write(tmp_path, table, *rows)).warnings


@pytest.mark.parametrize("word", ["nan", "NULL", "None", "N/A", "NaT"])
def test_word_that_programs_write_for_nothing_is_warned_of(tmp_path, word):
    (warning,) = warnings_of(tmp_path, "actors", SOUND | {"description": word})

    assert (warning.line, warning.column, warning.value) == (2, "description", word)
    assert "Empty it, or confirm that it is meant." in warning.problem


def test_namibia_is_no_word_for_nothing(tmp_path):
    assert warnings_of(tmp_path, "places", {"slug": "windhoek", "country": "NA"}) == []


@pytest.mark.parametrize(("length", "number"), [(32_766, 0), (32_767, 1), (32_768, 0)])
def test_text_that_a_spreadsheet_cut_is_warned_of(tmp_path, length, number):
    found = warnings_of(tmp_path, "actors", SOUND | {"description": "x" * length})

    assert len(found) == number


@pytest.mark.parametrize(
    ("cells", "number"),
    [
        ({"description": ""}, 1),
        ({"description": "", "sort_name": "Orbán, V."}, 0),
        ({"description": "", "sort_name": ""}, 1),
        ({"description": "Host"}, 0),
    ],
)
@pytest.mark.parametrize("table", ["", "actors"], ids=["planned", "while it is read"])
def test_more_cells_emptied_than_filled_is_warned_of_once(tmp_path, cells, number, table):
    make.make_actor(slug="orban", name="Viktor Orbán", description="Guest", sort_name="Orbán")
    path = write(tmp_path, "actors", {"slug": "orban"} | cells)

    outcome = import_file(path, table=table)

    assert len(outcome.warnings) == number
    assert Actor.objects.get().description == ("Guest" if number else cells["description"])


MEETING = {
    "slug": "helsinki-summit",
    "title": "Helsinki",
    "starts_on": "2018-07-16",
    "format": "summit",
    "event_status": "held",
}


def test_new_row_with_title_and_day_of_an_old_one_is_warned_of_with_the_way_to_rename(tmp_path):
    make.make_meeting(slug="helsinki-2018", title="Helsinki", starts_on=date(2018, 7, 16))

    (warning,) = warnings_of(tmp_path, "meetings", MEETING)
    others = warnings_of(tmp_path, "meetings", MEETING | {"starts_on": "2018-07-17"})

    assert (warning.column, warning.value) == ("slug", "helsinki-summit")
    assert "“helsinki-2018” has the same title and day." in warning.problem
    assert "“new_slug”" in warning.problem
    assert others == []


def test_new_reaction_of_the_same_speaker_day_and_meeting_is_warned_of(tmp_path):
    geneva, _ = make.make_meeting(slug="geneva"), make.make_meeting(slug="vienna")
    make.make_reaction(
        slug="old", meeting=geneva, attribution="Kaja Kallas", reacted_on=date(2018, 7, 17)
    )
    row = reaction(attribution="Kaja Kallas", status="", summary="")

    (warning,) = warnings_of(tmp_path, "reactions", row)
    others = warnings_of(tmp_path, "reactions", row | {"meeting": "vienna"})

    assert "“old” has the same attribution, day and meeting." in warning.problem
    assert others == []


@pytest.mark.parametrize("table", ["", "meetings"], ids=["planned", "while it is read"])
def test_new_rows_of_a_file_that_look_alike_are_warned_of(tmp_path, table, monkeypatch):
    monkeypatch.setattr(imports, "BATCH_ENTRIES", 1)
    rows = [MEETING, MEETING | {"slug": "helsinki-2018"}, MEETING | {"slug": "c", "title": "C"}]
    path = write(tmp_path, "meetings", *rows)

    found = import_file(path, table=table).warnings

    assert [(warning.line, warning.value) for warning in found] == [
        (2, "helsinki-summit"),
        (3, "helsinki-2018"),
    ]
    assert "Line 3 has the same title and day. Keep one of the two" in found[0].problem
    assert not Meeting.objects.exists()


def test_new_row_that_looks_like_an_old_one_of_its_file_is_warned_of_once(tmp_path):
    make.make_meeting(slug="helsinki-2018", title="Helsinki", starts_on=date(2018, 7, 16))

    (warning,) = warnings_of(tmp_path, "meetings", MEETING, MEETING | {"slug": "helsinki-2018"})

    assert (warning.line, warning.value) == (2, "helsinki-summit")
    assert "Line 3 has the same title and day." in warning.problem


def test_sources_of_a_file_are_told_apart_by_their_addresses(tmp_path):
    poll = {"title": "Poll", "published": "2018-07-16", "kind": "dataset"}
    rows = [poll | {"slug": s, "url": f"https://polls.example/{s}"} for s in ("one", "two")]

    assert warnings_of(tmp_path, "sources", *rows) == []


def test_all_broken_letters_of_a_cell_are_repaired_in_the_suggestion(tmp_path):
    (warning,) = warnings_of(tmp_path, "actors", SOUND | {"name": "JosÃ© MÃ¼ller"})

    assert warning.suggestion == "José Müller"
