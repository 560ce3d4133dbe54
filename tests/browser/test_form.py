"""A form one can work in: what stays in view, what stands beside, and what the keyboard does."""

import pytest

from meetings.models import Meeting, Outcome, Revision, Source
from meetings.search import index
from tests.factories import make_meeting, make_outcome

from .conftest import signed_in
from .editor import Editor, figures_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
CHANGE = "/admin/meetings/meeting/{}/change/"
# A form of 355 tab stops is to have half of them at most.
MOST_TAB_STOPS = 177
# Half of what it was, in pixels of a page 1,280 wide.
MOST_HEIGHT = 10_294


@pytest.fixture(scope="module")
def draft(session, django_db_blocker):
    """A draft with two outcomes, committed; nothing of it is left behind."""
    with django_db_blocker.unblock():
        meeting = make_meeting(slug="a-draft-in-a-test", status="draft", title="Draft in a test")
        for order in (10, 20):
            make_outcome(meeting=meeting, order=order, text=f"Outcome {order}.")
        yield meeting
        index.remove(Meeting, [meeting.pk])
        Revision.objects.filter(table="meeting", object_id=meeting.pk).delete()
        sources = list(meeting.sources.all())
        meeting.delete()
        for source in sources:
            source.delete()


@pytest.fixture
def open_desk(browser, site, session):
    """Open a form in a browser of some width, with scripts or without."""
    contexts = []

    def opened(pk, width=1280, **kwargs):
        viewport = {"width": width, "height": 900}
        contexts.append(signed_in(browser, site, session, viewport=viewport, **kwargs))
        page = contexts[-1].new_page()
        page.goto(CHANGE.format(pk))
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def helsinki():
    return Meeting.objects.get(slug="helsinki-2018")


@pytest.mark.parametrize("width", [390, 1280])
def test_buttons_of_a_form_stay_in_view(open_desk, helsinki, width):
    page = open_desk(helsinki.pk, width)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")

    box = page.get_by_role("button", name="Save", exact=True).bounding_box()

    assert 0 <= box["y"] < 100
    assert 0 <= box["x"] < width - box["width"]
    bar = page.locator("form > .submit-row")
    assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth")


def test_contents_of_a_form_follow_and_lead_below_the_buttons(open_desk, helsinki):
    page = open_desk(helsinki.pk)
    contents = page.get_by_role("navigation", name="On this form")
    contents.get_by_role("link", name="Ukraine").click()

    heading = page.locator("#discussions-10 h3")
    buttons = page.locator(".submit-row").bounding_box()
    assert "Ukraine" in heading.inner_text()
    assert buttons["y"] + buttons["height"] <= heading.bounding_box()["y"] < 900
    assert 0 < contents.bounding_box()["y"] < 100
    assert page.locator("#id_discussions-10-summary").is_visible()


def test_two_accounts_of_an_issue_stand_side_by_side(open_desk, helsinki):
    page = open_desk(helsinki.pk, 1024)

    page.locator("#discussions-0 summary").first.click()
    boxes = [account.bounding_box() for account in page.locator("#discussions-0 .account").all()]
    first, second = boxes

    assert first["y"] == second["y"]
    assert first["x"] + first["width"] <= second["x"]
    assert page.evaluate("document.documentElement.scrollWidth") == 1024


def test_save_is_reached_by_half_as_many_tabs_as_it_was(open_desk, helsinki):
    editor = Editor(open_desk(helsinki.pk))

    editor.tab_to("_save", MOST_TAB_STOPS)

    assert editor.taken() == figures_of("Save in Helsinki’s form, by Tab")


def test_longest_form_is_less_than_half_as_high_as_it_was(open_desk, helsinki):
    page = open_desk(helsinki.pk)

    assert page.evaluate("document.documentElement.scrollHeight") < MOST_HEIGHT


def test_new_form_begins_at_its_title(open_desk, helsinki):
    page = open_desk(helsinki.pk)
    page.goto("/admin/meetings/meeting/add/")

    assert page.evaluate("document.activeElement.id") == "id_title"


def test_without_scripts_enter_saves(open_desk, draft):
    page = open_desk(draft.pk, java_script_enabled=False)
    title = page.locator("#id_title")
    title.fill("Named by Enter")

    title.press("Enter")
    page.wait_for_url("**/meeting/")

    draft.refresh_from_db()
    assert draft.title == "Named by Enter"


def test_outcomes_change_places_by_a_button(open_desk, draft):
    page = open_desk(draft.pk)
    rows = page.locator("#outcomes-group tr.form-row:not(.empty-form)")
    rows.nth(1).get_by_role("button", name="Move up").click()

    shown = [row.locator("textarea").input_value() for row in rows.all()]
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/meeting/")

    assert (shown, focused) == (["Outcome 20.", "Outcome 10."], "Move up")
    stored = Outcome.objects.filter(meeting=draft).order_by("order").values_list("text", flat=True)
    assert list(stored) == shown


def test_outcome_that_is_added_and_moved_leaves_the_others_when_it_is_removed(open_desk, draft):
    before = list(Outcome.objects.filter(meeting=draft).values_list("order", "text"))
    page = open_desk(draft.pk)
    page.get_by_role("button", name="Add another Outcome").click()
    rows = page.locator("#outcomes-group tr.form-row:not(.empty-form)")
    rows.nth(2).get_by_role("button", name="Move up").click()
    rows.nth(1).get_by_role("button", name="Move up").click()
    rows.nth(0).get_by_role("button", name="Remove").click()

    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/meeting/")

    after = Outcome.objects.filter(meeting=draft).order_by("order").values_list("text", flat=True)
    assert list(after) == [text for _, text in before]


def test_row_of_many_is_opened_by_its_summary_without_scripts(open_desk, browser, site, session):
    source = Source.objects.get(slug="article-lennon")
    context = signed_in(browser, site, session, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/admin/meetings/source/{source.pk}/change/")
    field = page.locator("#id_claims-0-text")

    assert not field.is_visible()
    page.locator("#claims-0 summary").click()
    assert field.is_visible()
    context.close()
