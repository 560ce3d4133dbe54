"""A meeting's page: silent accounts, the way through a long page, reactions that stand on paper."""

import re

import pytest

from meetings.models.reaction_groups import GROUP_REACTIONS, PRINTED_REACTIONS
from tests import factories as make
from tests.reading import read

pytestmark = pytest.mark.django_db

CONSULTED = "Not mentioned in the published French account, as far as it was consulted."


def silent(finding="not_mentioned", kinds=("official_statement", "news")):
    """Make an issue that the French account passes over; return the pages that say so."""
    slugs = [f"readout-{kind.partition('_')[0]}" for kind in kinds]
    sources = [
        make.make_source(slug=slug, kind=kind, publisher=f"Publisher of {kind}")
        for slug, kind in zip(slugs, kinds, strict=True)
    ]
    meeting = make.make_meeting(slug="talks", sources=sources)
    issue = make.make_issue(slug="trade")
    make.make_readout(meeting=meeting, government="FR", text=f"Said [@{'; @'.join(slugs)}].")
    make.make_discussion(meeting=meeting, issue=issue)
    make.make_account(meeting=meeting, issue=issue, government="FR", finding=finding)
    return "/meetings/talks/", "/issues/trade/"


def get_text(client, address):
    text = client.get(address).content.decode()
    return " ".join(text.replace("<", " <").split())


@pytest.mark.parametrize("number", [0, 1])
def test_silent_account_is_said_in_words_with_what_was_published(client, number):
    text = get_text(client, silent()[number])

    assert CONSULTED in text
    line = text.partition("Published account:")[2].partition("</p>")[0]
    assert '<a href="/sources/readout-official/">Publisher of official_statement, <time' in line
    assert "Publisher of news" not in line


def test_account_that_is_known_from_the_press_alone_is_not_called_published(client):
    text = get_text(client, silent(kinds=("news",))[0])

    line = text.partition("Account known from:")[2].partition("</p>")[0]
    assert "Publisher of news" in line
    assert "Published account:" not in text


def test_no_account_is_said_in_words_and_names_no_publication(client):
    text = get_text(client, silent(finding="no_account")[0])

    assert "No account published." in text
    assert "Published account:" not in text


def test_source_that_a_page_only_names_stays_in_its_list(client):
    _, address = silent()
    source = make.Source.objects.get(slug="readout-official")
    make.Issue.objects.get(slug="trade").sources.add(source)

    context = client.get(address).context

    assert source in context["further_sources"]
    assert source.slug in context["notes"].sources


def test_paper_lists_the_reactions_beyond_those_shown_and_counts_the_rest(client):
    meeting = make.make_meeting(slug="talks")
    make.make_participation(meeting=meeting, government="US")
    for number in range(GROUP_REACTIONS + PRINTED_REACTIONS + 2):
        make.make_reaction(
            slug=f"r-{number:03}",
            attribution=f"Speaker no. {number:03}",
            meeting=meeting,
            sources=[],
            summary="Said *so*.",
        )
    make.make_reaction(meeting=meeting, attribution="Unseen", status="draft")

    text = get_text(client, "/meetings/talks/")
    listed = text.partition('<ul class="on-paper">')[2].partition("</ul>")[0]

    assert listed.count("<li>") == PRINTED_REACTIONS + 1
    assert "Speaker no. 002" not in listed
    assert "Speaker no. 003 (Senator, United States" in listed
    assert "critical, 17 July 2018: Said so." in listed
    assert "2 more are in the list of reactions" in listed
    assert "Unseen" not in text


@pytest.mark.parametrize("delegations", [[], ["FI"]])
def test_who_came_without_a_delegation_is_among_the_participants(client, delegations):
    meeting = make.make_meeting(slug="talks")
    for government in ("", *delegations):
        actor = make.make_actor(name=f"Ada of {government or 'nowhere'}", country="FI")
        make.make_participation(meeting=meeting, actor=actor, government=government, order=1)
    make.make_discussion(meeting=meeting, issue=make.make_issue(slug="trade"))

    text = get_text(client, "/meetings/talks/")

    assert ">Ada of nowhere </a>" in text
    assert ("Other participants" in text) is bool(delegations)
    people = client.get("/meetings/talks.json").json()["participations"]
    assert [person["government"] for person in people] == [None, *delegations]
    assert client.get("/issues/by-meeting/").status_code == 200


def test_notes_begin_in_the_text_and_those_of_the_facts_come_after(client):
    for slug in ("fact", "text"):
        make.make_source(slug=slug)
    make.make_meeting(slug="talks", duration_note="An hour [@fact].", body="They met [@text].")

    html = client.get("/meetings/talks/").content.decode()

    assert "They met<sup" in html
    assert html.index("An hour") < html.index("They met")
    assert re.findall(r'href="(#note-\d)" aria-label', html) == ["#note-2", "#note-1"]
    assert re.findall(r'<li id="(note-\d)"', html) == ["note-1", "note-2"]


def test_contents_list_every_section_and_issue_beside_the_text_and_folded(client):
    meeting = make.make_meeting(slug="talks", body="They met.")
    make.make_theme(meetings=[meeting])
    for slug in ("arms", "trade"):
        make.make_discussion(meeting=meeting, issue=make.make_issue(slug=slug))
    make.make_discussion(meeting=meeting, issue=make.make_issue(slug="hidden", status="draft"))

    page = read("/", client.get("/meetings/talks/").content.decode())
    navs = [nav for nav in page.named("nav") if nav.get("aria-label") == "On this page"]
    links = [[link.get("href") for link in nav.iter() if link.get("href")] for nav in navs]

    beside, folded = links
    assert (
        beside
        == folded
        == [
            *("#glance", "#discussed", "#discussed-arms", "#discussed-trade"),
            *("#participants", "#reactions", "#context", "#sources", "#cite"),
        ]
    )
    assert [nav.get("id") for nav in navs] == [None, "contents"]
    assert page.values("href").count("#contents") == 6


@pytest.mark.parametrize("address", ["/meetings/talks/", "/issues/trade/"])
def test_every_account_has_an_address_of_its_own(client, address):
    silent()

    page = read(address, client.get(address).content.decode())
    links = [link for link in page.values("href") if link.endswith("#trade-fr")]

    at_meeting = address == "/meetings/talks/"
    assert links == ["#trade-fr" if at_meeting else "/meetings/talks/#trade-fr"]
    assert ("trade-fr" in page.values("id")) is at_meeting
