"""The article the record was started from, claim by claim, and the pages about the record."""

import json
import re
from pathlib import Path

import pytest
from django.urls import resolve, reverse

from meetings import markers
from meetings.models import Discussion, Issue, Meeting, Page, Reaction, Source, Theme

from .content import record as record

DATA = Path(__file__).parent / "data"
COUNTS = json.loads((DATA / "counts.json").read_text(encoding="utf-8"))
CLAIMS = json.loads((DATA / "claim_map.json").read_text(encoding="utf-8"))
CORRECTIONS = json.loads((DATA / "corrections.json").read_text(encoding="utf-8"))
ARTICLE = "article-lennon"
# The one carrier that is not public: its facts wait for an editor's check.
DRAFT = "meeting:miami-2026"
KINDS = {"meeting": Meeting, "issue": Issue, "reaction": Reaction, "theme": Theme}
LINK = re.compile(r"\]\((/[^)]*)\)")

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


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["id"])
def test_claim_is_carried_by_published_records_with_a_source(claim):
    found = {reference: carriers(reference) for reference in claim["carried_by"]}

    assert [name for name, rows in found.items() if not rows.exists()] == []
    assert [name for name, rows in found.items() if not rows.published().exists()] == [
        name for name in found if name == DRAFT
    ]
    rows = [rows.get() for rows in found.values()]
    entries = [row.meeting if isinstance(row, Discussion) else row for row in rows]
    assert all(entry.sources.exists() for entry in entries)
    assert all(markers.cited(row.summary) for row in rows if isinstance(row, Discussion))
    assert Source.objects.filter(slug__in=claim["sources"]).count() == len(claim["sources"])


def test_article_is_listed_and_cited_by_the_method():
    assert len(CLAIMS) == COUNTS["claims"]
    assert len(corrections()) == len(CORRECTIONS) == COUNTS["corrections"]
    assert Source.objects.published().filter(slug=ARTICLE).exists()
    assert Page.objects.get(slug="method").sources.filter(slug=ARTICLE).exists()


@pytest.mark.parametrize("number", range(len(CORRECTIONS)))
def test_article_note_says_where_the_record_differs(number):
    wanted, item = CORRECTIONS[number], corrections()[number]

    assert item.startswith(f"- **{wanted['severity'].capitalize()}.**")
    assert set(markers.cited(item)) == set(wanted["sources"])
    rows = [carriers(reference).get() for reference in wanted["refs"]]
    assert LINK.findall(item) == [row.get_absolute_url() for row in rows]


def test_links_in_texts_lead_to_what_is_public():
    texts = [Source.objects.get(slug=ARTICLE).note, *Page.objects.values_list("body", flat=True)]

    for path in {path for text in texts for path in LINK.findall(text)}:
        path, _, anchor = path.partition("#")
        match = resolve(path)
        if "slug" not in match.kwargs:
            continue
        slug = match.kwargs["slug"]
        model = Page if match.url_name == "page" else KINDS.get(match.url_name)
        rows = model.objects if model else match.func.view_class.model.objects
        assert rows.published().filter(slug=slug).exists(), path
        if anchor:
            rows = Discussion.objects.filter(meeting__slug=slug)
            assert rows.filter(issue__slug=anchor.removeprefix("discussed-")).exists(), anchor


def test_pages_say_what_readers_must_know():
    method = Page.objects.get(slug="method").body

    assert set(Page.objects.values_list("slug", flat=True)) == {
        *("home", "about", "method", "accessibility")
    }
    assert "29 April 2026" in method
    assert "6 September 2026" in method
    assert "not in the published account as far as it was consulted" in method
    assert "## How stance is coded" in method
    assert reverse("page", args=["method"]) in Page.objects.get(slug="home").body
