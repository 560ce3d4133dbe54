"""What is found, in which order, and that it is public at the moment of asking."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.search import Query, RankedMatches, SearchMatches, results, suggest
from tests import factories as make

pytestmark = pytest.mark.django_db


def find(text, kind="", sort="relevance"):
    """Return the kinds and titles of what a text finds, in order."""
    query = Query(text)
    ranked = RankedMatches(SearchMatches(query), kind, sort)
    return [(r.kind, r.title) for r in results(ranked[:50], query)]


def titles(text, **options):
    return [title for _, title in find(text, **options)]


def test_every_word_must_be_there_and_its_beginning_is_enough():
    make.make_issue(title="Arms control", summary="Treaties on warheads.")
    make.make_issue(title="Trade", summary="Treaties on tariffs.")
    record_loaded()

    assert titles("treat warh") == ["Arms control"]
    assert sorted(titles("TREATIES")) == ["Arms control", "Trade"]
    assert titles("treaties nothing") == []
    assert titles("arheads") == []


def test_phrase_is_found_as_it_stands():
    make.make_issue(title="Nuclear arms control")
    make.make_issue(title="Control of arms")
    record_loaded()

    assert titles('"arms control"') == ["Nuclear arms control"]
    assert titles('"arms contr"') == []
    assert len(titles("arms control")) == 2


def test_accents_case_and_script_make_no_difference():
    make.make_reaction(attribution="Recep Tayyip Erdoğan")
    make.make_reaction(attribution="Сергей Рябков")
    make.make_reaction(attribution="Yuri Ushakov")
    record_loaded()

    assert titles("ERDOGAN") == titles("erdoğan") == ["Recep Tayyip Erdoğan"]
    assert titles("sergei ryabkov") == titles("рябков") == ["Сергей Рябков"]
    assert titles("Ушаков") == titles("“Юрий Ушаков”") == ["Yuri Ushakov"]


def test_every_table_is_found_under_its_kind():
    meeting = make.make_meeting(title="zebra meeting", place=make.make_place(city="zebra city"))
    issue = make.make_issue(title="zebra issue")
    make.make_participation(meeting=meeting, actor=make.make_actor(name="zebra person"))
    make.make_outcome(meeting=meeting, text="zebra outcome")
    make.make_reaction(attribution="zebra speaker", meeting=meeting, issues=[issue])
    make.make_theme(title="zebra theme")
    make.make_milestone(title="zebra milestone", sources=[make.make_source(title="zebra report")])
    make.make_page(title="zebra page")
    record_loaded()

    counts = SearchMatches(Query("zebra")).counts

    assert counts == dict.fromkeys(counts, 1)
    assert len(counts) == 10


def test_parts_lead_to_their_place_on_the_page_of_their_entry():
    meeting = make.make_meeting(slug="geneva", title="Geneva")
    issue = make.make_issue(slug="arms", title="Arms")
    make.make_discussion(meeting=meeting, issue=issue, summary="A quagga was discussed.")
    make.make_account(meeting=meeting, issue=issue, text="The side spoke of an okapi.")
    make.make_outcome(meeting=meeting, order=20, text="A tapir was agreed.")
    make.make_readout(meeting=meeting, text="A gnu was read out.")
    make.make_position(issue=issue, text="A kudu is held.")
    record_loaded()

    def address(word):
        query = Query(word)
        (result,) = results(RankedMatches(SearchMatches(query))[:50], query)
        return result.address

    assert address("quagga") == address("okapi") == "/meetings/geneva/#discussed-arms"
    assert address("tapir") == "/meetings/geneva/#outcome-20"
    assert address("gnu") == "/meetings/geneva/"
    assert address("kudu") == "/issues/arms/"


def test_meeting_that_holds_the_words_in_several_places_is_one_result():
    meeting = make.make_meeting(title="Geneva", body="A quagga.")
    for _ in range(3):
        discussion = make.make_discussion(meeting=meeting, summary="Another quagga.")
        make.make_account(meeting=meeting, issue=discussion.issue, text="The third quagga.")
    record_loaded()

    assert find("quagga", kind="meetings") == [("meetings", "Geneva")]
    assert SearchMatches(Query("quagga")).counts["meetings"] == 1


def test_title_goes_before_text_and_entries_before_sources():
    source = make.make_source(title="Quagga")
    make.make_issue(title="Horses", body="A quagga.", sources=[source])
    make.make_issue(title="Quagga", sources=[source])
    make.make_reaction(attribution="Speaker", actors=[make.make_actor(name="Ada Quagga")])
    record_loaded()

    found = find("quagga")

    assert found[:3] == [("issues", "Quagga"), ("people", "Ada Quagga"), ("sources", "Quagga")]
    assert sorted(found[3:]) == [("issues", "Horses"), ("reactions", "Speaker")]


def test_source_with_one_of_the_words_in_its_title_goes_after_entries_with_all_in_their_text():
    source = make.make_source(title="Quagga", publisher="Stripes")
    make.make_issue(title="Horses", body="Stripes of a quagga.", sources=[source])
    make.make_issue(title="Quaggas", body="Stripes.", sources=[source])
    record_loaded()

    assert find("quagga stripes") == [
        ("issues", "Quaggas"),
        ("issues", "Horses"),
        ("sources", "Quagga"),
    ]


def test_entry_found_in_many_of_its_parts_leaves_room_for_the_others_on_the_page():
    meeting = make.make_meeting(title="Geneva")
    for _ in range(20):
        make.make_discussion(meeting=meeting, summary="Quagga.")
    for title in ("Horses", "Stripes"):
        make.make_issue(title=title, body="It is a kind of horse that is called a quagga.")
    record_loaded()

    page = RankedMatches(SearchMatches(Query("quagga")))[:3]

    assert sorted(document.table for document in page) == ["discussions", "issues", "issues"]


def test_newest_come_first_where_that_is_asked_and_what_has_no_day_last():
    make.make_issue(title="Quagga issue")
    for year in (2017, 2019, 2018):
        make.make_meeting(title=f"Quagga {year}", starts_on=date(year, 1, 1))
    record_loaded()

    assert titles("quagga", sort="date") == [
        *("Quagga 2019", "Quagga 2018", "Quagga 2017"),
        "Quagga issue",
    ]


def test_kind_narrows_what_is_found_and_leaves_the_counts():
    make.make_issue(title="Quagga")
    make.make_meeting(title="Quagga")
    record_loaded()

    assert find("quagga", kind="issues") == [("issues", "Quagga")]
    assert SearchMatches(Query("quagga")).total == 2


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_what_is_not_public_is_not_found(state):
    meeting = make.make_meeting(title="Quagga", status=state)
    issue = make.make_issue(title="Arms")
    make.make_discussion(meeting=meeting, issue=issue, summary="A quagga.")
    make.make_outcome(meeting=meeting, text="A quagga.")
    make.make_reaction(attribution="Quagga", meeting=meeting)
    make.make_participation(meeting=meeting, actor=make.make_actor(name="Quagga"))
    record_loaded()

    assert find("quagga") == []
    assert SearchMatches(Query("quagga")).total == 0


def test_time_of_publication_and_withdrawal_of_a_parent_need_no_indexing(monkeypatch):
    issue = make.make_issue(title="Arms")
    soon = timezone.now() + timedelta(hours=1)
    meeting = make.make_meeting(title="Quagga", publish_at=soon)
    make.make_discussion(meeting=meeting, issue=issue, summary="An okapi.")
    make.make_reaction(attribution="Tapir", meeting=meeting, issues=[issue])
    record_loaded()
    assert titles("quagga") == titles("okapi") == titles("tapir") == []

    monkeypatch.setattr(timezone, "now", lambda: soon + timedelta(seconds=1))
    assert titles("okapi") == ["Quagga"]
    assert titles("quagga") == ["Quagga", "Tapir"]  # The reaction is on that meeting.
    assert titles("tapir") == ["Tapir"]

    acts.withdraw(entry=issue, reason="Rested on a forgery.")
    assert titles("quagga") == ["Quagga"]
    assert titles("okapi") == titles("tapir") == []


def test_misspelt_word_gets_the_nearest_that_is_found():
    make.make_issue(title="Sanctions", summary="Measures of the Union.")
    record_loaded()

    assert suggest(Query("sanctons")).text == "Sanctions"
    assert suggest(Query("meazures of the sanctons")).text == "Measures of the Sanctions"
    assert suggest(Query("xylophone")) is None


@pytest.mark.parametrize("word", ["ds", "ЕС"])
def test_word_of_two_letters_gets_no_suggestion(word):
    make.make_issue(title="Des", summary="A short word.")
    record_loaded()

    assert titles(word) == []
    assert suggest(Query(word)) is None


def test_word_of_a_draft_is_not_suggested():
    make.make_issue(title="Quaggamire", status="draft")
    record_loaded()

    assert suggest(Query("quagamire")) is None
