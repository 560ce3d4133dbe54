"""Files as programs wrote them, each with its right outcome by command and at the desk.

They were made after public reports: issues of the spreadsheet libraries, of other importers, and
of the programs themselves.
"""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from meetings.editing.revisions import record_loaded
from meetings.models import Actor, Import, Meeting, Place, Reaction
from tests import factories as make
from tests.admin.wizard import Walk, confirm

from .helpers import rolled_back

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Outcome:
    """What a file comes to: new rows, or a problem or warning by place and piece, and a notice.

    ``suggested`` is the value that is offered; ``table`` is the one chosen at the desk.
    """

    new: int = 0
    place: str = ""
    says: str = ""
    suggested: str = ""
    is_warning: bool = False
    notice: str = ""
    table: str = "several"


def refused(place, says, suggested="", **options):
    return Outcome(place=place, says=says, suggested=suggested, **options)


def doubtful(place, says, suggested="", new=1):
    return Outcome(new, place, says, suggested, is_warning=True)


TEXT = "Format the column as text and write it again."
OUTCOMES = {
    "semicolons": Outcome(1),
    "decimal-commas": refused("line 2, column latitude", "Enter degrees", "60.1699"),
    "tabs": Outcome(1),
    "columns-of-another-table": refused("line 1", "This looks like sources or milestones"),
    "empty-cells-at-the-end": Outcome(1),
    "second-download": Outcome(1),
    "name-of-a-list": refused("", "by command --table reactions", "reactions"),
    "sheet-for-each-table": Outcome(2),
    "state-emptied": doubtful("line 2, column state", "empties 1 cell and fills 0", new=0),
    "pandas-index": refused("line 2", "to_csv(index=False)"),
    "pandas-float": refused("line 2, column duration_minutes", "Enter a whole number", "46"),
    "pandas-datetime": refused("line 2, column reacted_on", "Enter the date", "2018-07-17"),
    "pandas-nan": doubtful("line 2, column role", "“nan” is what programs write"),
    "two-sheets-with-rows": Outcome(1, notice="Not read, though it has rows: “More”."),
    "own-sheet-second": Outcome(1, notice="the sheet “reactions” was read."),
    "date-for-text": refused("Sheet!F2, column date_note", f"shown as Jul-18. {TEXT}"),
    "zeros-for-text": refused("Sheet!B2, column title", f"shown as 007. {TEXT}"),
    "date-for-slug": refused("Sheet!A2, column slug", f"shown as May-18. {TEXT}"),
    "strict-workbook": Outcome(1),
    "strict-sheet": Outcome(1),
    "cell-cut": doubtful("Sheet!H2, column summary", "exactly 32,767 characters"),
    "broken-letters": doubtful("line 2, column name", "Letters look broken", "José Müller"),
    "titles-for-slugs": refused("line 2, column meeting", "is not a slug", "helsinki-2018"),
}
EACH = pytest.mark.parametrize("name", OUTCOMES)


@pytest.fixture
def desk(client):
    """The client of an editor, beside the rows that the files name."""
    sources = [
        make.make_source(slug=slug)
        for slug in ("tass-antonov-2018", "npr-anchorage-2025", "zeenews-anchorage-2025")
    ]
    make.make_meeting(slug="helsinki-2018", title="Helsinki 2018", sources=sources)
    anchorage = make.make_meeting(slug="anchorage-2025", sources=sources)
    make.make_outcome(
        meeting=anchorage,
        order=10,
        state="no_outcome",
        text=(
            "No ceasefire and no signed document [@npr-anchorage-2025; @zeenews-anchorage-2025]."
        ),
    )
    record_loaded()
    client.force_login(make.make_editor())
    return client


def file_of(name: str) -> Path:
    (path,) = (FILES / name).iterdir()
    return path


def row_count() -> int:
    models = (Actor, Meeting, Place, Reaction)
    return sum(model.objects.count() for model in models)


def by_command(path: Path, **options) -> tuple[bool, str]:
    """Return whether a file went in, and what was said."""
    out = StringIO()
    try:
        call_command("import_record", path, stdout=out, **options)
    except CommandError as refusal:
        return False, str(refusal)
    return True, out.getvalue()


def test_every_file_has_its_outcome():
    assert {path.name for path in FILES.iterdir()} == {*OUTCOMES}


@EACH
def test_command_does_with_the_file_what_is_right(name, desk):
    outcome, before = OUTCOMES[name], row_count()

    is_in, said = by_command(file_of(name))

    assert is_in is not bool(outcome.says), said
    assert outcome.says in said
    assert outcome.place in said
    assert outcome.notice in said
    if outcome.suggested:
        assert f"Did you mean “{outcome.suggested}”?" in said
    assert row_count() - before == (outcome.new if is_in else 0)
    if outcome.is_warning:
        assert by_command(file_of(name), yes=True)[0]
        assert row_count() - before == outcome.new


@EACH
def test_desk_does_with_the_file_what_is_right(name, desk):
    outcome, before = OUTCOMES[name], row_count()

    with rolled_back():
        walk = Walk(desk, file_of(name))

        assert walk.is_smooth
        place = outcome.place.partition(",")[0].removeprefix("line ")
        assert walk.says(outcome.says)
        assert walk.says(place)
        assert walk.says(outcome.notice)
        if outcome.suggested:
            assert walk.says(f"Did you mean “{outcome.suggested}”?")
        is_in = walk.state == Import.State.DONE
        assert is_in is not bool(outcome.says)
        if outcome.is_warning:
            confirm(desk, walk.imported, accepts_warnings="on")
            assert walk.imported.state == Import.State.DONE
        is_in = walk.state == Import.State.DONE
        assert row_count() - before == (outcome.new if is_in else 0)
