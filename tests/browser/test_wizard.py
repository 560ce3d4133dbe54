"""The steps of an import, and of a restore, by keyboard alone, with scripts and without.

With scripts axe-core reads every page on the way; it is one itself.
"""

import csv
import io

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from access.models import DeskSession
from meetings.editing import acts
from meetings.models import Import, Meeting, Place, Reaction, Revision
from tests.factories import make_editor, make_place
from tests.writers import written

from .test_accessibility import TAGS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
FOUND = """tags => axe.run('#content', {runOnly: tags, resultTypes: ['violations']}).then(
    found => found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html)]))"""


@pytest.fixture(params=[False, True], ids=["without scripts", "with scripts"])
def has_scripts(request):
    return request.param


@pytest.fixture
def browser_context_args(browser_context_args, has_scripts):
    return {**browser_context_args, "java_script_enabled": has_scripts}


@pytest.fixture(scope="module")
def editor(site, django_db_blocker):
    """An editor, committed, so that the server's threads see it; nothing of it is left behind."""
    with django_db_blocker.unblock():
        user = make_editor("wizard")
        user.set_password("walks the steps")
        user.save()
        yield user
        Revision.objects.filter(made_by=user).delete()
        Import.objects.filter(made_by=user, act="undo").delete()
        Import.objects.filter(made_by=user).delete()
        DeskSession.objects.all().delete()
        user.delete()


@pytest.fixture(scope="module")
def place(editor, django_db_blocker):
    """A place with an earlier revision, committed; it is deleted at the end."""
    with django_db_blocker.unblock():
        place = make_place(slug="a-place-in-a-test", city="Christiania")

        def write():
            place.city = "Oslo"
            place.save()

        acts.save(entry=place, after=written(place, write), note="Renamed.")
        yield place
        of_place = {"table": "place", "object_id": place.pk}
        Revision.objects.filter(from_import__restores__isnull=False, **of_place).delete()
        Import.objects.filter(restores__isnull=False).delete()
        Revision.objects.filter(**of_place).delete()
        Place.objects.filter(pk=place.pk).delete()


def file_of(**cells):
    row = {
        "slug": "a-minister-in-a-test",
        "meeting": Meeting.objects.published().earliest("starts_on").slug,
        "attribution": "A minister",
        "capacity": "executive",
        "stance": "mixed",
        "reacted_on": "2018-07-17",
        "status": "draft",
    } | cells
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    return {"name": "reactions.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


def log_in(page, then):
    page.goto(f"/admin/login/?next={then}")
    page.get_by_label("Username").fill("wizard")
    page.get_by_label("Password").fill("walks the steps")
    press(page, "Log in")


def press(page, name, role="button", exact=True):
    """Reach a control by keyboard and press it; of several the first."""
    control = page.get_by_role(role, name=name, exact=exact).first
    control.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page, file):
    page.get_by_label("What are you importing?").select_option("reactions")
    page.get_by_label("File:").set_input_files(file)
    press(page, "Go on: match columns")


@pytest.fixture
def look(page, has_scripts):
    """Have axe-core look at what is new on the page, if it can."""

    def look():
        if has_scripts:
            page.evaluate(AXE_SCRIPT)
            assert page.evaluate(FOUND, TAGS) == []

    return look


def test_two_errors_mended_previewed_imported_and_undone(page, editor, look):
    log_in(page, "/admin/meetings/import/")
    press(page, "Add import", role="link")
    look()

    choose(page, file_of(stance="angry", reacted_on="17/07/2018"))
    look()
    press(page, "Go on: preview")
    assert "2 errors in 1 place" in page.get_by_role("alert").inner_text()
    errors = page.get_by_role("region", name="Rows").inner_text()
    assert "“angry” is not a stance." in errors
    assert "Enter the date as 2018-07-16." in errors
    assert page.get_by_role("link", name="Go on: import").count() == 0
    look()

    press(page, "choose it again", role="link")
    choose(page, file_of())
    press(page, "Go on: preview")
    assert "Add 1 reaction." in page.get_by_role("main").inner_text()
    assert "+ New" in page.get_by_role("region", name="Rows").inner_text()
    look()
    press(page, "Go on: import", role="link")
    look()
    page.get_by_label("Change note:").fill("From the press office.")
    page.get_by_label("Change kind:").select_option("addition")
    press(page, "Import")

    assert "Added 1 reaction." in page.get_by_role("main").inner_text()
    assert Reaction.objects.filter(slug="a-minister-in-a-test", status="draft").exists()
    look()
    press(page, "Undo this import", role="link")
    look()
    page.get_by_label("Change note:").fill("Wrong file.")
    press(page, "Undo this import")

    assert "1 entry returned to what it was." in page.get_by_role("main").inner_text()
    assert not Reaction.objects.filter(slug="a-minister-in-a-test").exists()
    assert Import.objects.filter(act="undo", state="done", note="Wrong file.").exists()
    look()


def test_columns_are_matched_and_corrections_taken_by_keyboard(page, editor, look):
    log_in(page, "/admin/meetings/import/choose/")
    file = file_of(Person="A minister", reacted_on="20180717", notes="seen")
    file["buffer"] = file["buffer"].replace(b"attribution,", b"").replace(b"A minister,", b"", 1)

    choose(page, file)
    look()
    page.get_by_label("person:").select_option("attribution")
    page.get_by_label("notes:").select_option("Leave it out")
    press(page, "Go on: preview")
    press(page, "Take 1 certain correction")

    assert "Corrected: the file has “20180717”." in page.get_by_role("main").inner_text()
    assert "Add 1 reaction." in page.get_by_role("main").inner_text()
    look()
    press(page, "Discard")


def test_earlier_revision_is_looked_at_and_restored(page, editor, place, look):
    city = Place.objects.get(pk=place.pk).city
    log_in(page, f"/admin/meetings/place/{place.pk}/history/")
    look()

    press(page, "Restore revision", exact=False)
    shown = page.get_by_role("region", name="Rows").inner_text()
    assert "Christiania" in shown
    assert "Oslo" in shown
    look()
    page.get_by_label("Change note:").fill("It was right.")
    page.get_by_label("Change kind:").select_option("correction")
    press(page, "Restore")

    assert "Restored: a-place-in-a-test, revision" in page.get_by_role("main").inner_text()
    assert {city, Place.objects.get(pk=place.pk).city} == {"Christiania", "Oslo"}
    assert page.get_by_role("row", name="It was right.").first.inner_text().count("Restored") == 1
    look()
