"""The article the record was started from, claim by claim, and the pages about the record."""

import json
import re
from pathlib import Path

import html5lib
import pytest
from django.urls import resolve

from meetings.models import Claim, Discussion, Issue, Meeting, Page, Reaction, Source, Theme
from meetings.text import markdown
from tests.content import record as record

HERE = Path(__file__).parent
MAP = "tests/fixture_content/claim_map.json"
CLAIMS = json.loads((HERE / "claim_map.json").read_text(encoding="utf-8"))
CORRECTIONS = json.loads((HERE / "corrections.json").read_text(encoding="utf-8"))
ARTICLE = "article-lennon"
# What may wait for an editor's check.
WAITING = {"meeting:miami-2026"}
LINK = re.compile(r"\]\((/[^)]*)\)")
KINDS = {"meeting": Meeting, "issue": Issue, "reaction": Reaction, "theme": Theme}

pytestmark = pytest.mark.django_db


def carriers(reference):
    """Return the rows that ``meeting:helsinki-2018`` or ``discussion:one--two`` names."""
    kind, slug = reference.split(":")
    if kind == "discussion":
        meeting, issue = slug.split("--")
        return Discussion.objects.filter(meeting__slug=meeting, issue__slug=issue)
    return KINDS[kind].objects.filter(slug=slug)


def corrections():
    """Return the items of the article's note, one for each point on which the record differs."""
    note = Source.objects.get(slug=ARTICLE).note
    return [line for line in note.splitlines() if line.startswith("- ")]


def test_claims_are_carried_by_what_is_public():
    lacking = {
        f"{claim['id']}, “{claim['claim']}”": missing
        for claim in CLAIMS
        if (missing := [name for name in claim["carried_by"] if not is_carried(name)])
    }

    assert lacking == {}, (
        "These claims of the article are carried by entries that are not public. Publish those"
        f" again; or, where one was renamed or another says it now, name that one in {MAP}."
    )


def is_carried(reference):
    return reference in WAITING or carriers(reference).published().exists()


def test_sources_of_claims_are_there():
    named = {slug for claim in CLAIMS for slug in claim["sources"]}
    known = Source.objects.filter(slug__in=named).values_list("slug", flat=True)

    assert named - set(known) == set(), f"Bring these sources back, or name others in {MAP}."


@pytest.mark.parametrize("number", range(len(CORRECTIONS)))
def test_article_note_says_where_the_record_differs(number):
    wanted = CORRECTIONS[number]
    items = corrections()
    assert len(items) == len(CORRECTIONS), (
        f"The note of {ARTICLE} has as many items as tests/fixture_content/corrections.json;"
        " add or take out an item in both."
    )

    item = items[number]
    links = [carriers(reference).get().get_absolute_url() for reference in wanted["refs"]]
    what = f"Item {number + 1} of the note of {ARTICLE} and corrections.json say the same: "

    assert item.startswith(f"- **{wanted['severity'].capitalize()}.**"), f"{what}how grave it is."
    assert set(markdown.cited_slugs(item)) == set(wanted["sources"]), f"{what}the sources."
    assert LINK.findall(item) == links, f"{what}the entries, in this order."


def test_article_is_listed_and_cited_by_the_method():
    assert Source.objects.published().filter(slug=ARTICLE).exists()
    assert Page.objects.get(slug="method").sources.filter(slug=ARTICLE).exists(), (
        f"The page “method” says what the record was started from: cite [@{ARTICLE}] in it."
    )


def test_links_in_texts_lead_to_what_is_public():
    texts = [Source.objects.get(slug=ARTICLE).note, *Page.objects.values_list("body", flat=True)]

    for path in {path for text in texts for path in LINK.findall(text)}:
        match = resolve(path.partition("#")[0])
        if slug := match.kwargs.get("slug"):
            rows = match.func.view_class.model.objects.published()
            assert rows.filter(slug=slug).exists(), f"Link {path} to a page that is public."


def test_pages_say_what_readers_must_know():
    pages = dict(Page.objects.published().values_list("slug", "body"))

    assert {"home", "about", "method", "accessibility"} <= set(pages), "The site leads to these."
    method = pages["method"]
    for words in (
        "not in the published account as far as it was consulted",
        # The reactions' rule links to this heading.
        "## How stance is coded",
    ):
        assert words in method, f"The page “method” lacks “{words}”."
    assert "/method/" in pages["home"], "The home page's words link to the method."


def followed(client):
    """Return the claims on the article's page: each row with its assessment and its links."""
    html = client.get(Source.objects.get(slug=ARTICLE).get_absolute_url()).content.decode()
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    rows = [row for row in tree.iter("tr") if (row.get("id") or "").startswith("claim-")]
    return {
        row.get("id"): (
            "".join(row[1].itertext()).split()[-1],
            {link.get("href"): "".join(link.itertext()) for link in row[3].iter("a")},
        )
        for row in rows
    }


def test_every_claim_of_the_article_has_an_assessment_and_something_public_that_carries_it(client):
    shown = followed(client)
    kept = {claim.anchor: claim for claim in Claim.objects.filter(source__slug=ARTICLE)}

    assert list(shown) == list(kept)
    assert [name for name, claim in kept.items() if not claim.assessment] == [], "Assess these."
    for anchor, (assessment, links) in shown.items():
        assert assessment == kept[anchor].get_assessment_display()
        assert links, f"Name an entry that is public, and that carries {anchor}."


def test_links_of_claims_lead_to_the_pages_of_what_carries_them(client):
    pages = {path: name for _, links in followed(client).values() for path, name in links.items()}

    for path, name in pages.items():
        answer = client.get(path)
        assert answer.status_code == 200, f"Link {path} to a page that is public."
        assert answer.context["entry"].page_title == name
        assert answer.context["entry"].is_public


def test_claims_that_are_not_plainly_accurate_say_why():
    claims = Claim.objects.filter(source__slug=ARTICLE, note="").exclude(assessment="accurate")

    assert [claim.anchor for claim in claims] == [], "Say in their notes why."
