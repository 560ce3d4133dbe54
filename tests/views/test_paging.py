"""Each page of a list has one address; what is asked otherwise leads there."""

import pytest
from django.db import transaction

from meetings.views import paging
from meetings.views.meetings import MeetingList

from .. import factories as make

pytestmark = pytest.mark.django_db

PATHS = {
    "/meetings/": "page",
    "/timeline/": "page",
    "/issues/by-meeting/": "page",
    "/places/": "page",
    "/issues/busy/": "page",
    "/places/busy/": "meetings",
    "/sources/busy/": "uses",
    "/people/busy/": "meetings",
}


@pytest.fixture(scope="module", autouse=True)
def busy(django_db_setup, django_db_blocker):
    """Make more of everything than one page holds."""
    with django_db_blocker.unblock(), transaction.atomic():
        source, place = make.make_source(slug="busy"), make.make_place(slug="busy")
        actor, issue = make.make_actor(slug="busy"), make.make_issue(slug="busy")
        for number in range(101):
            day = f"20{number % 30 + 10}-01-01"
            meeting = make.make_meeting(starts_on=day, place=place, sources=[source])
            make.make_participation(meeting=meeting, actor=actor)
            make.make_discussion(meeting=meeting, issue=issue)
            make.make_reaction(meeting=meeting, actors=[actor])
            make.make_meeting(starts_on=day)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "1", "1e9", "%00", ""])
@pytest.mark.parametrize("path", PATHS)
def test_what_is_no_number_of_a_page_leads_to_the_first(client, path, asked):
    answer = client.get(path, QUERY_STRING=f"unknown=word&{PATHS[path]}={asked}")

    assert answer.status_code == 302
    assert answer["Location"] == path


@pytest.mark.parametrize("asked", ["99", "99999999999999999999"])
@pytest.mark.parametrize("path", PATHS)
def test_page_past_the_end_leads_to_the_last(client, path, asked):
    name = PATHS[path]

    answer = client.get(path, QUERY_STRING=f"unknown=word&{name}={asked}", follow=True)

    target, status = answer.redirect_chain[0]
    assert (answer.status_code, status, len(answer.redirect_chain)) == (200, 302, 1)
    assert target.startswith(f"{path}?{name}=")
    last = int(target.rpartition("=")[2])
    assert f"{name}={last - 1}" in answer.content.decode() or last == 2
    assert f"{name}={last + 1}" not in answer.content.decode()


def test_number_of_a_page_comes_last_whatever_was_pressed_first(client):
    sorted_then_turned = client.get("/issues/by-meeting/?sort=total").content.decode()
    turned_then_sorted = client.get("/issues/by-meeting/?page=2").content.decode()

    address = "/issues/by-meeting/?sort=total&amp;page=2"
    assert f'href="{address}"' in sorted_then_turned
    assert f'href="{address}"' in turned_then_sorted


@pytest.mark.parametrize("path", PATHS)
def test_first_page_has_no_number_in_its_links(client, path):
    second = client.get(path, QUERY_STRING=f"{PATHS[path]}=2").content.decode()

    assert f'rel="prev" href="{path}' in second
    assert f'{PATHS[path]}=1"' not in second
    assert 'href="?"' not in second


def test_lists_on_one_page_are_turned_one_by_one(client):
    page = client.get("/people/busy/?meetings=2&reactions=2").content.decode()

    assert 'href="/people/busy/?reactions=2#meetings"' in page
    assert 'href="/people/busy/?reactions=2&amp;meetings=3#meetings"' in page
    assert 'href="/people/busy/?meetings=2#reactions"' in page


def test_list_can_be_shown_on_one_page_to_print_it_under_its_filters(client):
    first = client.get("/meetings/?sort=title").content.decode()
    assert '<a href="/meetings/?sort=title&amp;page=all">Print all 202</a>' in first
    assert "noindex" not in first

    whole = client.get("/meetings/?sort=title&page=all").content.decode()

    assert whole.count('class="meeting-card ') == 202
    assert '<meta name="robots" content="noindex">' in whole
    assert "by title, all on one page" in whole
    assert '<a href="/meetings/?sort=title">Show in pages</a>' in whole
    assert 'aria-label="Pages"' not in whole


@pytest.mark.parametrize(("most", "size"), [(201, 25), (500, 300)])
def test_list_of_one_page_or_of_too_many_rows_is_not_offered_on_one(
    client, monkeypatch, most, size
):
    monkeypatch.setattr(paging, "MOST_ROWS_ON_ONE_PAGE", most)
    monkeypatch.setattr(MeetingList, "paginate_by", size)

    assert "page=all" not in client.get("/meetings/").content.decode()
    answer = client.get("/meetings/?page=all")

    assert (answer.status_code, answer["Location"]) == (302, "/meetings/")
