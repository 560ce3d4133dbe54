"""An editor at the desk, and a reader of what comes of it, each in a browser."""

import pytest

from meetings.models import Issue, Meeting, Redirect, Revision, Source, Theme
from meetings.search import index
from meetings.tables.registry import VERSIONED_TABLES
from tests.factories import make_source, make_theme

from .conftest import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def theme(session, django_db_blocker):
    """A public theme, committed; nothing of it is left behind."""
    with django_db_blocker.unblock():
        source = make_source(slug="a-source-in-a-test")
        theme = make_theme(slug="a-theme-in-a-test", title="As stored", sources=[source])
        yield theme
        index.remove(Theme, [theme.pk])
        Redirect.objects.filter(old_path__startswith="/themes/a-theme-in-a-test").delete()
        Revision.objects.filter(table="theme", object_id=theme.pk).delete()
        theme.delete()
        index.remove(Source, [source.pk])
        Revision.objects.filter(table="source", object_id=source.pk).delete()
        source.delete()


@pytest.fixture
def desk(browser, site, session, theme):
    """The page of the editor, at the form of the theme."""
    context = signed_in(browser, site, session)
    page = context.new_page()
    page.goto(f"/admin/meetings/theme/{theme.pk}/change/")
    yield page
    context.close()


@pytest.fixture
def asked(desk):
    """What the browser asked the editor, who each time chose to stay."""
    dialogs = []

    def stay(dialog):
        dialogs.append(dialog.type)
        dialog.dismiss()

    desk.on("dialog", stay)
    return dialogs


def act(desk, name, label, note):
    """Carry out an act on the stored entry, on its own page."""
    desk.locator(".object-tools").get_by_role("link", name=name).click()
    desk.get_by_label(label).fill(note)
    desk.get_by_role("button", name=name).click()
    desk.get_by_text("As stored was").wait_for()


def save(desk):
    desk.get_by_role("button", name="Save and continue editing").click()
    desk.get_by_text("was changed successfully").wait_for()


def move(desk, slug):
    """Give the entry another address."""
    desk.get_by_text("Change address").click()
    desk.get_by_label("Address").fill(slug)
    desk.get_by_label("Change note").fill("Moved.")
    save(desk)


def test_reader_who_saw_a_withdrawal_sees_what_is_published_again(page, desk, theme):
    act(desk, "Withdraw", "Reason", "Entered twice.")
    before = page.goto(theme.get_absolute_url()).status
    page.goto("/themes/")

    act(desk, "Publish", "Change note", "It was not.")
    after = page.goto(theme.get_absolute_url()).status

    assert (before, after) == (410, 200)


def test_reader_who_was_led_on_is_led_back_when_an_address_moves_back(page, desk, theme):
    there, elsewhere = theme.get_absolute_url(), "/themes/a-theme-in-a-test-moved/"
    move(desk, "a-theme-in-a-test-moved")
    page.goto(there)
    led_on = page.url
    page.goto("/themes/")

    move(desk, "a-theme-in-a-test")
    answers = [page.goto(path) for path in (there, elsewhere)]

    assert led_on.endswith(elsewhere)
    assert [answer.status for answer in answers] == [200, 200]
    assert all(answer.url.endswith(there) for answer in answers)


def test_text_that_was_typed_is_not_left_behind_by_publishing_what_is_stored(
    page, desk, theme, asked
):
    act(desk, "Back to draft", "Change note", "To be reworded.")
    desk.get_by_label("Summary").fill("As typed.")

    desk.get_by_role("link", name="Publish as stored").click()
    typed = desk.get_by_label("Summary").input_value()
    asked_before = list(asked)
    save(desk)
    act(desk, "Publish", "Change note", "Reworded.")

    assert (asked_before, typed) == (["beforeunload"], "As typed.")
    assert asked == asked_before, "nothing is asked once it is saved"
    page.goto(theme.get_absolute_url())
    assert "As typed." in page.get_by_role("main").inner_text()


def test_entry_is_scheduled_in_its_form_and_published_at_once_after_all(page, desk, theme):
    act(desk, "Back to draft", "Change note", "To be announced.")
    desk.get_by_label("Publish at").fill("2096-12-24 09:00")
    desk.get_by_label("Change note").fill("Ready.")
    desk.get_by_role("button", name="Save and publish").click()
    row = desk.get_by_role("row", name="As stored")
    said = row.inner_text()
    before = page.goto(theme.get_absolute_url()).status
    page.goto("/themes/")

    row.get_by_role("link", name="As stored").click()
    kept = desk.get_by_label("Publish at").input_value()
    desk.get_by_label("Publish at").fill("")
    desk.get_by_label("Change note").fill("It is known already.")
    save(desk)

    assert "Scheduled 24 December 2096, 09:00 UTC" in said
    assert kept == "2096-12-24 09:00:00"
    assert before != 200
    assert page.goto(theme.get_absolute_url()).status == 200


def test_refused_form_is_not_left_unasked(desk, asked):
    desk.get_by_text("Change address").click()
    desk.get_by_label("Address").fill("not a slug")
    desk.get_by_role("button", name="Save and continue editing").click()

    desk.get_by_role("link", name="View on site").click()

    assert asked == ["beforeunload"]
    assert desk.get_by_label("Address").input_value() == "not a slug"


def test_part_that_was_added_is_not_left_unasked(desk, asked):
    desk.goto(f"/admin/meetings/issue/{Issue.objects.first().pk}/change/")
    desk.get_by_role("button", name="Add another Position").click()

    desk.get_by_role("link", name="History").click()

    assert asked == ["beforeunload"]


@pytest.mark.parametrize("table", VERSIONED_TABLES, ids=lambda table: table.name)
def test_form_in_which_nothing_was_typed_is_left_unasked(desk, asked, table):
    name = table.model._meta.model_name
    desk.goto(f"/admin/meetings/{name}/{table.model.objects.last().pk}/change/")
    # A browser asks nobody who did nothing on the page.
    desk.get_by_role("heading", level=1).click()

    desk.get_by_role("link", name="History").click()

    assert asked == []
    assert desk.get_by_role("heading", level=1).inner_text().startswith("History")


@pytest.mark.parametrize(
    ("address", "width"),
    [("/admin/meetings/meeting/{}/change/", 1280), ("/admin/access/", 360)],
    ids=["longest form", "your access"],
)
def test_no_page_of_the_desk_is_wider_than_its_screen(browser, site, session, address, width):
    meeting = Meeting.objects.get(slug="helsinki-2018")
    context = signed_in(browser, site, session, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(address.format(meeting.pk))

    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()
