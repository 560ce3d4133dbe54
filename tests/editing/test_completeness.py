"""How complete an entry is: each check finds what it is about, and nothing else."""

import pytest

from meetings.editing.completeness import completeness_of
from meetings.editing.snapshots import in_key_order, snapshot
from meetings.tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME
from tests import factories as make

pytestmark = pytest.mark.django_db
MEETINGS = TABLES_BY_NAME["meetings"]


@pytest.fixture
def complete():
    """The snapshot of a draft meeting that lacks nothing."""
    kept = {"url": "https://a.example/", "archived_url": "https://kept.example/"}
    script = make.make_source(slug="script", kind="transcript", read="whole", **kept)
    make.make_source(slug="press", url="https://b.example/", archived_url="https://kept.example/b")
    make.make_source(slug="unkept", url="https://c.example/")
    make.make_source(slug="closed", kind="transcript", read="not_opened")
    meeting = make.make_meeting(
        slug="geneva", status="draft", body="They met [@script].", sources=[script]
    )
    issue = make.make_issue(slug="syria")
    make.make_discussion(meeting=meeting, issue=issue, summary="Named [@script].")
    for code in ("RU", "US"):
        make.make_account(meeting=meeting, issue=issue, government=code, text="Said [@script].")
    return snapshot(meeting)


def changed(state, table, column, text, row=0):
    """Return a snapshot with another cell."""
    rows = [dict(cells) for cells in state.get(table, [])]
    rows[row][column] = text
    return in_key_order(state | {table: rows})


def gaps(state):
    found = completeness_of(MEETINGS, {"geneva": state})["geneva"]
    return [gap.words for gap in found.must], [gap.words for gap in found.should]


def test_meeting_that_lacks_nothing_meets_all_that_is_asked(complete):
    found = completeness_of(MEETINGS, {"geneva": complete})["geneva"]

    assert (found.must, found.should) == ([], [])
    assert (found.met, found.asked) == (11, 11)


MUST = [
    ("meetings", "starts_on", "", "First day: the first day is missing."),
    ("meetings", "sources", "", "Sources: no source at all. Add one, or cite one in the text."),
    (
        *("meetings", "body", "They met."),
        "Summary in full: the paragraph “They met.” has no source. Cite one as [@slug].",
    ),
    (
        *("accounts", "text", "Said [@closed]."),
        "Account (syria, RU) rests on nothing that was opened. Read one of its sources at least in"
        " an excerpt and say so on it, or say in the change note why it stays unread, with that"
        " word.",
    ),
]


@pytest.mark.parametrize(("table", "column", "text", "words"), MUST)
def test_what_publication_asks_is_said_as_it_is_refused(complete, table, column, text, words):
    must, should = gaps(changed(complete, table, column, text))

    assert (must, should) == ([words], [])


SHOULD = [
    ("meetings", "summary", "", "Lede is missing"),
    ("meetings", "summary", "word " * 41, "Lede has 41 words; aim for 30"),
    ("meetings", "sources", "script|unkept", "1 source has no archive copy"),
    (
        *("meetings", "body", "They came. They met. They left [@script]."),
        "Summary in full: 2 sentences without a source of their own",
    ),
    (
        *("meetings", "summary", "A stunning talk, and a “disastrous” one."),
        "Summary: words that judge: “stunning”. Quote them or leave them out.",
    ),
    (
        *("discussions", "outcome", "A disastrous end [@script]."),
        "Discussion (syria), outcome: words that judge: “disastrous”."
        " Quote them or leave them out.",
    ),
]


@pytest.mark.parametrize(("table", "column", "text", "words"), SHOULD)
def test_what_a_good_page_has_besides_is_no_condition(complete, table, column, text, words):
    must, should = gaps(changed(complete, table, column, text))

    assert (must, should) == ([], [words])


def test_discussion_that_rests_on_the_press_alone_is_asked_for_a_transcript(complete):
    state = changed(complete, "discussions", "summary", "Named [@press].")
    for row, finding in enumerate(("not_mentioned", "no_account")):
        state = changed(state, "accounts", "text", "", row)
        state = changed(state, "accounts", "finding", finding, row)

    assert gaps(state) == ([], ["Only press sources for “syria”. Is there a transcript?"])


def test_account_that_says_nothing_is_to_be_written(complete):
    state = changed(complete, "accounts", "text", "")
    empty = changed(state, "accounts", "finding", "")

    assert gaps(empty)[1] == [
        "Account (syria, RU) is empty. Write it, or set “Not mentioned” or “No account published”."
    ]
    assert gaps(changed(empty, "accounts", "finding", "no_account"))[1] == []


def test_cancelled_meeting_is_asked_for_the_reason(complete):
    state = changed(complete, "meetings", "event_status", "cancelled")

    assert gaps(state)[1] == []
    assert gaps(changed(state, "meetings", "body", ""))[1] == ["Cancelled, but no reason given"]


def test_account_that_is_public_unread_was_published_with_the_reason(complete):
    state = changed(complete, "accounts", "text", "Said [@closed].")

    must, should = gaps(changed(state, "meetings", "status", "published"))

    assert must == []
    assert should[0].startswith("Account (syria, RU) rests on nothing that was opened.")


@pytest.mark.parametrize(
    ("name", "asked"),
    [("issue", 6), ("theme", 6), ("page", 6), ("reaction", 6), ("milestone", 6)],
)
def test_other_entries_are_asked_what_they_can_have(name, asked):
    entry = getattr(make, f"make_{name}")()
    own = TABLES_BY_MODEL[type(entry)]

    found = completeness_of(own, {1: snapshot(entry)})[1]

    assert found.asked == asked
    assert found.must == []


def test_sources_of_many_entries_are_one_query(complete, django_assert_num_queries):
    with django_assert_num_queries(1):
        completeness_of(MEETINGS, dict.fromkeys(range(50), complete))
