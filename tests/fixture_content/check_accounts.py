"""The accounts and what they rest on, on every page and in every file, as the content has them.

The rules are worked out here once more, from the rows of the fixture alone.
"""

import csv
import json
import re
from collections import defaultdict
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings

from meetings.models import Discussion, Issue, Meeting, Reaction
from tests.content import record as record

pytestmark = pytest.mark.django_db

PRIMARY = {"transcript", "official_statement", "intelligence_report", "treaty", "law", "dataset"}
WORDS = ["document", "copy", "report", "unread"]
ROWS = defaultdict(list)
for row in json.loads(Path(settings.BASE_DIR, "fixtures/record.json").read_text("utf-8")):
    ROWS[row["model"].partition(".")[2]].append(row["fields"])
SOURCES = {source["slug"]: source for source in ROWS["source"]}
NAMES = {"RU": "Russia", "US": "United States"}


def word_of_source(source):
    if source["read"] in {"", "not_opened"}:
        return "unread"
    if source["kind"] not in PRIMARY:
        return "report"
    is_seen_at_issuer = source["read"] in {"whole", "part"} and not source["origin"]
    return "document" if is_seen_at_issuer else "copy"


def word_of(text, quoted=None):
    """Return the word of the best source that a text or its quotation names, or None."""
    slugs = re.findall(r"@([a-z0-9-]+)", text) + (quoted or [])
    return min((word_of_source(SOURCES[s]) for s in slugs), key=WORDS.index, default=None)


ACCOUNTS = {(row["meeting"][0], row["issue"][0], row["government"]): row for row in ROWS["account"]}
EVIDENCE = {key: word_of(row["text"], row["quotation_source"]) for key, row in ACCOUNTS.items()}


@pytest.fixture(scope="module")
def discussed():
    """The keys of the public discussions, with meeting and issue."""
    found = Discussion.objects.published().select_related("meeting", "issue")
    return {(row.meeting.slug, row.issue.slug): row for row in found}


def relation_of(meeting, issue):
    """Return the relation of the two accounts, worked out from the rows of the fixture."""
    discussion = next(
        row for row in ROWS["discussion"] if (row["meeting"], row["issue"]) == ([meeting], [issue])
    )
    findings = {code: ACCOUNTS[meeting, issue, code]["finding"] for code in NAMES}
    denied = [code for code, finding in findings.items() if finding == "denied"]
    stated = [code for code, finding in findings.items() if finding == "stated"]
    if denied:
        return "denied" if len(denied) == 2 else f"denied-{denied[0]}"
    if discussion["basis"] in {"press", "agenda"}:
        return discussion["basis"]
    if len(stated) < 2:
        return f"only-{stated[0]}" if stated else "record"
    return discussion["agreement"] or "not_compared"


def words_of(relation):
    kind, _, code = relation.partition("-")
    two = "Denied by Russia and United States"
    fixed = {"agree": "Agree", "partly": "In part", "differ": "Differ", "denied": two}
    fixed |= {"press": "Press only", "agenda": "Agenda", "not_compared": "Not compared"}
    named = {"only": f"{NAMES.get(code)} only", "denied": f"Denied by {NAMES.get(code)}"}
    return named[kind] if code else fixed[kind]


def cell_of(meeting, issue):
    """Return the words of a cell of the table of issues by meeting."""
    relation = relation_of(meeting, issue)
    if relation in {"agree", "partly", "differ", "not_compared"}:
        return "Both"
    if relation.startswith("only-"):
        return f"{relation[-2:]} only"
    return "Press" if relation == "press" else words_of(relation)


def test_lines_of_the_accounts_have_relation_and_evidence_by_the_rules(client, discussed):
    text = client.get("/accounts.csv").getvalue().decode("utf-8-sig")
    lines = list(csv.DictReader(StringIO(text)))
    results = json.loads(client.get("/accounts.json").getvalue())["results"]
    found = {(line["meeting"], line["issue"], line["government"]): line for line in lines}

    assert {key[:2] for key in found} == discussed.keys()
    assert [{k: str(v or "") for k, v in result.items()} for result in results] == lines
    for key, line in found.items():
        assert line["evidence"] == (EVIDENCE[key] or ""), key
        assert line["relation"] == relation_of(*key[:2]), key
        assert line["finding"] == ACCOUNTS[key]["finding"], key


def test_pages_of_meetings_show_the_same_of_each_issue(client, discussed):
    for meeting in Meeting.objects.published():
        page = client.get(meeting.get_absolute_url())
        entry = client.get(f"{meeting.get_absolute_url()[:-1]}.json").json()
        of_meeting = {c.discussion.issue.slug: c for c in page.context["comparisons"]}

        assert of_meeting.keys() == {i for m, i in discussed if m == meeting.slug}
        for issue, comparison in of_meeting.items():
            assert comparison.words == words_of(relation_of(meeting.slug, issue))
            for side in comparison.sides:
                assert side.evidence == EVIDENCE[meeting.slug, issue, side.government.code]
        for account in entry["accounts"]:
            key = (meeting.slug, account["issue"], account["government"])
            assert account["evidence"] == EVIDENCE[key], key


def test_blocks_of_meetings_and_issues_name_the_evidence_of_each_account(client, discussed):
    meetings = {row.meeting for row in discussed.values()}
    issues = {row.issue for row in discussed.values()}
    shown = {}
    for entry, anchor in [*((m, "discussed") for m in meetings), *((i, "meeting") for i in issues)]:
        html = client.get(entry.get_absolute_url()).content.decode()
        blocks = re.split(rf'<article class="discussion" id="{anchor}-', html)[1:]
        for block in blocks:
            other = block.partition('"')[0]
            block = block.partition("</article>")[0]
            for column in block.split('<section class="account"')[1:]:
                code = "RU" if ">Russian account<" in column else "US"
                word = re.search(r"Evidence: </span>(\w+)", column.partition("</section>")[0])
                pair = (entry.slug, other) if anchor == "discussed" else (other, entry.slug)
                shown[(*pair, code), anchor] = word and word[1].lower()

    assert shown
    wrong = {
        key: (word, EVIDENCE[key[0]]) for key, word in shown.items() if word != EVIDENCE[key[0]]
    }
    assert wrong == {}


def test_table_of_issues_by_meeting_says_the_same_cell_by_cell(client, discussed):
    by_slug = {issue.title: issue.slug for issue in Issue.objects.published()}
    page = client.get("/issues/by-meeting/").context["table"]
    results = json.loads(client.get("/issues/by-meeting.json").getvalue())["results"]

    cells = {
        (meeting.slug, row.issue.slug): comparison.discussion.reported_by if comparison else None
        for row in page.rows
        for meeting, comparison in row.cells
    }
    for entry in results:
        for meeting, words in entry["meetings"].items():
            expected = (meeting, entry["issue"]) in discussed
            assert cells[meeting, entry["issue"]] == words
            assert words == (cell_of(meeting, entry["issue"]) if expected else None)
    assert set(by_slug.values()) == {entry["issue"] for entry in results}


def test_outcomes_and_reactions_have_the_word_of_their_best_source(client):
    outcomes = {(row["meeting"][0], row["order"]): word_of(row["text"]) for row in ROWS["outcome"]}
    reactions = {
        row["slug"]: word_of(row["summary"], row["quotation_source"]) for row in ROWS["reaction"]
    }
    for meeting in json.loads(client.get("/meetings.json").getvalue())["results"]:
        for outcome in meeting["outcomes"]:
            assert outcome["evidence"] == outcomes[meeting["slug"], outcome["order"]]
    for reaction in json.loads(client.get("/reactions.json").getvalue())["results"]:
        assert reaction["evidence"] == reactions[reaction["slug"]]
    for reaction in Reaction.objects.published():
        html = client.get(reaction.get_absolute_url()).content.decode()
        word = re.search(r"Evidence: </span>(\w+)", html)
        assert word, reaction.slug
        assert word[1].lower() == reactions[reaction.slug], reaction.slug


def test_no_account_that_states_something_is_shown_without_a_source():
    bare = [
        key for key, row in ACCOUNTS.items() if row["finding"] == "stated" and not EVIDENCE[key]
    ]
    assert bare == []
