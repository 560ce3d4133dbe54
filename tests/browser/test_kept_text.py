"""What is typed in every field and part of a meeting is stored, whatever comes between."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import Group, User
from django.db import OperationalError

from access.models import DeskSession
from meetings.admin.base import RevisedAdmin
from meetings.editing import acts
from meetings.models import Meeting, Revision, Theme
from meetings.search import index
from tests.factories import make_actor, make_editor, make_issue, make_place, make_source

from .test_accessibility import TAGS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PASSWORD = "typed by hand"
PUT_BACK = re.compile(r"Your unsaved text of \d\d:\d\d was put back. What you typed is below")
ADD = "/admin/meetings/meeting/add/"
SLUG = "a-meeting-in-a-test"
PROSE = "“One” & <b>two</b>.\n\n  Three."

# The fields of the form as a browser would send them, without what changes from page to page.
CONTENT = """() => [...new FormData(document.querySelector('#meeting_form'))].filter(
    ([name]) => !/^(csrf|_)|__prefix__|-meeting$/.test(name))"""
# What a hand would type in each field that is seen, of a kind that the field takes.
FILL = """prose => {
    const countries = {0: 'FI', 1: 'SE'};
    const typed = (field, number) => {
        const name = field.name;
        if (field.tagName === 'TEXTAREA') return prose;
        if (field.type === 'date') return '2021-06-16';
        if (field.type === 'number') return `${number + 40}`;
        if (name.endsWith('government')) return countries[name.split('-')[1]];
        if (name === 'publish_at') return '2096-12-24 09:00:00';
        return name.endsWith('language') ? 'fi' : `Typed ${number}`;
    };
    document.querySelectorAll(
        '#meeting_form :is(textarea, input[type=text], input[type=date], input[type=number])'
    ).forEach((field, number) => {
        if (!field.name || !field.checkVisibility() || field.value && field.type === 'text') return;
        field.focus();
        field.value = typed(field, number);
        field.dispatchEvent(new Event('input', {bubbles: true}));
        field.dispatchEvent(new Event('change', {bubbles: true}));
    });
}"""
CHOOSE = """([id, value, label]) => {
    const select = document.getElementById(id);
    select.add(new Option(label, value, true, true));
    django.jQuery(select).trigger('change');
}"""


@pytest.fixture(scope="module")
def references(site, django_db_blocker):
    """What a meeting refers to, committed; nothing of it is left behind."""
    with django_db_blocker.unblock():
        rows = {
            "issue": make_issue(slug="an-issue-in-a-test", status="draft"),
            "actor": make_actor(slug="an-actor-in-a-test"),
            "place": make_place(slug="a-kept-place-in-a-test"),
            "source": make_source(slug="a-kept-source-in-a-test"),
        }
        yield rows
        for row in rows.values():
            index.remove(type(row), [row.pk])
            row.delete()


@pytest.fixture(scope="module")
def editors(site, django_db_blocker):
    with django_db_blocker.unblock():
        users = [make_editor(name) for name in ("kept", "other")]
        for user in users:
            user.set_password(PASSWORD)
            user.save()
        yield users
        Revision.objects.filter(made_by__in=users).delete()
        DeskSession.objects.all().delete()
        for user in users:
            user.logentry_set.all().delete()
            user.delete()


def sign_in(page, name="kept"):
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


@pytest.fixture
def context(browser, site, editors):
    context = browser.new_context(base_url=site)
    yield context
    context.close()


@pytest.fixture
def desk(context):
    """The page of an editor at the desk, who leaves a form when asked."""
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/admin/login/?next={ADD}")
    sign_in(page)
    page.get_by_role("heading", name="Add meeting").wait_for()
    yield page
    remove()


def remove():
    for meeting in Meeting.objects.filter(slug=SLUG):
        index.remove(Meeting, [meeting.pk])
        Revision.objects.of(meeting).delete()
        meeting.delete()


def type_everything(desk, references):
    """Type in every field of the form, in two rows of each part; return what was typed."""
    for name in ("readouts", "discussions", "outcomes", "participations"):
        while desk.locator(f"#id_{name}-TOTAL_FORMS").input_value() != "2":
            desk.locator(f"#{name}-group .add-row a").click()
    desk.locator("#id_title").press_sequentially("A meeting in a test")
    fill_fields(desk, references)
    return desk.evaluate(CONTENT)


def fill_fields(desk, references):
    form = desk.locator("#meeting_form")
    desk.evaluate(FILL, PROSE)
    for field in form.locator("select:visible:not(.admin-autocomplete)").all():
        field.select_option(index=1)
    choose(desk, "id_place", references["place"])
    choose(desk, "id_sources", references["source"])
    choose(desk, "id_discussions-0-issue", references["issue"])
    choose(desk, "id_participations-0-actor", references["actor"])
    quoted = form.locator("select[name^=discussions-0-][name$=quotation_source]")
    for field in quoted.all():
        choose(desk, field.get_attribute("id"), references["source"])
    desk.locator("#discussions-1 .inline-deletelink").click()
    desk.locator("#participations-1 .inline-deletelink").click()


def choose(desk, field, row):
    desk.evaluate(CHOOSE, [field, str(row.pk), str(row)])


def save(desk):
    desk.get_by_role("button", name="Save and continue editing").click()


def assert_stored(desk, typed):
    assert typed
    desk.get_by_text("was added successfully").wait_for()
    desk.wait_for_load_state()
    stored = dict(desk.evaluate(CONTENT))
    lacking = {n: (v, stored.get(n)) for n, v in typed if v and is_other(n, v, stored)}
    assert not lacking
    desk.wait_for_function("() => !location.hash")
    assert kept(desk) == []


def is_other(name, value, stored):
    if name.endswith(("FORMS", "change_note", "change_kind", "change_wrong")):
        return False
    return " ".join(stored.get(name, "").split()) != " ".join(value.split())


def in_another_tab(context, address):
    page = context.new_page()
    page.goto(address)
    return page


def sign_out_in_another_tab(context):
    other = in_another_tab(context, "/admin/")
    other.get_by_role("button", name="Log out").click()
    other.get_by_text("Logged out").wait_for()
    return other


# What comes between typing and saving; each leaves the editor at the form, with what was typed.


def signed_out(desk, context, monkeypatch):
    sign_out_in_another_tab(context)
    save(desk)
    desk.get_by_text("your text for “A meeting in a test” has been kept").wait_for()
    sign_in(desk)
    desk.get_by_text("You were signed out. What you typed is below").wait_for()


def signed_in_elsewhere(desk, context, monkeypatch):
    other = sign_out_in_another_tab(context)
    save(desk)
    desk.get_by_text("You were signed out.").wait_for()
    other.goto("/admin/")
    sign_in(other)
    other.get_by_role("heading", name="The desk").wait_for()
    desk.get_by_role("button", name="Go on").click()
    desk.get_by_text("You signed in again since you opened this form.").wait_for()


def signed_in_again_before_saving(desk, context, monkeypatch):
    other = sign_out_in_another_tab(context)
    other.goto("/admin/")
    sign_in(other)
    other.get_by_role("heading", name="The desk").wait_for()
    save(desk)
    desk.get_by_text("You signed in again since you opened this form.").wait_for()


def database_away(desk, context, monkeypatch):
    def save_nothing(**arguments):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(acts, "save", save_nothing)
        save(desk)
        desk.get_by_text("Your text for “A meeting in a test” has been kept").wait_for()
    return "Try again"


def right_taken_and_given_back(desk, context, monkeypatch):
    user = User.objects.get(username="kept")
    user.groups.clear()
    save(desk)
    signed_out_page(desk)
    desk.get_by_text("Your account may not do this any more.").wait_for()
    user.groups.add(Group.objects.get(name="editor"))
    desk.get_by_role("button", name="Try again").click()
    signed_out_page(desk)
    desk.get_by_text("You were signed out. What you typed is below").wait_for()


def signed_out_page(desk):
    """Sign in on the page that comes when rights changed, which ends the session."""
    desk.get_by_text("your text for “A meeting in a test” has been kept").wait_for()
    sign_in(desk)


def left_and_back(desk, context, monkeypatch):
    desk.get_by_role("link", name="View site").click()
    desk.wait_for_url("/")
    desk.go_back()
    desk.get_by_text(PUT_BACK).wait_for()


def reloaded(desk, context, monkeypatch):
    desk.reload()
    desk.get_by_text(PUT_BACK).wait_for()


def left_and_opened_again(desk, context, monkeypatch):
    desk.goto("/admin/")
    desk.goto(ADD)
    desk.get_by_text(re.compile("You typed here at .* and did not save it")).wait_for()
    desk.get_by_role("button", name="Put it back").click()
    desk.get_by_text(PUT_BACK).wait_for()


BETWEEN = [
    signed_out,
    signed_in_elsewhere,
    signed_in_again_before_saving,
    database_away,
    right_taken_and_given_back,
    left_and_back,
    reloaded,
    left_and_opened_again,
]


@pytest.mark.parametrize("between", BETWEEN, ids=lambda between: between.__name__)
def test_everything_typed_is_stored_in_the_end(desk, context, references, monkeypatch, between):
    typed = type_everything(desk, references)

    if button := between(desk, context, monkeypatch):
        desk.get_by_role("button", name=button).click()
    else:
        save(desk)

    assert_stored(desk, typed)


def type_note(desk, note="Typed."):
    desk.get_by_label("Change note").fill(note)


def note(desk):
    return desk.get_by_label("Change note").input_value()


def kept(desk):
    """Return what the tab keeps, by the address of its form."""
    return desk.evaluate("() => Object.keys(sessionStorage).filter(key => key.startsWith('kept:'))")


def leave(desk):
    desk.get_by_role("link", name="View site").click()
    desk.wait_for_url("/")


def test_back_leads_further_back_from_what_was_put_back(desk):
    type_note(desk)
    leave(desk)
    desk.go_back()
    desk.get_by_text(PUT_BACK).wait_for()

    desk.go_back()
    desk.wait_for_load_state()

    assert not desk.url.endswith(ADD)


def test_what_is_put_back_can_be_discarded(desk):
    type_note(desk)
    leave(desk)
    desk.go_back()

    desk.get_by_role("link", name="Discard it").click()
    desk.wait_for_url(ADD)
    discarded = note(desk)
    leave(desk)
    desk.goto(ADD)

    assert discarded == note(desk) == ""
    assert desk.locator(".warning-summary").count() == 0
    assert kept(desk) == []


def test_what_is_offered_can_be_discarded(desk):
    type_note(desk)
    desk.goto("/admin/")
    desk.goto(ADD)

    desk.get_by_role("button", name="Discard it").click()
    desk.reload()

    assert note(desk) == ""
    assert kept(desk) == []


def test_offer_does_not_cost_what_is_typed_beside_it(desk):
    type_note(desk, "First.")
    desk.goto("/admin/")
    desk.goto(ADD)
    type_note(desk, "Second.")
    leave(desk)

    desk.go_back()
    desk.get_by_text(PUT_BACK).wait_for()

    assert note(desk) == "Second."


def test_what_was_saved_is_not_put_back(desk, references):
    type_everything(desk, references)
    save(desk)
    desk.get_by_text("was added successfully").wait_for()

    saved = kept(desk)
    desk.goto(ADD)

    assert saved == []
    assert desk.locator(".warning-summary").count() == 0


def test_form_in_which_nothing_was_typed_is_not_kept(desk):
    leave(desk)
    desk.go_back()

    assert kept(desk) == []
    assert desk.locator(".warning-summary").count() == 0


def test_text_in_a_form_that_is_open_is_kept_before_it_is_left(desk):
    type_note(desk)

    desk.wait_for_function("() => Object.keys(sessionStorage).some(key => key.startsWith('kept:'))")

    assert "csrfmiddlewaretoken" not in desk.evaluate("() => JSON.stringify(sessionStorage)")


def test_signing_out_forgets_what_was_typed(desk):
    type_note(desk)
    desk.get_by_role("button", name="Log out").click()
    desk.get_by_text("Logged out").wait_for()

    assert kept(desk) == []


def test_another_account_in_the_same_tab_is_shown_nothing(desk, context):
    type_note(desk)
    desk.goto("/admin/")
    sign_out_in_another_tab(context)
    desk.goto(f"/admin/login/?next={ADD}")
    before = kept(desk)
    sign_in(desk, "other")
    desk.get_by_role("heading", name="Add meeting").wait_for()

    assert before
    assert note(desk) == ""
    assert desk.locator(".warning-summary").count() == 0
    assert kept(desk) == []


def test_text_over_the_limit_is_not_kept(desk, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 3_000
    desk.goto(ADD)
    desk.locator("#id_summary").fill("x" * 3_000)
    leave(desk)

    assert kept(desk) == []


def test_note_of_an_act_is_put_back(desk):
    theme = Theme.objects.filter(status="published").first()
    desk.goto(f"/admin/meetings/theme/{theme.pk}/withdraw/")
    desk.get_by_label("Reason").fill("Entered twice.")
    desk.goto("/")

    desk.go_back()
    desk.get_by_text(PUT_BACK).wait_for()

    assert desk.get_by_label("Reason").input_value() == "Entered twice."
    assert Theme.objects.get(pk=theme.pk).status == "published"


def test_what_is_put_back_is_not_left_unasked(desk):
    type_note(desk)
    leave(desk)
    desk.go_back()
    desk.get_by_text(PUT_BACK).wait_for()
    asked = []
    desk.on("dialog", lambda dialog: asked.append(dialog.type))

    desk.get_by_role("heading", level=1).click()
    leave(desk)

    assert asked == ["beforeunload"]


FOUND = """tags => axe.run('#content, main', {runOnly: tags, resultTypes: ['violations']}).then(
    found => found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html)]))"""


def found_by_axe(desk):
    desk.get_by_text("Your text, to read or copy").click()
    desk.evaluate(AXE_SCRIPT)
    return desk.evaluate(FOUND, TAGS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_kept_text_have_no_barrier(desk, context, monkeypatch, scheme):
    def changeform_view(*args, **kwargs):
        raise OperationalError("no connection")

    desk.emulate_media(color_scheme=scheme)
    desk.locator("#id_title").press_sequentially("A meeting in a test")
    with monkeypatch.context() as patch:
        patch.setattr(RevisedAdmin, "changeform_view", changeform_view)
        save(desk)
        desk.get_by_text("Your text for “A meeting in a test” has been kept").wait_for()
    unanswered = found_by_axe(desk)
    User.objects.get(username="kept").groups.clear()
    desk.get_by_role("button", name="Try again").click()
    signed_out_page(desk)
    desk.get_by_text("Your account may not do this any more.").wait_for()
    forbidden = found_by_axe(desk)
    context.clear_cookies(name="sessionid")
    desk.get_by_role("button", name="Try again").click()
    desk.get_by_text("You were signed out.").wait_for()

    assert unanswered == forbidden == found_by_axe(desk) == []


@pytest.fixture
def scriptless(browser, site, editors):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/admin/login/?next={ADD}")
    sign_in(page)
    yield page
    context.close()


def test_without_scripts_the_signed_out_editor_signs_in_and_goes_on(scriptless):
    scriptless.get_by_label("Participants note").fill(PROSE)
    type_note(scriptless)
    scriptless.context.clear_cookies(name="sessionid")
    save(scriptless)
    scriptless.get_by_text("Your text, to read or copy").click()
    readable = scriptless.get_by_label("Participants note").input_value()

    sign_in(scriptless)

    assert readable == scriptless.get_by_label("Participants note").input_value() == PROSE
    assert note(scriptless) == "Typed."
