"""What a source says, claim by claim: each with its assessment, its note and what carries it."""

import json
from xml.etree.ElementTree import Element

import html5lib
import pytest

from meetings.editing.revisions import record_loaded
from meetings.editing.usage import users_of
from meetings.models import Claim, Source
from tests import factories as make
from tests.admin.helpers import add_row, open_form, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def essay():
    source = make.make_source(slug="essay", title="The essay", kind="article")
    make.make_meeting(slug="geneva", title="Geneva", sources=[source])
    return source


def get_html(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def claims_of(html):
    """Return the rows of the tables of claims by anchor: their cells, and the links of the last."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    tables = [table for table in tree.iter("table") if table.get("class") == "claims"]
    rows = [row for table in tables for row in table.iterfind("tbody/tr")]
    return {
        row.get("id"): ([text_of(cell) for cell in row], [a.get("href") for a in row[-1].iter("a")])
        for row in rows
    }


def test_claim_stands_with_its_assessment_note_and_carriers(client, essay):
    meeting = make.make_meeting(slug="talks", title="Talks")
    reaction = make.make_reaction(slug="r", attribution="A senator", meeting=meeting)
    theme = make.make_theme(slug="t", title="A question")
    make.make_claim(
        source=essay,
        order=120,
        section="The talks",
        text="They met alone.",
        assessment="imprecise",
        note="Interpreters were there [@essay].",
        meetings=[meeting],
        issues=[make.make_issue(slug="arms", title="Arms")],
        reactions=[reaction],
        themes=[theme],
        milestones=[make.make_milestone(slug="m", title="A law")],
    )

    html = get_html(client, essay.get_absolute_url())

    assert claims_of(html) == {
        "claim-120": (
            [
                "120. They met alone.",
                "≈ Imprecise",
                "Interpreters were there[1].",
                "Talks, 16 July 2018; Arms; A senator on Talks, 17 July 2018; A question;"
                " A law, 13 July 2018",
            ],
            ["/meetings/talks/", "/issues/arms/", "/reactions/r/", "/themes/t/", "/milestones/m/"],
        )
    }
    assert "<h3>The talks</h3>" in html
    assert '<li id="note-1"' in html


def test_sections_stand_in_order_and_assessments_are_counted(client, essay):
    for order, (section, assessment) in enumerate(
        [("First", "accurate"), ("First", "opinion"), ("Second", "accurate"), ("Second", "")]
    ):
        make.make_claim(source=essay, order=order, section=section, assessment=assessment)

    page = client.get(essay.get_absolute_url())
    html = page.content.decode()

    assert html.index("<h3>First</h3>") < html.index("<h3>Second</h3>")
    assert html.count('<table class="claims">') == 2
    assert page.context["assessments"] == [
        ("accurate", "Accurate", 2),
        ("imprecise", "Imprecise", 0),
        ("incomplete", "Incomplete", 0),
        ("incorrect", "Incorrect", 0),
        ("opinion", "Opinion", 1),
    ]
    assert "Not assessed" in claims_of(html)["claim-3"][0]


def test_each_assessment_has_a_sign_that_is_not_read_aloud(client, essay):
    for order, assessment in enumerate(Claim.Assessment):
        make.make_claim(source=essay, order=order, assessment=assessment)

    tree = html5lib.parse(get_html(client, essay.get_absolute_url()), namespaceHTMLElements=False)

    signs = [e for table in tree.iter("tbody") for e in table.iter("span") if e.get("aria-hidden")]
    shown = [sign.text for sign in signs if sign.get("class") == "stance-sign"]
    assert shown == ["=", "≈", "…", "≠", "“"]


def test_carrier_that_is_not_public_is_left_out(client, essay):
    hidden = make.make_meeting(slug="secret", title="Secret", status="draft")
    issue = make.make_issue(title="Secret", status="draft")
    make.make_claim(
        source=essay,
        order=10,
        meetings=[hidden],
        issues=[issue],
        reactions=[make.make_reaction(attribution="Secret", meeting=hidden)],
        themes=[make.make_theme(title="Secret", status="withdrawn")],
        milestones=[make.make_milestone(title="Secret", status="review")],
    )

    html = get_html(client, essay.get_absolute_url())
    data = json.loads(client.get("/sources/essay.json").getvalue())

    assert "Secret" not in html
    assert claims_of(html)["claim-10"] == (
        ["10. They met.", "= Accurate", "–", "Nowhere in what is public"],
        [],
    )
    (claim,) = data["claims"]
    names = ("meetings", "issues", "reactions", "themes", "milestones")
    assert {name: claim[name] for name in names} == {name: [] for name in names}


def test_editor_sees_the_carriers_that_are_drafts(client, essay):
    draft = make.make_meeting(slug="next", title="Next", status="draft")
    make.make_claim(source=essay, order=10, meetings=[draft])
    client.force_login(make.make_editor())

    html = get_html(client, essay.get_absolute_url())

    assert claims_of(html)["claim-10"][1] == ["/meetings/next/"]


def test_data_of_a_source_hold_its_claims(client, essay):
    issue = make.make_issue(slug="arms")
    make.make_claim(source=essay, order=10, section="One", text="They met.", issues=[issue])

    data = json.loads(client.get("/sources/essay.json").getvalue())

    assert data["claims"] == [
        {
            "source": "essay",
            "order": 10,
            "section": "One",
            "text": "They met.",
            "assessment": "accurate",
            "note": None,
            "meetings": [],
            "issues": ["arms"],
            "reactions": [],
            "themes": [],
            "milestones": [],
        }
    ]


def test_source_without_claims_has_no_word_of_them(client, essay):
    assert "claim" not in get_html(client, essay.get_absolute_url())


LINK = (
    '<p><a href="/sources/essay/#claims">What the article “The essay” says, claim by claim</a></p>'
)


def test_home_and_the_pages_that_list_the_source_lead_to_its_claims(client, essay):
    make.make_page(slug="method", sources=[essay])
    make.make_page(slug="about")
    make.make_page(slug="home")
    make.make_source(slug="unused")
    make.make_claim(source=make.make_source(slug="hidden", title="Hidden essay"))

    assert LINK not in get_html(client, "/") + get_html(client, "/method/")
    make.make_claim(source=essay)

    assert LINK in get_html(client, "/")
    assert LINK in get_html(client, "/method/")
    assert LINK not in get_html(client, "/about/")
    assert "Hidden essay" not in get_html(client, "/")


def test_source_that_only_a_claim_cites_is_public_and_kept(client, essay):
    """Otherwise the note of the claim would lead nowhere."""
    memo, letter = (
        make.make_source(slug="memo", note="See [@letter]."),
        make.make_source(slug="letter"),
    )
    make.make_source(slug="other")
    make.make_claim(source=essay, order=10, note="Not so [@memo].")
    make.make_claim(source=make.make_source(slug="hidden"), note="Not so [@other].")

    public = set(Source.objects.published())

    assert public == {essay, memo, letter}
    assert set(Source.objects.in_use()) >= {memo, letter}
    assert set(users_of(Source, [memo.pk, letter.pk])) == {memo.pk, letter.pk}
    assert list(memo.sources_citing_it()) == [essay]
    assert "The essay" in get_html(client, memo.get_absolute_url())


def test_source_is_marked_as_public_once_a_claim_of_a_public_source_cites_it(client, essay):
    memo = make.make_source(slug="memo")
    make.make_claim(source=essay, order=10, note="")
    record_loaded()
    client.force_login(make.make_editor())
    data = open_form(client, essay) | {"claims-0-note": "Not so [@memo].", "change_note": "Why."}

    assert send(client, essay, data).status_code == 302

    memo.refresh_from_db()
    assert memo.first_public_at is not None


def test_claim_is_written_in_the_form_of_its_source(client, essay):
    meeting = make.make_meeting(slug="talks")
    record_loaded()
    client.force_login(make.make_editor())
    data = open_form(client, essay)
    cells = {"order": "10", "section": "One", "text": "They met.", "assessment": "opinion"}
    add_row(data, "claims", note="See [@essay].", meetings=[str(meeting.pk)], **cells)

    response = send(client, essay, data | {"change_note": "Its claims."})

    assert response.status_code == 302
    claim = Claim.objects.get()
    assert {name: str(getattr(claim, name)) for name in cells} == cells
    assert list(claim.meetings.all()) == [meeting]
    assert "claims-0-note" in open_form(client, essay)


def test_marker_of_a_claim_that_names_no_source_is_refused_in_the_form(client, essay):
    record_loaded()
    client.force_login(make.make_editor())
    data = open_form(client, essay)
    add_row(data, "claims", order="10", text="They met.", assessment="accurate", note="[@nobody]")

    response = send(client, essay, data | {"change_note": "Its claims."})

    assert response.status_code == 200
    assert "nobody" in response.content.decode()
    assert not Claim.objects.exists()
