"""Headings that editors write inside a text fit into the page's own, whatever their words."""

import re
from pathlib import Path

import pytest

from . import factories as make
from .addresses import details
from .reading import read, refused

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TEMPLATES = Path(__file__).parent.parent / "templates"
TEXT = "#### Deep\n\nWords [@s].\n\n# High\n\nWords [@s].\n\n###### Deepest\n\nWords [@s]."


def anchors():
    """Return the ids that the pages give their own parts, those with a number as of the first."""
    pages = [p for p in TEMPLATES.rglob("*.html") if "admin" not in p.parts]
    found = {id for page in pages for id in re.findall(r' id="([^"]+)"', page.read_text())}
    return [*sorted(re.sub(r"{{.*?}}", "1", id) for id in found), "ref-1-a"]


def fill(text):
    """Make a page of each kind, with the text wherever one can be written."""
    source = make.make_source(slug="s", note=text)
    sources = [source]
    meeting = make.make_meeting(
        sources=sources,
        body=text,
        duration_note=text,
        participants_note=text,
        accounts_differ=text,
    )
    issue = make.make_issue(sources=sources, body=text)
    for told in (issue, make.make_issue(sources=sources, body=text)):
        make.make_discussion(meeting=meeting, issue=told, summary=text, outcome=text)
    make.make_account(meeting=meeting, issue=issue, text=text)
    make.make_readout(meeting=meeting, text=text)
    make.make_outcome(meeting=meeting, text=text)
    make.make_position(issue=issue, text=text)
    joined = {"meetings": [meeting], "issues": [issue], "sources": sources}
    reaction = make.make_reaction(meeting=meeting, issues=[issue], sources=sources, summary=text)
    make.make_theme(body=text, views_for=text, views_against=text, reactions=[reaction], **joined)
    make.make_milestone(summary=text, **joined)
    make.make_page(slug="method", body=text, sources=sources)
    make.make_page(slug="home", body=text, sources=sources)


def pages(client):
    return [read(address, client.get(address).content.decode()) for address in details()]


def test_headings_in_texts_skip_no_level(client):
    fill(TEXT)

    found = pages(client)

    assert len(found) > 8
    assert refused(found, lambda page: page.skipped_levels) == {}
    assert refused(found, lambda page: page.levels.count(1) != 1) == {}


def test_headings_in_texts_take_no_anchor_of_the_page(client):
    fill("\n\n".join(f"## {anchor}\n\nWords [@s]." for anchor in anchors()))

    found = pages(client)

    assert refused(found, lambda page: page.repeated_ids) == {}
    assert refused(found, lambda page: page.errors) == {}


def test_heading_in_a_page_can_be_linked_to(client):
    make.make_page(slug="method", body="## How stance is coded\n\nWords.")

    page = read("/method/", client.get("/method/").content.decode())

    assert "how-stance-is-coded" in page.values("id")
