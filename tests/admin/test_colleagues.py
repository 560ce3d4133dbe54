"""Notes for colleagues, which never leave the desk, and who else has a form open."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.core.cache import caches
from django.test import Client

from meetings.admin import colleagues
from meetings.backup import contents
from meetings.editing import acts
from meetings.models import DeskNote, Revision, SearchDocument
from tests import factories as make

from .helpers import address, recorded

pytestmark = pytest.mark.django_db
CANARY = "Zanzibarnote"


@pytest.fixture(autouse=True)
def nobody_here():
    caches["shared"].clear()


@pytest.fixture
def noted(desk):
    """A public meeting on which the editor left a note."""
    meeting = recorded(make.make_meeting(title="Geneva"))
    desk.post(address(meeting, "notes"), {"text": f" {CANARY}: ask <b>Eve</b>. "})
    return meeting


def test_note_is_on_form_and_history_until_it_is_removed(desk, noted):
    for name in ("change", "history", "notes"):
        assert (
            f"{CANARY}: ask &lt;b&gt;Eve&lt;/b&gt;."
            in desk.get(address(noted, name)).content.decode()
        )

    desk.post(address(noted, "notes"), {"remove": DeskNote.objects.get().pk})

    assert CANARY not in desk.get(address(noted)).content.decode()


def test_note_is_no_part_of_the_record(desk, noted):
    acts.withdraw(entry=noted, reason="Wrong.")
    acts.publish(entry=noted, note="Right again.")

    assert CANARY not in str(list(Revision.objects.values_list("snapshot", "note")))
    assert CANARY not in str(list(SearchDocument.objects.values()))
    visitor = Client()
    page = noted.get_absolute_url()
    for found in (page, f"{page}history/", page.rstrip("/") + ".json"):
        answer = visitor.get(found)
        assert answer.status_code == 200
        assert CANARY.encode() not in answer.getvalue()
    assert CANARY not in visitor.get("/meetings.csv").getvalue().decode()
    assert CANARY not in desk.get(noted.get_absolute_url()).content.decode()


def test_backup_has_the_notes(noted):
    assert CANARY in b"".join(contents.lines(DeskNote)).decode()
    assert DeskNote in contents.tables(apps)


@pytest.mark.parametrize(
    ("text", "words"), [("  ", "Write the note."), ("x" * 2001, "at most 2,000")]
)
def test_bad_note_is_refused_with_its_text(desk, noted, text, words):
    page = desk.post(address(noted, "notes"), {"text": text}).content.decode()

    assert words in page
    assert f">{text}</textarea>" in page
    assert DeskNote.objects.count() == 1


def test_notes_are_for_who_may_change_such_rows(client, noted):
    viewer = User.objects.create_user("vera", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_meeting"))
    client.force_login(viewer)

    assert CANARY not in client.get(address(noted)).content.decode()
    assert CANARY not in client.get(address(noted, "history")).content.decode()
    assert client.get(address(noted, "notes")).status_code == 403
    assert client.post(address(noted, "notes"), {"text": "Mine."}).status_code == 403
    assert client.post(address(noted, "open")).status_code == 403
    assert DeskNote.objects.count() == 1


def test_form_says_who_else_has_it_open(client, desk, noted):
    desk.get(address(noted))
    other = Client()
    other.force_login(make.make_editor("ben"))

    first = other.get(address(noted)).content.decode()
    again = desk.get(address(noted)).content.decode()

    assert "ana, last seen at" in first
    assert "ben, last seen at" in again
    assert "ana, last seen at" not in again


def test_two_who_open_a_form_at_the_same_time_are_both_said_to_have_it_open(noted, monkeypatch):
    ben, eva = make.make_editor("ben"), make.make_editor("eva")
    shared, stored = caches["shared"], type(caches["shared"]).set

    def set_after_other(cache, key, *arguments):
        # Between reading and writing of the one, the other gives a sign.
        monkeypatch.setattr(type(shared), "set", stored)
        colleagues.mark_open(noted, eva)
        stored(cache, key, *arguments)

    monkeypatch.setattr(type(shared), "set", set_after_other)
    colleagues.mark_open(noted, ben)

    assert {"ben", "eva"} <= colleagues.open_forms(noted).keys()


def test_who_gives_no_sign_for_long_is_not_said_to_have_it_open(desk, noted, monkeypatch):
    other = Client()
    other.force_login(make.make_editor("ben"))
    assert other.post(address(noted, "open")).status_code == 204
    assert "ben, last seen at" in desk.get(address(noted)).content.decode()

    monkeypatch.setattr("meetings.admin.colleagues.OPEN_SECONDS", 0)

    assert "ben, last seen at" not in desk.get(address(noted)).content.decode()


def test_form_opens_on_a_full_disk(desk, noted, monkeypatch, caplog):
    def full(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(type(caches["shared"]), "set", full)

    assert desk.get(address(noted)).status_code == 200
    assert "not told that a form is open" in caplog.text
