"""Rules of imports about addresses: redirects, and one source for each URL."""

import pytest
from django.urls import reverse

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import Place, Redirect, Revision, Source
from tests import factories as make

from .helpers import import_file, plan_file, problem_texts, write

pytestmark = pytest.mark.django_db
MOVED = {"old_path": "/meetings/old/", "new_path": "/meetings/geneva/"}
A, B = "https://example.org/a", "https://example.org/b"


@pytest.fixture(autouse=True)
def record():
    make.make_source(slug="press", url=A)
    make.make_source(slug="radio", url=B)
    make.make_meeting(slug="geneva", title="Geneva", body="Held [@press].")
    record_loaded()


def redirects(folder, *moves):
    return write(folder, "redirects", *(dict(zip(MOVED, move, strict=True)) for move in moves))


def source(slug, **cells):
    return {"slug": slug, "title": slug.capitalize(), "kind": "news"} | cells


def hints(outcome):
    return [(problem.column, problem.suggestion) for problem in outcome.problems]


@pytest.mark.parametrize("page", ["/meetings/geneva/", "/meetings/", "/"])
def test_address_that_has_a_page_leads_nowhere_else(tmp_path, page):
    outcome = import_file(redirects(tmp_path, (page, "/sources/press/")))

    assert [problem.column for problem in outcome.problems] == ["old_path"]
    assert f"There is a page at {page}." in problem_texts(outcome)[0]


@pytest.mark.parametrize("path", ["/meetings/never/", "/no/such/page/"])
def test_redirect_to_nothing_is_refused(tmp_path, path):
    outcome = import_file(redirects(tmp_path, ("/meetings/old/", path)))

    assert [problem.column for problem in outcome.problems] == ["new_path"]
    assert f"There is no page at {path}. Write the address of a page." in problem_texts(outcome)[0]


def test_redirect_may_lead_to_what_the_same_files_bring(tmp_path):
    write(tmp_path, "places", {"slug": "oslo", "city": "Oslo"})
    redirects(tmp_path, ("/places/christiania/", "/places/oslo/"))

    assert problem_texts(import_file(tmp_path)) == []
    assert Redirect.objects.get().new_path == "/places/oslo/"


def test_address_is_not_both_a_new_page_and_one_that_leads_on(tmp_path):
    write(tmp_path, "places", {"slug": "oslo", "city": "Oslo"})
    redirects(tmp_path, ("/places/oslo/", "/meetings/geneva/"))

    assert "There is a page at /places/oslo/." in problem_texts(import_file(tmp_path))[0]


def test_redirects_in_a_circle_are_refused(tmp_path):
    outcome = import_file(
        redirects(tmp_path, ("/meetings/a/", "/meetings/b/"), ("/meetings/b/", "/meetings/a/"))
    )

    assert hints(outcome) == [("new_path", ""), ("new_path", "")]


def test_redirect_to_a_redirect_is_refused_with_where_that_leads(tmp_path):
    import_file(redirects(tmp_path, tuple(MOVED.values())))

    outcome = import_file(
        redirects(tmp_path, ("/meetings/x/", "/meetings/old/"), ("/meetings/y/", "/meetings/x/"))
    )

    assert hints(outcome) == [("new_path", "/meetings/geneva/"), ("new_path", "")]


def test_redirects_at_the_desk_follow_the_same_rules(admin_client):
    url = reverse("admin:meetings_redirect_add")

    refused = admin_client.post(url, {"old_path": "/meetings/x/", "new_path": "/meetings/y/"})
    taken = admin_client.post(url, MOVED | {"old_path": "/sources/press/"})
    right = admin_client.post(url, MOVED)

    assert "There is no page at /meetings/y/." in refused.content.decode()
    assert "There is a page at /sources/press/." in taken.content.decode()
    assert right.status_code == 302


def test_what_led_to_a_page_goes_when_it_is_deleted():
    place = make.make_place(slug="oslo")
    Redirect.objects.create(old_path="/places/christiania/", new_path="/places/oslo/")

    acts.delete(entry=place)

    assert not Place.objects.filter(slug="oslo").exists()
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("typed", ["HTTPS://Example.ORG/a", "https://EXAMPLE.org/a"])
def test_capitals_of_a_host_make_no_other_address(tmp_path, typed):
    outcome = import_file(write(tmp_path, "sources", source("two", url=typed)))

    assert "This address is already source “press”. Use that one." in problem_texts(outcome)[0]


def test_capitals_of_a_host_make_no_other_address_at_the_desk(admin_client):
    data = source("two", url="HTTPS://Example.ORG/a")

    response = admin_client.post(reverse("admin:meetings_source_add"), data)

    assert "This address is already source" in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("HTTPS://Example.ORG/A?B=C", "https://example.org/A?B=C"),
        ("https://Ana:Word@Example.org:8000/", "https://Ana:Word@example.org:8000/"),
        ("https://example.org?Q", "https://example.org?Q"),
    ],
)
def test_address_is_stored_in_one_form(tmp_path, typed, stored):
    import_file(write(tmp_path, "sources", source("two", url=typed)))
    Source.objects.filter(slug="radio").update(archived_url=typed)

    assert Source.objects.get(slug="two").url == stored
    assert Source.objects.get(slug="radio").archived_url == stored


def test_sources_exchange_their_addresses(tmp_path):
    path = write(tmp_path, "sources", source("press", url=B), source("radio", url=A))

    assert problem_texts(import_file(path)) == []

    urls = dict(Source.objects.exclude(url="").values_list("slug", "url"))
    assert urls == {"press": B, "radio": A}
    revision = Revision.objects.latest_of(Source.objects.get(slug="press"))
    assert (revision.number, revision.snapshot["sources"][0]["url"]) == (2, B)


def test_source_takes_the_address_that_another_gives_up(tmp_path):
    path = write(tmp_path, "sources", source("press", url=""), source("a-new-one", url=A))

    assert problem_texts(import_file(path)) == []
    assert Source.objects.get(url=A).slug == "a-new-one"


def test_address_twice_in_a_file_is_told_with_its_line_before_anything_is_written(tmp_path):
    url = "https://example.org/c"
    others = [source(f"filler-{number:04}") for number in range(600)]
    path = write(tmp_path, "sources", source("c", url=url), *others, source("z", url=url.upper()))
    path.write_text(path.read_text().replace("HTTPS://EXAMPLE.ORG/C", "HTTPS://EXAMPLE.ORG/c"))

    planned = plan_file(path)

    assert [(p.line, p.problem) for p in planned.problems] == [
        (603, "Line 2 has this address too. Keep one of the two.")
    ]
