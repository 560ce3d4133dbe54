"""Words that a reaction quotes, and the documents behind what is said: wherever that stands."""

import pytest

from tests import factories as make
from tests.reading import read

pytestmark = pytest.mark.django_db

ARCHIVED = "https://archive.example/speech"
WORDS = "Шла Саша по шоссе"
PAGES = ("/reactions/", "/meetings/talks/", "/people/ada/", "/issues/trade/", "/reactions/second/")


def quoted(address="https://news.example/speech"):
    """Make a reaction in the words of a source of its own, and another to the same meeting."""
    speech = make.make_source(
        slug="speech", publisher="Gazette", url=address, archived_url=ARCHIVED, language="ru"
    )
    said = make.make_source(slug="said", publisher="Daily", url="https://daily.example/said")
    joined = {
        "meeting": make.make_meeting(slug="talks"),
        "issues": [make.make_issue(slug="trade")],
        "actors": [make.make_actor(slug="ada")],
        "sources": [said],
    }
    make.make_reaction(
        slug="first",
        summary="Welcomed it [@said].",
        quotation=WORDS,
        quotation_language="ru",
        quotation_source=speech,
        **joined,
    )
    make.make_reaction(slug="second", summary="Regretted it [@said].", **joined)
    return said


@pytest.mark.parametrize("address", PAGES)
def test_quotation_stands_with_its_reaction_in_its_language_and_with_its_own_source(
    client, address
):
    quoted()

    html = client.get(address).content.decode()
    page = read(address, html)

    assert f'<p lang="ru">«{WORDS}»</p>' in html
    assert [e.get("cite") for e in page.named("blockquote")] == ["https://news.example/speech"]
    caption = html.partition("</blockquote>")[2].partition("</figcaption>")[0]
    assert 'Quoted from <a href="https://news.example/speech">Gazette, <time' in caption
    assert f'(<a href="{ARCHIVED}">archived copy</a>)' in caption


def test_quotation_of_a_reaction_that_stands_on_paper_alone_is_there(client):
    quoted()
    first = make.Reaction.objects.get(slug="first")
    for number in range(3):
        make.make_reaction(meeting=first.meeting, reacted_on=f"2018-07-1{number}")

    html = client.get("/meetings/talks/").content.decode()

    paper = html.partition('<ul class="on-paper">')[2].partition("</ul>")[0]
    assert f'<span lang="ru">«{WORDS}»</span>, quoted from Gazette.' in paper


@pytest.mark.parametrize("address", ["/reactions/", "/meetings/talks/", "/issues/trade/"])
def test_source_of_a_statement_leads_straight_to_its_document(client, address):
    source = quoted()

    page = read(address, client.get(address).content.decode())
    assert "https://daily.example/said" in page.values("href")

    source.url = ""
    source.save()
    page = read(address, client.get(address).content.decode())
    links = [e for e in page.named("a") if "".join(e.itertext()).startswith("Daily,")]
    assert links
    assert {link.get("href") for link in links} == {"/sources/said/"}


def test_line_under_an_account_and_note_lead_to_document_and_archived_copy(client):
    make.make_source(
        slug="cable", publisher="Gazette", url="https://news.example/c", archived_url=ARCHIVED
    )
    meeting = make.make_meeting(slug="talks")
    discussion = make.make_discussion(meeting=meeting)
    make.make_account(meeting=meeting, issue=discussion.issue, text="Stated [@cable].")

    html = client.get("/meetings/talks/").content.decode()
    line = html.partition('<p class="source-line">')[2].partition("</p>")[0]
    note = html.partition('<li id="note-1"')[2].partition("</li>")[0]

    assert '<a href="https://news.example/c">Gazette, <time' in line
    assert f'<a href="{ARCHIVED}">archived copy</a>' in line
    assert '<a class="document" href="https://news.example/c">Original</a>' in note
    assert f'<a href="{ARCHIVED}">Archived copy</a>' in note
