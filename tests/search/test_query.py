"""Matches of a query: which, in which order, and that they are public now."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.search import Query, RankedMatches, SearchMatches, results, suggest
from tests import factories as make

pytestmark = pytest.mark.django_db


def found_kinds_and_titles(text, kind="", sort="relevance"):
    """Return the kinds and found_titles of what a text finds, in order."""
    query = Query(text)
    ranked = RankedMatches(SearchMatches(query), kind, sort)
    return [(r.kind, r.title) for r in results(ranked[:50], query)]


def found_titles(text, **options):
    return [title for _, title in found_kinds_and_titles(text, **options)]


def test_every_word_must_be_there_and_its_beginning_is_enough():
    make.make_issue(title="Arms control", summary="Treaties on warheads.")
    make.make_issue(title="Trade", summary="Treaties on tariffs.")
    record_loaded()

    assert found_titles("treat warh") == ["Arms control"]
    assert sorted(found_titles("TREATIES")) == ["Arms control", "Trade"]
    assert found_titles("treaties nothing") == []
    assert found_titles("arheads") == []


def test_phrase_is_found_as_it_stands():
    make.make_issue(title="Nuclear arms control")
    make.make_issue(title="Control of arms")
    record_loaded()

    assert found_titles('"arms control"') == ["Nuclear arms control"]
    assert found_titles('"arms contr"') == []
    assert len(found_titles("arms control")) == 2


def test_accents_case_and_script_make_no_difference():
    make.make_reaction(attribution="Recep Tayyip Erdoğan")
    make.make_reaction(attribution="Сергей Рябков")
    make.make_reaction(attribution="Yuri Ushakov")
    record_loaded()

    assert found_titles("ERDOGAN") == found_titles("erdoğan") == ["Recep Tayyip Erdoğan"]
    assert found_titles("sergei ryabkov") == found_titles("рябков") == ["Сергей Рябков"]
    assert found_titles("Ушаков") == found_titles("“Юрий Ушаков”") == ["Yuri Ushakov"]


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

    assert found_kinds_and_titles("quagga", kind="meetings") == [("meetings", "Geneva")]
    assert SearchMatches(Query("quagga")).counts["meetings"] == 1


def test_title_goes_before_text_and_entries_before_sources():
    source = make.make_source(title="Quagga")
    make.make_issue(title="Horses", body="A quagga.", sources=[source])
    make.make_issue(title="Quagga", sources=[source])
    make.make_reaction(attribution="Speaker", actors=[make.make_actor(name="Ada Quagga")])
    record_loaded()

    found = found_kinds_and_titles("quagga")

    assert found[:3] == [("issues", "Quagga"), ("people", "Ada Quagga"), ("sources", "Quagga")]
    assert sorted(found[3:]) == [("issues", "Horses"), ("reactions", "Speaker")]


def test_source_with_one_of_the_words_in_its_title_goes_after_entries_with_all_in_their_text():
    source = make.make_source(title="Quagga", publisher="Stripes")
    make.make_issue(title="Horses", body="Stripes of a quagga.", sources=[source])
    make.make_issue(title="Quaggas", body="Stripes.", sources=[source])
    record_loaded()

    assert found_kinds_and_titles("quagga stripes") == [
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

    assert found_titles("quagga", sort="date") == [
        "Quagga 2019",
        "Quagga 2018",
        "Quagga 2017",
        "Quagga issue",
    ]


def test_kind_narrows_what_is_found_and_leaves_the_counts():
    make.make_issue(title="Quagga")
    make.make_meeting(title="Quagga")
    record_loaded()

    assert found_kinds_and_titles("quagga", kind="issues") == [("issues", "Quagga")]
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

    assert found_kinds_and_titles("quagga") == []
    assert SearchMatches(Query("quagga")).total == 0


def test_time_of_publication_and_withdrawal_of_a_parent_need_no_indexing(monkeypatch):
    issue = make.make_issue(title="Arms")
    soon = timezone.now() + timedelta(hours=1)
    meeting = make.make_meeting(title="Quagga", publish_at=soon)
    make.make_discussion(meeting=meeting, issue=issue, summary="An okapi.")
    make.make_reaction(attribution="Tapir", meeting=meeting, issues=[issue])
    record_loaded()
    assert found_titles("quagga") == found_titles("okapi") == found_titles("tapir") == []

    monkeypatch.setattr(timezone, "now", lambda: soon + timedelta(seconds=1))
    assert found_titles("okapi") == ["Quagga"]
    assert found_titles("quagga") == ["Quagga", "Tapir"]  # The reaction is on that meeting.
    assert found_titles("tapir") == ["Tapir"]

    acts.withdraw(entry=issue, reason="Rested on a forgery.")
    assert found_titles("quagga") == ["Quagga"]
    assert found_titles("okapi") == found_titles("tapir") == []


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

    assert found_titles(word) == []
    assert suggest(Query(word)) is None


def test_word_of_a_draft_is_not_suggested():
    make.make_issue(title="Quaggamire", status="draft")
    record_loaded()

    assert suggest(Query("quagamire")) is None


def test_headline_with_the_word_goes_after_entries_that_speak_of_it():
    headline = make.make_source(title="Stripes of a quagga seen again near the Cape")
    make.make_issue(title="Horses", body="A quagga.", sources=[headline])
    make.make_reaction(attribution="Speaker", summary="Saw a quagga.", sources=[headline])
    record_loaded()

    kinds = [kind for kind, _ in found_kinds_and_titles("quagga")]
    assert sorted(kinds[:2]) == ["issues", "reactions"]
    assert kinds[2:] == ["sources"]
    assert found_kinds_and_titles("stripes quagga seen again cape")[0][0] == "sources"


@pytest.mark.parametrize(
    "typed", ["Quaggin", "Кваггин", "Кваґґін", "kwaggin", "Kwaggin-Petrov", '"Kwaggin Petrov"']
)
def test_person_is_found_by_every_spelling_and_script_of_the_name(typed):
    other = "Кваггин| Кваґґін |Kwaggin-Petrov"
    person = make.make_actor(name="Ada Quaggin", other_names=other, description="A minister.")
    make.make_participation(actor=person)
    record_loaded()

    assert found_kinds_and_titles(typed)[0] == ("people", "Ada Quaggin")


def test_note_of_a_source_is_shown_as_far_as_it_matches():
    source = make.make_source(
        title="A quagga",
        publisher="Gazette",
        note="Title from the address. Speaks of an okapi, too. Day approximate.",
        check_note="Seen as a tapir.",
    )
    make.make_meeting(sources=[source])
    record_loaded()

    def excerpt_of(text):
        query = Query(text)
        ranked = RankedMatches(SearchMatches(query), "sources")
        (result,) = results(ranked[:50], query)
        return result.excerpt

    assert excerpt_of("quagga") == excerpt_of("gazette") == ""
    assert excerpt_of("okapi") == "Speaks of an okapi, too."
    assert found_titles("tapir") == []


ASKED = [
    *("who attended Quaggaville", "Who took part in Quaggaville?", "who was at quaggaville"),
    *("participants of Quaggaville", "Quaggaville participants", "which people attended quaggav"),
]


@pytest.mark.parametrize("typed", ASKED)
def test_who_attended_is_answered_by_the_participants_of_the_meeting(typed):
    meeting = make.make_meeting(slug="talks", title="Quaggaville talks")
    make.make_participation(meeting=meeting, actor=make.make_actor(name="Ada Okapi"))
    issue = make.make_issue(title="Quaggaville", body="Who attended Quaggaville.")
    make.make_discussion(meeting=meeting, issue=issue, summary="Quaggaville.")
    record_loaded()

    query = Query(typed)
    found = results(RankedMatches(SearchMatches(query))[:50], query)

    assert [(result.title, result.address) for result in found] == [
        ("Quaggaville talks", "/meetings/talks/#participants")
    ]
    assert found[0].excerpt == "Ada Okapi"


@pytest.mark.parametrize("typed", ["who attended", "participants", '"who attended Quaggaville"'])
def test_words_that_ask_for_no_meeting_are_looked_for_as_they_stand(typed):
    make.make_issue(title="Words", body="He asked who attended Quaggaville, and the participants.")
    record_loaded()

    assert found_titles(typed) == ["Words"]
