"""An answer is made once for each state of the record, and never shows an earlier one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from meetings.answers import making
from meetings.answers.making import PublicAnswer
from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.importing import restore, undo
from meetings.models import Meeting, Page
from meetings.models.public_state import PublicState
from meetings.views import home as page_of_home
from tests import factories as make
from tests.asked import Asked
from tests.importing.helpers import import_file, write
from tests.writers import changing, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_are_kept")]
PAGES = ["/", "/meetings/", "/issues/", "/issues/by-meeting/", "/reactions/", "/themes/"]
PAGES += [
    "/timeline/",
    "/people/",
    "/places/",
    "/sources/",
    "/meetings/helsinki/",
    "/search/?q=syria",
]
FILES = [
    "/meetings.json",
    "/meetings.csv",
    "/meetings/helsinki.json",
    "/meetings.atom",
    "/card.png",
]
FILES += ["/meetings/helsinki/cite.bib", "/sitemap.xml", "/sitemap-meetings.xml", "/robots.txt"]


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


@pytest.mark.parametrize("path", PAGES + FILES)
def test_second_visitor_gets_the_same_page_for_one_query(path, meeting):
    first = Client().get(path)

    with Asked() as asked:
        second = Client().get(path)

    assert second.content == first.content
    both = ({**first.headers}, {**second.headers})
    assert both[0].pop("X-Request-ID") != both[1].pop("X-Request-ID")
    # A time is given once its second is over.
    assert both[0] == {n: v for n, v in both[1].items() if n != "Last-Modified" or n in both[0]}
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


def loaded_without_its_step(meeting, folder):
    """``loaddata`` alone, before ``record_loaded`` is called."""
    file = folder / "record.json"
    call_command("dumpdata", "meetings.meeting", output=str(file), natural_foreign=True)
    file.write_text(file.read_text().replace("as it was", "as it is"))
    call_command("loaddata", str(file), verbosity=0)


def test_page_shows_what_a_fixture_brings_at_once(meeting, tmp_path):
    assert "Helsinki, as it was" in read()

    loaded_without_its_step(meeting, tmp_path)

    assert "Helsinki, as it is" in read()


def test_page_shows_what_a_migration_wrote_at_once(meeting):
    assert "Helsinki, as it was" in read()

    renamed(meeting)()
    call_command("migrate", verbosity=0)

    assert "Helsinki, as it is" in read()


def test_page_shows_a_reference_renamed_and_a_redirect_at_once(meeting, tmp_path):
    place = make.make_place(slug="hall", venue="The old hall")
    acts.save(entry=meeting, after=changing(meeting, place=place))
    assert "The old hall" in read("/meetings/helsinki/")

    place.refresh_from_db()
    acts.save(entry=place, after=changing(place, venue="The new hall"))

    assert "The new hall" in read("/meetings/helsinki/")
    assert "/meetings/before/" not in read("/data/redirects.csv")
    row = {"old_path": "/meetings/before/", "new_path": "/meetings/helsinki/"}
    assert not import_file(write(tmp_path, "redirects", row)).problems
    assert "/meetings/before/" in read("/data/redirects.csv")


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


@pytest.mark.parametrize("path", PAGES)
def test_page_bears_the_day_on_which_it_is_printed(path, meeting, monkeypatch):
    tomorrow = timezone.now() + timedelta(days=1)
    read(path)

    monkeypatch.setattr(timezone, "now", lambda: tomorrow)

    assert f"printed {tomorrow.day} {tomorrow:%B %Y}" in read(path)


def test_page_that_is_made_while_something_changes_is_nobody_elses(meeting, monkeypatch):
    def changing(request):
        answer = page_of_home.home(request)
        acts.withdraw(entry=meeting, reason="A forgery.")
        return answer

    request = RequestFactory().get("/")
    request.theme, request.user = "", AnonymousUser()

    assert "Helsinki" in PublicAnswer(request, changing).response().content.decode()
    assert "Helsinki" not in read("/")


def test_what_an_editor_sees_is_not_kept_for_visitors(meeting):
    make.make_page(slug="home", title="Welcome", body="Not yet to be read.", status="draft")
    editor = Client()
    editor.force_login(make.make_editor(is_superuser=True))

    assert "Not yet to be read." in editor.get("/").content.decode()
    assert "Not yet to be read." not in read("/")
    assert "Not yet to be read." in editor.get("/").content.decode()
    assert "no-store" in editor.get("/")["Cache-Control"]
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
    assert read("/meetings/") != read("/issues/")


def test_answer_that_is_no_page_is_not_kept(meeting):
    for _ in range(2):
        assert Client().get("/meetings/?page=7").status_code == 302
        assert Client().post("/meetings/").status_code == 405


class Kitchen:
    """A page that takes as long to make as the test says, of a record in a state of its own."""

    def __init__(self, monkeypatch):
        self.state = PublicState("one", "none taken out")
        self.made, self.may_end, self.has_begun = 0, Event(), Event()
        self.meanwhile = None
        monkeypatch.setattr(making, "public_state", lambda: self.state)
        monkeypatch.setattr(making, "PATIENCE_SECONDS", 0.2)

    def make(self, request):
        self.made += 1
        content = f"{self.made} of {self.state.changes}"
        self.state = self.meanwhile or self.state
        self.has_begun.set()
        assert self.may_end.wait(20)
        return HttpResponse(content)

    def read(self):
        request = RequestFactory().get("/meetings/")
        request.theme = ""
        return PublicAnswer(request, self.make).response().content.decode()


@pytest.fixture
def kitchen(monkeypatch):
    kitchen = Kitchen(monkeypatch)
    yield kitchen
    kitchen.may_end.set()


@pytest.mark.one_database
def test_thirty_readers_wait_for_one_making(kitchen):
    with ThreadPoolExecutor(30) as readers:
        answers = [readers.submit(kitchen.read) for _ in range(30)]
        kitchen.has_begun.wait(20)
        kitchen.may_end.set()
        found = {answer.result() for answer in answers}

    assert (found, kitchen.made) == ({"1 of one"}, 1)


def remake(kitchen, state):
    """Return what a reader gets while a page is made that was made before in another state."""
    kitchen.may_end.set()
    assert kitchen.read() == "1 of one"
    kitchen.may_end.clear()
    kitchen.has_begun.clear()
    kitchen.state = state
    with ThreadPoolExecutor(2) as readers:
        maker = readers.submit(kitchen.read)
        assert kitchen.has_begun.wait(20)
        waiting = readers.submit(kitchen.read)
        try:
            return waiting.result(timeout=2)
        except TimeoutError:
            return "still waiting"
        finally:
            kitchen.may_end.set()
            assert maker.result() == "2 of two"
            waiting.result()


@pytest.mark.one_database
def test_who_waits_long_gets_the_former_page(kitchen):
    assert remake(kitchen, PublicState("two", "none taken out")) == "1 of one"


@pytest.mark.one_database
def test_nobody_gets_a_page_of_before_something_was_taken_out(kitchen):
    assert remake(kitchen, PublicState("two", "one taken out")) == "still waiting"


@pytest.mark.one_database
def test_failed_making_keeps_nobody_waiting(kitchen):
    kitchen.may_end.set()

    def fail(request):
        raise RuntimeError

    make_page, kitchen.make = kitchen.make, fail
    with pytest.raises(RuntimeError):
        kitchen.read()
    kitchen.make = make_page

    assert kitchen.read() == "1 of one"


@pytest.mark.one_database
def test_page_made_while_the_record_changed_is_not_kept_for_a_restored_one(kitchen):
    kitchen.may_end.set()
    restored, kitchen.meanwhile = kitchen.state, PublicState("two", "none taken out")
    kitchen.read()

    kitchen.state, kitchen.meanwhile = restored, None

    assert kitchen.read() == "2 of one"
