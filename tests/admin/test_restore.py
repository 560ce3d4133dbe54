"""Restoring at the desk: from an entry's history through a preview to a revision."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import Import, Meeting, Revision
from tests import factories as make
from tests.writers import written

from .helpers import address, revisions_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


@pytest.fixture
def meeting(record):
    meeting = Meeting.objects.get()
    make.make_outcome(meeting=meeting, order=10, text="A statement [@press].")
    record_loaded()

    def write():
        meeting.title = "Geneva again"
        meeting.save()
        meeting.outcomes.all().delete()

    acts.save(entry=meeting, after=written(meeting, write), note="Changed.")
    return meeting


def user_with(*names):
    user = User.objects.create_user("eva", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


def choose(client, meeting, number=2):
    """Press Restore in the history; return the answer."""
    return client.post(address(meeting, "restore"), {"number": str(number)})


def html_of(response):
    assert response.status_code == 200, response
    return response.content.decode()


def test_older_revisions_can_be_chosen(desk, meeting):
    page = html_of(desk.get(address(meeting, "history")))

    assert 'name="number" value="1"' in page
    assert 'name="number" value="2"' in page
    assert 'name="number" value="3"' not in page


def test_preview_shows_old_and_new_and_saves_nothing(desk, meeting):
    chosen = choose(desk, meeting)
    page = html_of(desk.get(chosen.url))

    assert '<del><span class="visually-hidden">removed: </span>again</del>' in page.replace(
        " ag", "ag"
    )
    assert "A statement [@press]." in page
    assert "Nothing is saved yet." in page
    assert revisions_of(meeting) == ["load", "load", "save"]


def test_restoring_asks_for_a_note_and_leaves_a_revision(desk, meeting):
    url = choose(desk, meeting).url

    refused = html_of(desk.post(url, {"note": "", "kind": "correction"}))
    response = desk.post(url, {"note": "It was right.", "kind": "correction"}, follow=True)

    assert "Write a change note" in refused
    assert "Restored: geneva, revision 2." in html_of(response)
    assert response.redirect_chain[-1][0] == address(meeting, "history")
    meeting.refresh_from_db()
    assert (meeting.title, meeting.outcomes.count()) == ("Geneva", 1)
    assert Revision.objects.latest_of(meeting).act == "restore"
    assert "This plan was carried out" in html_of(desk.get(url))


def test_restoring_what_is_there_says_so_and_does_nothing(desk, meeting):
    response = desk.post(address(meeting, "restore"), {"number": "3"}, follow=True)

    assert "There is nothing to restore." in html_of(response)
    assert not Import.objects.exists()


def test_change_made_meanwhile_is_named(desk, meeting):
    url = choose(desk, meeting).url
    Meeting.objects.update(forum="A castle")

    page = html_of(desk.post(url, {"note": "It was right.", "kind": "correction"}))

    assert "meetings, geneva, forum: was “”, is now “A castle”." in page
    assert 'value="It was right."' in page
    assert Meeting.objects.get().title == "Geneva again"


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 30, "²"])
def test_number_of_no_revision_is_told(desk, meeting, number):
    response = desk.post(address(meeting, "restore"), {"number": number}, follow=True)

    assert "There is no revision 0 of it." in html_of(response)


def test_right_to_change_is_enough_without_that_to_import(client, meeting):
    client.force_login(user_with("change_meeting", "publish_meeting"))

    url = choose(client, meeting).url
    client.post(url, {"note": "It was right.", "kind": "correction"})

    assert Meeting.objects.get().title == "Geneva"


@pytest.mark.parametrize("names", [["view_meeting"], ["change_meeting"], ["publish_meeting"]])
def test_public_entry_is_restored_by_whoever_may_change_and_publish(client, meeting, names):
    client.force_login(user_with("view_meeting", *names))

    page = html_of(client.get(address(meeting, "history")))
    response = choose(client, meeting)

    assert 'name="number"' not in page
    assert response.status_code == 403
    assert not Import.objects.exists()


def test_plan_is_shown_and_carried_out_by_nobody_else(desk, meeting):
    url = choose(desk, meeting).url
    other = Client()
    other.force_login(make.make_editor("ben"))

    assert other.get(url).status_code == 403
    assert other.post(url, {"note": "x", "kind": "wording"}).status_code == 403
    assert Client().get(url).status_code == 302


def test_plan_belongs_to_its_entry(desk, meeting):
    plan = Import.objects.get(pk=choose(desk, meeting).url.split("/")[-2])
    other = make.make_meeting(slug="oslo")
    own = f"{address(other, 'restore')}{plan.pk}/"

    assert desk.get(own).status_code == 404


def test_choosing_is_no_link(desk, meeting):
    assert desk.get(address(meeting, "restore")).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.make_editor("ben"))
    assert choose(strict, meeting).status_code == 403


def test_imports_list_leads_to_the_plan_and_to_its_result(desk, meeting):
    url = choose(desk, meeting).url
    plan = Import.objects.get()
    there = address(plan)

    assert desk.get(there).url == url
    for name in ("preview", "confirm", "again", "stop"):
        assert desk.post(address(plan, name)).status_code == 404
    desk.post(url, {"note": "It was right.", "kind": "correction"})
    page = html_of(desk.get(there, follow=True))

    assert "Restored to what it was at revision 2." in page
    assert "Undo this restore" in page
    assert "1 restored" in html_of(desk.get(address(plan, "changelist")))
