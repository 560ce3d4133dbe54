"""A list is rendered once for each state of the record, and never shows an earlier one."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.template import defaulttags
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.importing import restore, undo
from meetings.models import Meeting, Page, Revision
from meetings.models.public_state import public_state
from meetings.views import home as page_of_home
from meetings.views.caching import cached_page
from tests import factories as make
from tests.importing.helpers import import_file, write
from tests.writers import written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_are_kept")]
LISTS = ["/", "/meetings/", "/issues/", "/issues/by-meeting/", "/reactions/", "/themes/"]
LISTS += ["/timeline/", "/people/", "/places/", "/sources/"]


@pytest.fixture
def meeting():
    """A reaction to a meeting, and the names of both on the page of the reactions."""
    meeting = make.make_meeting(slug="helsinki", title="Helsinki, as it was")
    make.make_reaction(meeting=meeting, issues=[make.make_issue(slug="syria")])
    record_loaded()
    return meeting


def renamed(meeting):
    def write():
        Meeting.objects.filter(pk=meeting.pk).update(title="Helsinki, as it is")

    return write


def read(path="/meetings/"):
    return Client().get(path).content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_second_visitor_gets_the_same_page_for_one_query(path, meeting):
    first = Client().get(path)

    with CaptureQueriesContext(connection) as asked:
        second = Client().get(path)

    assert second.content == first.content
    assert second.headers == first.headers
    assert len(asked) == 1


def saved(meeting):
    acts.save(entry=meeting, after=written(meeting, renamed(meeting)))


def imported(meeting, folder):
    row = {"slug": meeting.slug, "title": "Helsinki, as it is"}
    outcome = import_file(write(folder, "meetings", row))
    assert not outcome.problems
    return outcome.imported


def loaded(meeting):
    renamed(meeting)()
    record_loaded()


@pytest.mark.parametrize("act", [saved, loaded])
def test_page_shows_what_was_written_at_once(act, meeting):
    assert "Helsinki, as it was" in read()

    act(meeting)

    assert "Helsinki, as it is" in read()


def test_page_shows_an_import_its_undo_and_a_restore_at_once(meeting, tmp_path):
    read()

    change = imported(meeting, tmp_path)
    assert "Helsinki, as it is" in read()
    undo.undo_import(imported=change, note="Not so.")
    assert "Helsinki, as it was" in read()

    meeting.refresh_from_db()
    restore.apply_restore(planned=restore.plan_restore(entry=meeting, number=2), note="It was so.")
    assert "Helsinki, as it is" in read()


@pytest.mark.parametrize("path", ["/", "/meetings/", "/reactions/", "/timeline/"])
def test_what_is_withdrawn_is_gone_at_once_and_back_when_published(path, meeting):
    assert "Helsinki" in read(path)

    acts.withdraw(entry=meeting, reason="A forgery.")
    assert "Helsinki" not in read(path)

    meeting.refresh_from_db()
    acts.publish(entry=meeting, note="No forgery.")
    assert "Helsinki" in read(path)


def test_search_finds_a_reference_only_while_something_public_uses_it():
    source, person = make.make_source(title="The Gazette"), make.make_actor(name="Gazette Smith")
    meeting = make.make_meeting(sources=[source], place=make.make_place(city="Gazette Springs"))
    make.make_participation(meeting=meeting, actor=person)
    record_loaded()
    path = "/search/?q=gazette"
    assert Client().get(path).context["total"] == 4

    acts.withdraw(entry=meeting, reason="A forgery.")
    assert Client().get(path).context["total"] == 0

    meeting.refresh_from_db()
    acts.publish(entry=meeting, note="No forgery.")
    assert Client().get(path).context["total"] == 4


def test_what_is_due_is_there_at_its_time(meeting, monkeypatch):
    soon = timezone.now() + timedelta(minutes=5)
    make.make_meeting(title="Geneva", publish_at=soon)
    make.make_meeting(title="Vienna", publish_at=soon + timedelta(minutes=5))
    record_loaded()
    assert "Geneva" not in read()

    monkeypatch.setattr(timezone, "now", lambda: soon + timedelta(seconds=1))
    assert "Geneva" in read()
    assert "Vienna" not in read()

    monkeypatch.setattr(timezone, "now", lambda: soon + timedelta(minutes=6))
    assert "Vienna" in read()


@pytest.mark.parametrize("path", LISTS)
def test_page_bears_the_day_on_which_it_is_printed(path, meeting, monkeypatch):
    tomorrow = timezone.now() + timedelta(days=1)
    read(path)

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz=None):
            return tomorrow.astimezone(tz)

    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    monkeypatch.setattr(defaulttags, "datetime", Tomorrow)

    assert f"printed {tomorrow.day} {tomorrow:%B %Y}" in read(path)


def test_state_tells_of_a_revision_made_earlier_and_committed_later(meeting):
    late = Revision.objects.earliest("pk")
    Revision.objects.filter(pk=late.pk).delete()
    before = public_state()

    late.save()

    assert public_state() != before


def test_page_that_is_made_while_something_changes_is_nobody_elses(meeting, rf):
    def changing(request):
        answer = page_of_home.home(request)
        acts.withdraw(entry=meeting, reason="A forgery.")
        return answer

    request = rf.get("/")
    request.theme, request.user = "", make.make_editor()

    assert "Helsinki" in cached_page(changing)(request).content.decode()
    assert "Helsinki" not in read("/")


def test_what_an_editor_sees_is_not_kept_for_visitors(meeting):
    make.make_page(slug="home", title="Welcome", body="Not yet to be read.", status="draft")
    editor = Client()
    editor.force_login(make.make_editor(is_superuser=True))

    assert "Not yet to be read." in editor.get("/").content.decode()
    assert "Not yet to be read." not in read("/")
    assert "Not yet to be read." in editor.get("/").content.decode()
    assert Page.objects.published().count() == 0


def test_each_theme_has_its_own_page(meeting):
    dark = Client()
    dark.cookies["theme"] = "dark"
    read()

    assert 'data-theme="dark"' in dark.get("/meetings/").content.decode()
    assert "data-theme" not in read()


def test_each_address_has_its_own_page(meeting):
    make.make_meeting(title="Geneva", starts_on="2021-06-16")
    record_loaded()

    assert "Geneva" in read("/meetings/?year=2021")
    assert "Geneva" not in read("/meetings/?year=2018")


def test_answer_that_is_no_page_is_not_kept(meeting):
    for _ in range(2):
        assert Client().get("/meetings/?page=7").status_code == 302
        assert Client().post("/meetings/").status_code == 405
