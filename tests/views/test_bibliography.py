"""The files of references, and the references on the pages."""

import json
from datetime import UTC, datetime

import pytest
import rispy
from django.utils.html import strip_tags
from pybtex.database import parse_string

from meetings.editing import acts
from meetings.exporting.bibliography import FILE_FORMATS
from meetings.models import Publication, Revision
from tests import factories as make
from tests.reading import read
from tests.writers import written

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

KINDS = ("meeting", "issue", "reaction", "theme", "milestone", "page", "actor", "place", "source")
ENTRIES = KINDS[:6]
READERS = {
    "bib": lambda text: list(parse_string(text, "bibtex").entries),
    "ris": lambda text: [entry["id"] for entry in rispy.loads(text)],
    "csl.json": lambda text: [item["id"] for item in json.loads(text)],
}


def make_public(kind, /, **values):
    """Return a public row of a kind; a reference is public by what joins it."""
    row = getattr(make, f"make_{kind}")(**values)
    if kind == "actor":
        make.make_participation(actor=row)
    elif kind in {"place", "source"}:
        make.make_meeting(**({"place": row} if kind == "place" else {"sources": [row]}))
    return row


def file(client, row, end="bib"):
    return client.get(f"{row.get_absolute_url()}cite.{end}")


@pytest.mark.parametrize("end", FILE_FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_page_can_be_had_as_a_reference(client, kind, end):
    row = make_public(kind)
    key = row.get_absolute_url().strip("/").replace("/", "-")

    answer = file(client, row, end)

    assert answer.status_code == 200
    assert answer["Content-Type"] == FILE_FORMATS[end].content_type
    assert answer["Content-Disposition"] == f'attachment; filename="{key}.{end}"'
    assert READERS[end](answer.content.decode()) == [key]


@pytest.mark.parametrize("end", FILE_FORMATS)
@pytest.mark.parametrize("kind", ENTRIES)
def test_draft_has_a_file_for_its_editors_alone(client, kind, end):
    row = make_public(kind, status="draft")

    by_visitor = file(client, row, end)
    client.force_login(make.make_editor())
    by_editor = file(client, row, end)

    assert (by_visitor.status_code, by_editor.status_code) == (404, 200)
    assert "no-store" in by_editor["Cache-Control"]


@pytest.mark.parametrize("kind", ENTRIES)
def test_withdrawn_entry_says_so_in_place_of_its_file(client, kind):
    row = make_public(kind)
    acts.withdraw(entry=row, reason="Rested on a forged letter.")

    answer = file(client, row)

    assert answer.status_code == 410
    assert "Rested on a forged letter." in answer.content.decode()


def test_front_page_has_no_file(client):
    make.make_page(slug="home")

    assert [client.get(f"/{path}cite.bib").status_code for path in ("", "home/")] == [404, 404]


def test_page_is_dated_by_its_last_change(client):
    meeting = make.make_meeting(title="Talks")
    acts.save(entry=meeting, after=written(meeting, meeting.save))
    Revision.objects.of(meeting).update(made_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    Publication.objects.update(since=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))

    [entry] = parse_string(file(client, meeting).content.decode(), "bibtex").entries.values()
    html = client.get(meeting.get_absolute_url()).content.decode()

    assert entry.fields["date"] == "2026-03-01"
    assert "Last modified March 1, 2026." in strip_tags(html)


def test_page_shows_what_its_file_holds(client):
    meeting = make.make_meeting(title="Talks on <b>R&D</b> {x}")

    page = read("/", client.get(meeting.get_absolute_url()).content.decode())

    [shown] = page.named("pre")
    assert shown.text.strip() == file(client, meeting).content.decode().strip()
    files = [f"{meeting.get_absolute_url()}cite.{end}" for end in FILE_FORMATS]
    assert {link for link in page.values("href") if "/cite." in link} == {*files}
    assert [element.text for element in page.named("summary")][-2:] == ["APA", "BibTeX"]
    assert "#cite" in page.values("href")


def tags(client, row):
    """Return the meta elements of a page that Zotero and Google Scholar read."""
    page = read("/", client.get(row.get_absolute_url()).content.decode())
    return [
        (element.get("name").removeprefix("citation_"), element.get("content"))
        for element in page.named("meta")
        if (element.get("name") or "").startswith("citation_")
    ]


def test_head_of_a_page_names_the_record_as_its_site_and_nobody_as_author(client, settings):
    settings.SITE_NAME, settings.SITE_URL = "A Record", "https://record.example"
    meeting = make.make_meeting(slug="talks", title='Talks "here" & there')
    acts.save(entry=meeting, after=written(meeting, meeting.save))
    Revision.objects.of(meeting).update(made_at=datetime(2026, 3, 1, tzinfo=UTC))
    Publication.objects.update(since=datetime(2026, 3, 1, tzinfo=UTC))

    assert tags(client, meeting) == [
        ("title", 'Talks "here" & there, 16 July 2018'),
        ("publication_date", "2026/03/01"),
        ("online_date", "2026/03/01"),
        ("publisher", "A Record"),
        ("language", "en"),
        ("public_url", "https://record.example/meetings/talks/r1/"),
    ]


@pytest.mark.parametrize(
    ("kind", "publisher"),
    [
        ("article", "journal_title"),
        ("news", "publisher"),
        ("analysis", "technical_report_institution"),
        ("transcript", "publisher"),
    ],
)
def test_head_of_a_source_names_the_work_itself(client, kind, publisher):
    source = make_public(
        "source",
        kind=kind,
        title="Путин и Трамп",
        authors="Ada Roe, Jo Doe",
        language="ru",
        url="https://press.example/1",
    )

    assert tags(client, source) == [
        ("title", "Путин и Трамп"),
        ("author", "Ada Roe"),
        ("author", "Jo Doe"),
        ("publication_date", "2018/07/16"),
        (publisher, "Press agency"),
        ("language", "ru"),
        ("public_url", "https://press.example/1"),
    ]


def test_address_of_a_file_ends_as_written(client):
    path = make.make_meeting().get_absolute_url()

    codes = [client.get(path + end).status_code for end in ("cite.txt", "cite.json", "cite")]

    assert codes == [404, 404, 404]


def keys(client, address, end="bib"):
    answer = client.get(f"{address}.{end}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == FILE_FORMATS[end].content_type
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    return READERS[end](b"".join(answer).decode())


@pytest.mark.parametrize("end", FILE_FORMATS)
def test_page_has_the_sources_that_it_shows_as_a_file(client, end):
    own, other = make.make_source(slug="own"), make.make_source(slug="other")
    hidden = make.make_source(slug="hidden")
    meeting = make.make_meeting(slug="talks", sources=[own])
    make.make_meeting(status="draft", sources=[hidden])
    reaction = {"meeting": meeting, "sources": [other], "summary": "They said so [@other]."}
    make.make_reaction(**reaction)

    html = client.get("/meetings/talks/").content.decode()

    found = keys(client, "/meetings/talks/sources", end)
    assert "sources-own" in found
    assert {f"sources-{slug}" for slug in ("own", "other") if f"/sources/{slug}/" in html} == {
        *found
    }
    assert f'href="/meetings/talks/sources.{end}"' in html


@pytest.mark.parametrize("end", FILE_FORMATS)
def test_list_of_sources_is_a_bibliography_with_its_filters(client, end):
    news = make.make_source(slug="news", kind="news")
    book = make.make_source(slug="book", kind="book")
    make.make_meeting(sources=[news, book])
    make.make_meeting(status="draft", sources=[make.make_source(slug="hidden")])

    assert sorted(keys(client, "/sources", end)) == ["sources-book", "sources-news"]
    answer = client.get(f"/sources.{end}?kind=book")
    assert READERS[end](b"".join(answer).decode()) == ["sources-book"]
    page = client.get("/sources/?kind=book").content.decode()
    assert f'href="/sources.{end}?kind=book"' in page


def test_list_of_entries_has_the_sources_of_those_it_shows(client):
    make.make_meeting(sources=[make.make_source(slug="a")], starts_on="2018-07-16")
    make.make_meeting(sources=[make.make_source(slug="b")], starts_on="2019-07-16")

    answer = client.get("/meetings/sources.csl.json?year=2019")

    assert READERS["csl.json"](b"".join(answer).decode()) == ["sources-b"]


def test_person_has_the_sources_of_the_statements(client):
    actor = make.make_actor(slug="roe")
    make.make_reaction(actors=[actor], sources=[make.make_source(slug="said")])

    assert keys(client, "/people/roe/sources") == ["sources-said"]


@pytest.mark.parametrize("end", FILE_FORMATS)
@pytest.mark.parametrize("path", ["/sources", "/meetings/sources", "/meetings/talks/sources"])
def test_unknown_parameter_of_a_bibliography_is_refused(client, path, end):
    make.make_meeting(slug="talks")

    answer = client.get(f"{path}.{end}?nothing=1")

    assert answer.status_code == 400
    assert "nothing" in answer.content.decode()


def test_draft_has_no_bibliography_and_what_was_withdrawn_says_so(client):
    make.make_meeting(slug="draft", status="draft")
    gone = make.make_meeting(slug="gone")
    acts.withdraw(entry=gone, reason="Rested on a forged letter.")

    codes = [client.get(f"/meetings/{slug}/sources.bib").status_code for slug in ("draft", "gone")]

    assert codes == [404, 410]


def test_page_says_in_its_headers_what_it_is(client, settings):
    settings.SITE_URL, settings.CONTENT_LICENCE = "https://record.example", "CC-BY-4.0"
    meeting = make.make_meeting(slug="talks")
    acts.save(entry=meeting, after=written(meeting, meeting.save))

    said = client.get("/meetings/talks/")["Link"]
    of_list = client.get("/meetings/?kind=summit")["Link"]

    page = "https://record.example/meetings/talks/"
    assert f'<{page}r1/>; rel="cite-as"' in said
    assert f'<{page}cite.bib>; rel="describedby"; type="application/x-bibtex"' in said
    assert '<https://schema.org/Article>; rel="type"' in said
    licence = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    assert licence in said
    assert licence in of_list
    assert '<https://schema.org/CollectionPage>; rel="type"' in of_list
    assert 'rel="alternate"; type="text/csv"' in of_list


def test_draft_says_nothing_in_its_headers(client):
    meeting = make.make_meeting(status="draft")
    client.force_login(make.make_editor())

    assert "Link" not in client.get(meeting.get_absolute_url()).headers
