"""A source's page lists every statement that rests on it, and nothing hidden."""

import re

import pytest

from tests import factories as make
from tests.reading import read

pytestmark = pytest.mark.django_db


def get_html(client, source, query=""):
    answer = client.get(f"{source.get_absolute_url()}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def statements(html):
    """Return the label, address and words of each statement on a source's page."""
    lists = "".join(re.findall(r'<ul class="statements">.*?</ul>', html, re.DOTALL))
    found = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>(.*?)</li>', lists, re.DOTALL)
    return [(label, address, re.sub(r"<[^>]+>", "", words)) for address, label, words in found]


@pytest.fixture
def source():
    return make.make_source(slug="cable", title="The cable")


def test_every_text_of_a_meeting_is_named_and_linked_where_it_stands(client, source):
    meeting = make.make_meeting(
        slug="geneva",
        sources=[source],
        body="They met [@cable].",
        accounts_differ="On one point [@cable].",
        duration_note="An hour [@cable].",
        participants_note="Few [@cable].",
    )
    issue = make.make_issue(slug="arms", title="Arms")
    make.make_discussion(meeting=meeting, issue=issue, summary="Raised [@cable].", outcome="")
    make.make_account(meeting=meeting, issue=issue, government="FI", text="Stated [@cable, p. 2].")
    make.make_readout(meeting=meeting, government="CH", text="Published. Twice [@cable].")
    make.make_outcome(meeting=meeting, order=20, text="Agreed [@cable].")

    found = statements(get_html(client, source))

    address = "/meetings/geneva/"
    assert found == [
        ("Length", f"{address}#facts-head", ": An hour."),
        ("Summary", f"{address}#summary", ": They met."),
        ("Readout of Switzerland", f"{address}#readouts", ": Twice."),
        ("Where the accounts differ", f"{address}#readouts", ": On one point."),
        ("Arms, account of Finland", f"{address}#arms-fi", " (p. 2): Stated."),
        ("Arms, in short", f"{address}#discussed-arms", ": Raised."),
        ("Outcome", f"{address}#outcome-20", ": Agreed."),
        ("Participants", f"{address}#participants", ": Few."),
    ]
    ids = read(address, client.get(address).content.decode()).values("id")
    assert {target.partition("#")[2] for _, target, _ in found} <= set(ids)


def test_accounts_of_an_issue_stand_with_its_discussion(client, source):
    meeting = make.make_meeting(slug="geneva", sources=[source])
    for title in ("Arms", "Trade"):
        issue = make.make_issue(slug=title.lower(), title=title)
        make.make_discussion(meeting=meeting, issue=issue, summary="Raised [@cable].")
        make.make_account(meeting=meeting, issue=issue, government="FI", text="Stated [@cable].")

    labels = [label for label, _, _ in statements(get_html(client, source))]

    places = ("account of Finland", "in short")
    assert labels == [f"{title}, {place}" for title in ("Arms", "Trade") for place in places]


def test_every_other_kind_of_entry_is_named(client, source):
    sources = [source]
    issue = make.make_issue(slug="i", sources=sources, body="Long [@cable].")
    make.make_position(issue=issue, government="SE", text="Holds [@cable].")
    make.make_reaction(
        slug="r",
        sources=sources,
        summary="Welcomed it [@cable].",
        quotation="A good day.",
        quotation_language="en",
        quotation_source=source,
    )
    make.make_theme(slug="t", sources=sources, views_for="Yes [@cable].", views_against="No.")
    make.make_milestone(slug="m", sources=sources, summary="Signed [@cable].")
    make.make_page(slug="p", sources=sources, body="Begun with it [@cable].")

    shown = statements(get_html(client, source))
    found = {address: (label, words) for label, address, words in shown}

    assert found == {
        "/issues/i/": ("Text", ": Long."),
        "/issues/i/#positions": ("Position of Sweden", ": Holds."),
        "/reactions/r/": ("Summary", ": Welcomed it."),
        "/reactions/r/#quotation": ("Quotation", ": “A good day.”"),
        "/themes/t/#views": ("Views for", ": Yes."),
        "/milestones/m/": ("Summary", ": Signed."),
        "/p/": ("Text", ": Begun with it."),
    }


def test_entry_that_lists_it_without_citing_it_says_so(client, source):
    make.make_meeting(title="Quiet", sources=[source], body="Said [@cables].")

    html = get_html(client, source)

    assert "Quiet" in html
    assert "no statement of the text cites it" in html
    assert statements(html) == []


def test_statements_on_a_hidden_issue_are_not_told(client, source):
    meeting = make.make_meeting(sources=[source])
    hidden = make.make_issue(title="Hidden", status="draft")
    make.make_discussion(meeting=meeting, issue=hidden, summary="Secret [@cable].")
    make.make_account(meeting=meeting, issue=hidden, text="Secret [@cable].")
    make.make_reaction(
        attribution="Hidden", issues=[hidden], sources=[source], summary="Secret [@cable]."
    )

    html = get_html(client, source)

    assert "Secret" not in html
    assert "Hidden" not in html


def test_sources_whose_notes_cite_it_are_listed(client, source):
    other = make.make_source(title="The letter", note="Answers it [@cable].")
    make.make_source(title="Unused", note="Answers it too [@cable].")
    make.make_meeting(sources=[source, other])

    html = get_html(client, source)

    assert "Sources whose notes cite it" in html
    assert "The letter" in html
    assert "Unused" not in html


def test_entries_and_notes_are_paged_from_fifty(client, source):
    meeting = make.make_meeting(sources=[source])
    for number in range(51):
        make.make_reaction(
            slug=f"r-{number:02}", meeting=meeting, sources=[source], summary="Said [@cable]."
        )
        other = make.make_source(title=f"Letter {number}", note="Answers [@cable].")
        meeting.sources.add(other)

    first, second = get_html(client, source), get_html(client, source, "?uses=2&notes=2")

    assert first.count(": Said.") + second.count(": Said.") == 51
    assert first.count(": Said.") == 49  # The meeting is the fiftieth entry.
    assert first.count("Letter") == 50
    assert second.count("Letter") == 1
    assert ", uses page 2, notes page 2 –" in second
