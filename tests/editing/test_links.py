"""Links in texts to pages of the site: refused where there is none, followed where it moved."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.editing import acts, errors
from meetings.editing.links import public_targets
from meetings.models import Redirect
from tests import factories as make
from tests.writers import changing

pytestmark = pytest.mark.django_db

TEXT = "See *the [talks]({}) at length* [@cable]."


def shown(client, address="/method/"):
    """Return the paragraph of a page, without its notes."""
    html = client.get(address).content.decode()
    return re.search(r"See <em>the (.*?) at length", html)[1]


def method(link):
    source = make.make_source(slug="cable")
    return make.make_page(slug="method", body=TEXT.format(link), sources=[source])


@pytest.mark.parametrize(
    ("link", "where"),
    [
        ("/meetings/genva/", "There is no page at /meetings/genva/"),
        ("/meetings/nothing/#discussed-arms", "There is no page at /meetings/nothing/."),
        ("/meetings/geneva", "There is no page at /meetings/geneva."),
        ("/nowhere/at/all/?page=2", "There is no page at /nowhere/at/all/."),
    ],
)
def test_link_to_a_page_that_does_not_exist_is_refused_with_its_place(link, where):
    make.make_meeting(slug="geneva")
    page = method("/meetings/")

    with pytest.raises(errors.Refused) as refusal:
        acts.save(entry=page, after=changing(page, body=TEXT.format(link)), note="Linked.")

    assert where in str(refusal.value)
    page.refresh_from_db()
    assert page.body == TEXT.format("/meetings/")


@pytest.mark.parametrize(
    "link",
    [
        "/meetings/draft/#cite",
        "/meetings/old/",
        "/reactions/?stance=critical",
        "/",
        "/method/",
        "/method/#how",
        "/meetings.csv",
        "/data/record.zip",
        "https://elsewhere.example/meetings/none/",
        "#below",
    ],
)
def test_link_to_a_page_a_file_or_another_site_is_accepted(link):
    make.make_meeting(slug="draft", status="draft")
    Redirect.objects.create(old_path="/meetings/old/", new_path="/meetings/")
    page = method("/meetings/")

    acts.save(entry=page, after=changing(page, body=TEXT.format(link)), note="Linked.")

    page.refresh_from_db()
    assert page.body == TEXT.format(link)


def test_link_that_stood_there_before_does_not_keep_a_text_beside_it_from_changing():
    page = method("/meetings/gone/")

    acts.save(entry=page, after=changing(page, title="How it is made"), note="Renamed.")

    page.refresh_from_db()
    assert page.title == "How it is made"


def test_link_follows_a_page_that_moved(client):
    meeting = make.make_meeting(slug="geneva")
    acts.save(entry=meeting, after=changing(meeting, title="Talks"), note="Named.")
    method("/meetings/geneva/#discussed-arms")

    acts.save(entry=meeting, after=changing(meeting, slug="geneva-2021"), note="Moved.")

    assert shown(client) == '<a href="/meetings/geneva-2021/#discussed-arms">talks</a>'


@pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
def test_link_to_what_is_not_public_is_plain_text(client, status):
    make.make_meeting(slug="geneva", status=status)
    method("/meetings/geneva/")
    assert shown(client) == "talks"

    client.force_login(make.make_editor())
    assert shown(client) == "talks"


def test_link_to_a_list_a_file_and_another_site_stays(client):
    for link in ("/reactions/?stance=critical", "/meetings.csv", "https://elsewhere.example/"):
        page = method(link)
        assert shown(client) == f'<a href="{link}">talks</a>'
        page.delete()
        make.Source.objects.all().delete()


def test_links_of_a_page_cost_the_same_however_many_there_are():
    counts = []
    for size in (1, 20):
        paths = []
        for number in range(size):
            slug = f"m-{size}-{number}"
            make.make_meeting(slug=slug)
            Redirect.objects.create(
                old_path=f"/meetings/{slug}-old/", new_path=f"/meetings/{slug}/"
            )
            paths += [f"/meetings/{slug}/", f"/meetings/{slug}-old/"]
        with CaptureQueriesContext(connection) as asked:
            found = public_targets(paths)
        assert found == {path: path.replace("-old", "") for path in paths}
        counts.append(len(asked))

    assert counts == [3, 3]
