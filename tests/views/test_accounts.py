"""The accounts compared: the list, its filters, the sentence above it, and its data."""

import csv
import json
from io import StringIO

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


def compared(issue, findings, *, meeting=None, **values):
    """Make a discussion of an issue with an account of each finding by government."""
    meeting = meeting or make.make_meeting(starts_on="2018-07-16")
    discussion = make.make_discussion(issue=issue, meeting=meeting, **values)
    for government, finding in findings.items():
        make.make_account(
            meeting=meeting,
            issue=issue,
            government=government,
            finding=finding,
            text="" if finding == "no_account" else f"{government} said so [@report].",
        )
    return discussion


@pytest.fixture(autouse=True)
def report():
    return make.make_source(slug="report", title="Report", read="excerpt")


@pytest.fixture
def sanctions():
    return make.make_issue(slug="sanctions", title="Sanctions")


def rows(client, query=""):
    """Return the lines of the CSV at a query."""
    return lines_of(client.get(f"/accounts.csv?{query}"))


def lines_of(response):
    return list(csv.DictReader(StringIO(response.getvalue().decode("utf-8-sig"))))


def text(client, query=""):
    return client.get(f"/accounts/?{query}").content.decode()


def test_list_shows_both_accounts_with_the_exact_words_and_our_translation(client, sanctions):
    discussion = compared(sanctions, {"US": "stated"})
    transcript = make.make_source(title="Transcript", kind="transcript", read="whole")
    make.make_account(
        meeting=discussion.meeting,
        issue=sanctions,
        text="Spoke of it [@report].",
        quotation="Мы говорили",
        quotation_language="ru",
        quotation_source=transcript,
        translation="We spoke",
    )

    page = text(client)

    assert page.index("Russian account") < page.index("United States account")
    assert '<p lang="ru">«Мы говорили»</p>' in page
    assert "(our translation)" in page
    assert "Evidence: </span>Document" in page
    assert "Evidence: </span>Report" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("agreement=only-US", 1),
        ("agreement=denied-RU", 1),
        ("agreement=differ", 1),
        ("agreement=only-US&agreement=differ", 2),
        ("finding=denied", 1),
        ("finding=no_account", 1),
        ("evidence=report", 3),
        ("evidence=unread", 0),
        ("issue=sanctions", 3),
        ("year=2018", 2),
        ("year=2018&agreement=differ", 0),
    ],
)
def test_page_and_files_have_the_same_under_every_filter(client, sanctions, query, found):
    compared(sanctions, {"RU": "no_account", "US": "stated"})
    compared(sanctions, {"RU": "denied", "US": "stated"})
    later = make.make_meeting(starts_on="2019-06-28")
    compared(sanctions, {"RU": "stated", "US": "stated"}, meeting=later, agreement="differ")

    page = client.get(f"/accounts/?{query}")
    data = client.get(f"/accounts.json?{query}")

    assert page.context["total"] == found
    assert f"<strong>{found}</strong> of 3 comparisons" in page.content.decode()
    lines = rows(client, query)
    assert len(lines) == 2 * found == page.context["accounts"]
    assert json.loads(data.getvalue())["count"] == 2 * found


def test_options_say_how_many_comparisons_each_gives(client, sanctions):
    compared(sanctions, {"RU": "no_account", "US": "stated"})
    compared(sanctions, {"RU": "denied", "US": "stated"})

    groups = {group["name"]: group for group in client.get("/accounts/").context["groups"]}
    counts = {
        name: {option.value: option.count for option in group["options"]}
        for name, group in groups.items()
    }

    assert counts["agreement"] == {"only-US": 1, "denied-RU": 1}
    assert counts["finding"]["stated"] == 2
    assert counts["finding"]["denied"] == 1
    assert counts["evidence"] == {"document": 0, "copy": 0, "report": 2, "unread": 0}


def test_sentence_answers_who_alone_reported_an_issue(client, sanctions):
    compared(sanctions, {"RU": "not_mentioned", "US": "stated"})
    compared(sanctions, {"RU": "denied", "US": "stated"})
    call = make.make_meeting(format="call", place=None)
    compared(sanctions, {"RU": "stated", "US": "stated"}, meeting=call, agreement="agree")

    sentence = client.get("/accounts/?issue=sanctions").context["answer"]

    assert sentence == (
        "Russia alone reported “Sanctions” at none; the United States alone at 2 meetings"
        " (of these, another government denied it at 1 meeting); both in 1 call."
    )


def test_sentence_over_several_issues_counts_times_not_meetings(client, sanctions):
    meeting = make.make_meeting()
    for issue in (sanctions, make.make_issue()):
        compared(issue, {"RU": "stated", "US": "no_account"}, meeting=meeting)

    sentence = client.get("/accounts/").context["answer"]

    assert sentence == (
        "Russia alone reported an issue 2 times at meetings; the United States alone never;"
        " both never."
    )


def test_lines_hold_what_an_analysis_needs(client, sanctions):
    discussion = compared(sanctions, {"RU": "denied", "US": "stated"})

    first, second = rows(client)

    assert (first["government"], first["finding"]) == ("RU", "denied")
    assert first["relation"] == second["relation"] == "denied-RU"
    assert (second["meeting"], second["issue"]) == (discussion.meeting.slug, "sanctions")
    assert (second["evidence"], second["event_status"]) == ("report", "held")
    assert second["address"].endswith(discussion.get_absolute_url())


def test_unknown_values_are_named_by_the_page_and_refused_by_the_data(client):
    assert "We ignored “agreement=only-XX”" in text(client, "agreement=only-XX")
    assert client.get("/accounts.csv?agreement=only-XX").status_code == 400
    assert client.get("/accounts.json?stance=critical").status_code == 400


def test_draft_meeting_is_neither_compared_nor_counted(client, sanctions):
    compared(sanctions, {"RU": "stated"}, meeting=make.make_meeting(status="draft"))

    assert client.get("/accounts/").context["total"] == 0
    assert rows(client) == []
    assert client.get("/accounts/").context["answer"] == ""


def test_glance_gives_the_first_twelve_words_or_the_finding(client, sanctions, report):
    words = [f"word{n}" for n in range(1, 15)]
    discussion = compared(sanctions, {"US": "not_mentioned"})
    make.make_account(
        meeting=discussion.meeting,
        issue=sanctions,
        text="Spoke of it [@report].",
        quotation=" ".join(words),
        quotation_language="en",
        quotation_source=report,
    )

    page = client.get(discussion.meeting.get_absolute_url()).content.decode()
    glance = page[page.index('id="glance"') : page.index("These accounts in full")]

    assert f"“{' '.join(words[:12])}…”" in glance
    assert "Not mentioned" in glance
    assert "Russia only" in glance
    assert 'href="#discussed-sanctions"' in glance
    # Before the text, so that it is seen first.
    assert page.index('id="glance"') < page.index('id="discussed"')


def test_totals_of_the_table_count_what_was_not_held_apart(client, sanctions):
    compared(sanctions, {"US": "stated"})
    off = make.make_meeting(event_status="cancelled")
    compared(sanctions, {"US": "stated"}, meeting=off)

    page = client.get("/issues/by-meeting/").content.decode()
    (row,) = lines_of(client.get("/issues/by-meeting.csv"))
    (entry,) = json.loads(client.get("/issues/by-meeting.json").getvalue())["results"]

    assert "1 held</span>" in page
    assert "1 called off</span>" in page
    assert (row["Held"], row["Called off"], row["Planned"]) == ("1", "1", "0")
    assert entry["totals"] == {"held": 1, "cancelled": 1, "planned": 0}


def test_cell_shows_the_weakest_evidence_of_the_accounts_that_make_it(client, sanctions):
    discussion = compared(sanctions, {"US": "stated"})
    make.make_source(slug="transcript", kind="transcript", read="whole")
    account = make.make_account(meeting=discussion.meeting, issue=sanctions, text="[@transcript]")

    assert ", evidence: report" in client.get("/issues/by-meeting/").content.decode()

    discussion.meeting.accounts.exclude(pk=account.pk).update(text="[@transcript]")

    assert ", evidence: document" in client.get("/issues/by-meeting/").content.decode()


def test_json_of_entries_has_the_evidence_of_accounts_outcomes_and_reactions(client, sanctions):
    discussion = compared(sanctions, {"US": "stated"})
    meeting = discussion.meeting
    make.make_outcome(meeting=meeting, text="Agreed [@report].")
    make.make_reaction(slug="one", meeting=meeting, summary="", quotation="")
    make.make_reaction(slug="two", meeting=meeting, summary="Said so [@report].")

    entry = client.get(f"/meetings/{meeting.slug}.json").json()
    reactions = json.loads(client.get("/reactions.json").getvalue())["results"]

    assert [account["evidence"] for account in entry["accounts"]] == ["report"]
    assert [outcome["evidence"] for outcome in entry["outcomes"]] == ["report"]
    assert {r["slug"]: r["evidence"] for r in reactions} == {"one": None, "two": "report"}


def test_method_page_counts_the_evidence_of_each_government(client, sanctions):
    make.make_page(slug="method", title="Method")
    compared(sanctions, {"RU": "not_mentioned", "US": "stated"})

    response = client.get("/method/")

    counts = [(country.code, numbers) for country, numbers in response.context["evidence_counts"]]
    assert counts == [("RU", [0, 0, 1, 0]), ("US", [0, 0, 1, 0])]
    assert 'id="evidence"' in response.content.decode()
    assert "in excerpt" in response.content.decode()
