"""The second step of an import: what was understood of a file, and columns matched by hand."""

import pytest

from meetings.models import Actor, Import, Meeting
from tests import factories as make
from tests.importing.corpus.good_workbooks import second_sheet
from tests.importing.corpus.workbooks import workbook

from .wizard import choose, confirm, csv_text, page, plan, reactions, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
HEADER = ["Kurzname", "name", "kind", "notes"]
ROW = ["ada", "Ada Byron", "person", "met once"]
MATCH = {
    "table0-column0": "slug",
    "table0-column1": "name",
    "table0-column2": "kind",
    "table0-column3": "-",
}


def actors_file(*rows):
    return "\n".join(";".join(row) for row in (HEADER, *rows)) + "\n"


def choose_actors(desk, *rows):
    return choose(desk, actors_file(*rows or [ROW]), table="actors", name="people.csv")


def match(desk, imported, **data):
    response = desk.post(url("match", imported), MATCH | data)
    imported.refresh_from_db()
    return response.content.decode() if response.status_code == 200 else ""


def test_second_step_names_separator_rows_and_columns(desk):
    text = page(desk, "match", choose(desk, reactions(3)))

    assert "text in UTF-8, its cells separated by commas" in text
    assert "<dt>Rows</dt><dd>3</dd>" in text
    assert "There is a problem" not in text
    assert '<details class="matching">' in text


def test_second_step_names_sheet_hidden_rows_and_other_sheets(desk):
    def change(book):
        second_sheet("More", [["slug", "name", "kind"], ROW[:3]], hidden=[2])(book)

    book = workbook([["slug", "name", "kind"], ["bob", "Bob", "person"]], change)
    imported = choose(desk, book, table="actors", name="actors.xlsx")

    text = page(desk, "match", imported)
    assert "XLSX workbook, sheet “Sheet”" in text
    assert "Not read, though it has rows: “More”." in text

    desk.post(url("match", imported), {"worksheet": "More"})
    text = page(desk, "match", imported)
    assert "XLSX workbook, sheet “More”" in text
    assert "1 of the 1 rows read is hidden in the sheet" in text
    desk.post(url("match", imported))
    imported.refresh_from_db()
    assert [row.key for row in imported.rows.all()] == ["ada"]


def test_columns_are_matched_and_left_out_by_hand(desk):
    imported = choose_actors(desk)
    asked = page(desk, "match", imported)
    assert "There is no column “kurzname” in actors." in asked
    assert '<details class="matching" open>' in asked
    assert "<dt>Rows</dt>" not in asked

    match(desk, imported)

    assert imported.state == "ready"
    confirm(desk, imported)
    assert Actor.objects.get().slug == "ada"


def test_each_unknown_column_is_to_be_matched_or_left_out(desk):
    imported = choose_actors(desk)

    text = match(desk, imported, **{"table0-column0": "", "table0-column3": ""})

    assert "Say which column “kurzname” is, or leave it out." in text
    assert "Say which column “notes” is, or leave it out." in text
    assert imported.state == "chosen"


def test_two_names_cannot_be_one_column(desk):
    imported = choose_actors(desk)

    text = match(desk, imported, **{"table0-column3": "name"})

    assert "The column “name” stands 2 times. Keep one." in text
    assert imported.state == "chosen"


def test_match_is_remembered_for_the_next_file_with_that_header(desk, client):
    match(desk, choose_actors(desk))
    client.force_login(make.make_editor("ben"))

    imported = choose_actors(client, ["eve", "Eve", "person", ""])

    text = page(client, "match", imported)
    assert "Columns are matched as they were for the last file with this header." in text
    assert "There is a problem" not in text
    client.post(url("match", imported))
    imported.refresh_from_db()
    assert (imported.state, imported.new) == ("ready", 1)


def test_match_that_is_remembered_can_be_changed_and_is_then_remembered_so(desk):
    match(desk, choose_actors(desk))
    match(desk, choose_actors(desk), **{"table0-column3": "description"})

    imported = choose_actors(desk)
    match_page = page(desk, "match", imported)
    desk.post(url("match", imported))

    assert '<option value="description" selected>' in match_page
    assert imported.rows.get().cells["description"] == "met once"


def test_column_of_the_table_can_be_left_out(desk):
    make.make_actor(slug="ada", name="Ada", description="Countess")
    text = csv_text({"slug": "ada", "name": "Ada Byron", "description": ""})
    imported = choose(desk, text, table="actors", name="actors.csv")

    desk.post(
        url("match", imported),
        {"table0-column0": "slug", "table0-column1": "name", "table0-column2": "-"},
    )

    assert imported.rows.get().old == {"name": "Ada"}


def test_spelling_of_a_name_is_matched_ahead(desk):
    text = csv_text({"slug": "ada", "Name": "Ada", "kind": "person", "Sort name": "Byron, Ada"})
    imported = choose(desk, text, table="actors", name="actors.csv")

    asked = page(desk, "match", imported)

    assert '<option value="sort_name" selected>' in asked


def test_rows_pasted_from_a_spreadsheet_are_a_file(desk):
    rows = 'slug\tname\tkind\tdescription\nada\t"Ada"\tperson\t"One ""line""\nand two"\n'

    desk.post(url("choose"), {"table": "actors", "pasted": rows.replace("\n", "\r\n")})
    imported = Import.objects.get()
    desk.post(url("match", imported))
    imported.refresh_from_db()
    confirm(desk, imported)

    actor = Actor.objects.get()
    assert (actor.name, actor.description) == ('"Ada"', 'One "line"\nand two')


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"table": "actors", "pasted": " \n"}, "Choose a file."),
        ({"table": "several", "pasted": "slug\na"}, "Choose the table whose rows you paste."),
    ],
)
def test_what_is_pasted_needs_rows_and_a_table(desk, data, says):
    assert says in desk.post(url("choose"), data).content.decode()
    assert not Import.objects.exists()


MEETINGS = csv_text(
    {
        "slug": "vienna",
        "title": "Vienna",
        "starts_on": "2018-07-17 00:00:00",
        "format": "Bilateral",
        "event_status": "held",
        "duration_minutes": "46.0",
    }
)


def test_certain_suggestions_are_taken_in_one_click_and_shown_as_corrections(desk):
    imported = plan(desk, MEETINGS, table="meetings", name="meetings.csv")
    assert imported.state == "wrong"
    assert "Take 3 certain corrections" in page(desk, "preview", imported)

    desk.post(url("correct", imported))
    imported.refresh_from_db()

    assert (imported.state, imported.new) == ("ready", 1)
    text = page(desk, "preview", imported)
    assert "Corrected: the file has “46.0”." in text
    assert "Corrected: the file has “2018-07-17 00:00:00”." in text
    assert "1 row with corrections of the file" in text
    confirm(desk, imported)
    meeting = Meeting.objects.get(slug="vienna")
    assert (meeting.starts_on.isoformat(), meeting.format, meeting.duration_minutes) == (
        "2018-07-17",
        "bilateral",
        46,
    )
    assert imported.content is None


def test_what_is_no_certain_suggestion_stays_wrong(desk):
    wrong = MEETINGS.replace("Bilateral", "bilatral")
    imported = plan(desk, wrong, table="meetings", name="meetings.csv")

    desk.post(url("correct", imported))
    imported.refresh_from_db()

    assert (imported.state, imported.problem_count) == ("wrong", 1)
    text = page(desk, "preview", imported)
    assert "Did you mean “bilateral”?" in text
    assert "certain correction" not in text


def test_titles_are_corrected_to_the_slugs_of_their_rows(desk):
    make.make_meeting(slug="helsinki", title="Helsinki Summit")
    text = reactions(1, status="draft").replace("geneva", "Helsinki summit")
    imported = plan(desk, text)

    desk.post(url("correct", imported))
    imported.refresh_from_db()

    assert imported.state == "ready"
    assert imported.rows.get().cells["meeting"] == "helsinki"


def test_corrections_are_their_owners_to_take(desk, client):
    imported = plan(desk, MEETINGS, table="meetings", name="meetings.csv")
    client.force_login(make.make_editor("ben"))

    assert client.post(url("correct", imported)).status_code == 403
    imported.refresh_from_db()
    assert imported.state == "wrong"
