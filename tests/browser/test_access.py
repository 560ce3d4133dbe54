"""Sign-in in a browser: second factor, recovery, a password by a link, and sessions that end."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User

from access.models import DeskSession, SignInAttempt
from tests.access.codes import code_of
from tests.factories import make_member

from .test_accessibility import TAGS
from .test_kept_text import FOUND

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PASSWORD, NEW = "typed by hand", "another one, typed"


@pytest.fixture(scope="module")
def people(site, django_db_blocker):
    """An editor with a password and an administrator, committed; nothing of them is left."""
    with django_db_blocker.unblock():
        people = [make_member("editor", "edith"), make_member("administrator", "adam")]
        for person in people:
            person.set_password(PASSWORD)
            person.save()
        yield people
        DeskSession.objects.all().delete()
        SignInAttempt.objects.all().delete()
        for person in people:
            person.logentry_set.all().delete()
            person.delete()


@pytest.fixture
def said():
    """What the browser's console says."""
    return []


@pytest.fixture
def barriers(said):
    """A function that returns what axe finds; what axe itself makes the console say is left out."""

    def found(page):
        before = len(said)
        page.evaluate(AXE_SCRIPT)
        faults = page.evaluate(FOUND, TAGS)
        del said[before:]
        return faults

    return found


@pytest.fixture
def page_of(browser, site, people, said):
    """A function that opens a browser of somebody's own; no page broke the content policy."""
    contexts = []

    def opened():
        contexts.append(browser.new_context(base_url=site))
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(message.text))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [text for text in said if "Content Security Policy" in text]


def sign_in(page, name, password=PASSWORD, code=""):
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Code").fill(code)
    page.get_by_label("Code").press("Enter")


def at_the_desk(page):
    page.get_by_role("heading", name="The desk").wait_for()


def test_second_factor_recovery_link_and_ended_sessions(page_of, people, barriers):
    edith, other, adam = page_of(), page_of(), page_of()
    editor = people[0]
    sign_in(edith, "edith")
    at_the_desk(edith)

    # The second factor is set up with the keyboard alone, and its codes are shown.
    edith.goto("/admin/access/")
    assert barriers(edith) == []
    edith.get_by_role("link", name="Set it up").press("Enter")
    assert edith.get_by_role("img", name="QR code").evaluate("image => image.naturalWidth") > 100
    assert barriers(edith) == []
    edith.get_by_label("Code that your app shows").fill(code_of(editor))
    edith.get_by_role("button", name="Set up").press("Enter")
    codes = edith.locator("code").all_inner_texts()
    assert len(codes) == 10
    edith.get_by_role("link", name="I have kept them").press("Enter")
    at_the_desk(edith)

    # Elsewhere the password alone does not do; a code, and a recovery code, do.
    sign_in(other, "edith")
    other.get_by_text("Please enter the correct username and password").wait_for()
    assert barriers(other) == []
    sign_in(other, "edith", code=code_of(editor))
    at_the_desk(other)
    other.get_by_role("button", name="Log out").click()
    sign_in(other, "edith", code=codes[0])
    at_the_desk(other)

    # Each session is seen, and ended by its owner.
    edith.goto("/admin/access/")
    edith.get_by_role("button", name="End Chrome").press("Enter")
    edith.get_by_text("1 session was ended.").wait_for()
    other.reload()
    other.get_by_label("Username").wait_for()

    # An administrator makes a link, by which the password is set; all sessions end.
    sign_in(adam, "adam")
    at_the_desk(adam)
    adam.goto(f"/admin/access/{editor.pk}/")
    assert barriers(adam) == []
    adam.get_by_role("button", name="Make a link").press("Enter")
    link = adam.get_by_label("Hand this link to the owner").input_value()
    other.goto(link)
    other.get_by_label("New password:").fill(NEW)
    other.get_by_label("Confirm password:").fill(NEW)
    other.get_by_role("button", name="Change my password").press("Enter")
    other.get_by_text("Your password is set. Sign in with it.").wait_for()
    edith.reload()
    edith.get_by_label("Username").wait_for()
    sign_in(other, "edith", NEW, code_of(User.objects.get(pk=editor.pk)))
    at_the_desk(other)
