"""The four steps of an import at the desk, what each shows, and taking it back."""

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import Claim, Import, Reaction, Revision
from meetings.tables.registry import TABLES, TABLES_BY_NAME
from tests.factories import make_meeting, make_source
from tests.importing.helpers import reaction
from tests.writers import written

from .wizard import choose, confirm, csv_text, page, plan, reactions, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def test_first_step_offers_every_table_with_template_and_codebook(desk):
    text = desk.get(url("choose")).content.decode()

    for table in TABLES:
        template = f"/admin/meetings/import/template/{table.name}.csv"
        assert template in text
        assert f'href="/data/codebook/#{table.name}"' in text
        file = desk.get(template).content.decode()
        assert file[0] == "\ufeff", "without it a spreadsheet saves the filled template wrongly"
        header = next(csv.reader(StringIO(file[1:])))
        assert header == list(TABLES_BY_NAME[table.name].columns)
    assert "Nothing is saved until step 4." in text


def test_a_file_goes_into_the_database_and_its_columns_are_matched(desk):
    imported = choose(desk, reactions(1))

    text = page(desk, "match", imported)

    assert bytes(imported.content).startswith(b"slug,meeting")
    assert len(imported.sha256) == 64
    assert "slug, meeting, attribution, capacity, stance, reacted_on, summary, status" in text
    assert "issues, actors, role" in text
    assert not Reaction.objects.exists()


def test_preview_says_of_each_row_what_it_would_do(desk):
    confirm(desk, plan(desk, reactions(2, role="Minister", affiliation="ALDE")))
    changed = reaction(slug="kallas-0", role="", affiliation="ALDE", stance="critical")
    same = reaction(slug="kallas-1", role="Minister", affiliation="ALDE")
    new = reaction(slug="new-one")

    imported = plan(desk, csv_text(changed, same, new))
    text = page(desk, "preview", imported)

    for count in ("1 new", "1 changed", "1 unchanged"):
        assert count in text
    assert '<span aria-hidden="true">~</span> Changed' in text
    assert '<span aria-hidden="true">+</span> New' in text
    assert '<del><span class="visually-hidden">removed: </span>mixed</del>' in text
    assert '<ins><span class="visually-hidden">added: </span>critical</ins>' in text
    assert '<span class="badge">Cleared</span>' in text
    assert "kallas-1" not in text
    assert "kallas-1" in page(desk, "preview", imported, "?show=unchanged")
    assert "new-one" not in page(desk, "preview", imported, "?show=changed")


def test_preview_shows_the_sources_that_a_text_adds(desk):
    imported = plan(desk, reactions(1))

    line = imported.rows.get()

    assert line.completed == "press"
    assert "<dt>sources</dt>" in page(desk, "preview", imported)


def test_confirming_writes_with_the_note_and_shows_the_result(desk):
    imported = plan(desk, reactions(2))

    response = confirm(desk, imported)

    assert response.url == url("result", imported)
    assert Reaction.objects.published().count() == 2
    assert {(r.note, r.kind, r.made_by.username) for r in imported.revisions.all()} == {
        ("From the press office.", "addition", "ana")
    }
    text = page(desk, "result", imported)
    for words in ("Added 2 reactions.", "/reactions/kallas-1/", "Undo this import"):
        assert words in text
    assert not imported.rows.exists()


@pytest.mark.parametrize("missing", ["note", "kind"])
def test_note_and_kind_are_needed(desk, missing):
    imported = plan(desk, reactions(1))

    response = confirm(desk, imported, **{missing: ""})

    assert "There is a problem" in response.content.decode()
    assert not Reaction.objects.exists()


def test_the_same_file_twice_has_nothing_to_do(desk):
    confirm(desk, plan(desk, reactions(3)))
    before = Revision.objects.count()

    imported = plan(desk, reactions(3))

    assert "All 3 lines match the record. Nothing to do." in page(desk, "preview", imported)
    assert 'value="Import"' not in page(desk, "confirm", imported)
    assert "nothing to do" in confirm(desk, imported).content.decode()
    assert Revision.objects.count() == before


def test_zip_of_several_tables_is_one_import(desk):
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        actor = {"slug": "kallas", "name": "Kaja Kallas", "kind": "person"}
        archive.writestr("actors.csv", csv_text(actor))
        archive.writestr("reactions.csv", csv_text(reaction(actors="kallas")))

    imported = plan(desk, stream.getvalue(), table="several", name="record.zip")
    confirm(desk, imported)

    assert (imported.state, imported.new) == ("done", 2)
    assert Reaction.objects.get().actors.get().slug == "kallas"


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 public entry is withdrawn."), (2, "2 public entries are withdrawn.")],
)
def test_undo_says_what_it_would_do(number, words, desk):
    imported = plan(desk, reactions(number))
    confirm(desk, imported)

    assert words in desk.get(url("undo", imported)).content.decode()


def test_undo_lists_before_it_acts_what_it_would_keep(desk):
    imported = plan(desk, reactions(2))
    confirm(desk, imported)
    page = desk.get(url("undo", imported))
    assert "Kept as it is" not in page.content.decode()
    acts.withdraw(entry=Reaction.objects.get(slug="kallas-1"), reason="Doubted.")

    planned = page.context["plan"].digest
    refused = desk.post(url("undo", imported), {"note": "Wrong.", "planned": planned})

    text = refused.content.decode()
    assert "The record changed since this page was opened" in text
    assert "reactions kallas-1: It was changed since the import." in text
    assert not Import.objects.filter(act="undo").exists()
    planned = refused.context["plan"].digest
    desk.post(url("undo", imported), {"note": "Wrong.", "planned": planned})
    assert Reaction.objects.get(slug="kallas-0").status == "withdrawn"


def test_undo_asks_for_a_note_and_lists_what_it_kept(desk):
    imported = plan(desk, reactions(2))
    confirm(desk, imported)
    entry = Reaction.objects.get(slug="kallas-1")

    def write():
        entry.role = "Minister"
        entry.save()

    acts.save(entry=entry, after=written(entry, write), note="Role.")
    assert "Write a change note" in desk.post(url("undo", imported), {}).content.decode()
    response = desk.post(url("undo", imported), {"note": "Wrong file."}, follow=True)

    text = response.content.decode()
    assert "1 entry returned to what it was." in text
    assert "reactions, kallas-1: It was changed since the import." in text
    assert Reaction.objects.get(slug="kallas-0").status == "withdrawn"
    assert Reaction.objects.get(slug="kallas-1").status == "published"
    undone = Import.objects.latest("pk")
    assert (undone.undoes, undone.note) == (imported, "Wrong file.")
    assert "cannot be undone" in desk.get(url("undo", imported)).content.decode()


def test_list_says_who_when_what_and_how_to_undo(desk):
    imported = plan(desk, reactions(2))
    confirm(desk, imported)

    text = desk.get(url("changelist")).content.decode()

    for words in ("ana", "2 new", "From the press office.", "Imported"):
        assert words in text
    assert url("undo", imported) in text
    desk.post(url("undo", imported), {"note": "Wrong file."})
    assert "Undone by" in desk.get(url("changelist")).content.decode()


def test_a_plan_that_is_discarded_leaves_nothing_behind(desk):
    imported = plan(desk, reactions(2))

    desk.post(url("stop", imported))

    imported.refresh_from_db()
    assert (imported.state, imported.content, imported.rows.count()) == ("stopped", None, 0)
    assert confirm(desk, imported).url == url("result", imported)
    assert not Reaction.objects.exists()


def test_claims_of_a_source_come_in_a_file_of_their_own(desk):
    source, meeting = make_source(slug="essay"), make_meeting(slug="talks", sources=[])
    record_loaded()
    claim = {"source": "essay", "order": "10", "section": "One", "text": "They met alone."}
    more = {"assessment": "imprecise", "note": "Not alone [@essay].", "meetings": "talks"}

    imported = plan(desk, csv_text(claim | more), table="claims", name="claims.csv")
    text = page(desk, "preview", imported)
    confirm(desk, imported)

    assert "1 new" in text
    found = Claim.objects.get()
    assert (found.source, found.order, found.assessment) == (source, 10, "imprecise")
    assert list(found.meetings.all()) == [meeting]
    assert Revision.objects.of(source).first().snapshot["claims"][0]["text"] == "They met alone."


def test_first_step_offers_a_workbook_in_which_nothing_typed_is_changed(desk):
    address = "/admin/meetings/import/template/record.xlsx"

    book = load_workbook(BytesIO(desk.get(address).content))

    assert address in desk.get(url("choose")).content.decode()
    assert book.sheetnames == [table.name for table in TABLES]
    for table in TABLES:
        sheet = book[table.name]
        assert [cell.value for cell in sheet[1]] == list(table.columns)
        formats = {d.min: d.number_format for d in sheet.column_dimensions.values()}
        assert {*formats.values()} == {"@"}
    lists = {each.formula1 for each in book["meetings"].data_validations.dataValidation}
    assert '"held,cancelled,planned"' in lists
