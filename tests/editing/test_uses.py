"""Which entries and references name another one, and where, for its form and its deletion."""

import pytest

from meetings.editing import proposals
from meetings.editing.revisions import record_loaded
from meetings.editing.usage import MOST_USES, uses_of
from tests import factories as make
from tests.writers import changing

pytestmark = pytest.mark.django_db


def places(row):
    return {str(use.entry): use.places for use in uses_of(row).uses}


def test_person_is_used_by_parts_and_reactions_drafts_included():
    actor = make.make_actor()
    meeting = make.make_meeting(title="Geneva", status="draft")
    make.make_participation(meeting=meeting, actor=actor)
    make.make_reaction(attribution="A speaker", actors=[actor], meeting=make.make_meeting())
    make.make_participation(actor=make.make_actor())

    assert places(actor) == {"Geneva": ["participation"], "A speaker": ["actors"]}
    assert uses_of(actor).sentence == "Used by 1 meeting and 1 reaction."


def test_source_is_used_by_the_texts_that_cite_it_or_by_the_list_alone():
    source, other = make.make_source(slug="memo"), make.make_source(slug="memo-2", title="Other")
    text = "One [@memo].\n\nTwo [@memo-2; @memo, p. 4].\n\nThree [@memo-2]."
    meeting = make.make_meeting(title="Geneva", body=text, sources=[source])
    make.make_outcome(meeting=meeting, text="Four [@memo].")
    make.make_theme(title="Aims", sources=[source])
    make.make_source(title="Letter", note="After [@memo].")

    assert places(source) == {
        "Geneva": ["summary in full", "outcome, text"],
        "Aims": ["sources"],
        "Letter": ["note"],
    }
    sentence = "Used by 1 meeting, 1 theme and 1 source. It supports 4 statements."
    assert uses_of(source).sentence == sentence
    assert places(other) == {"Geneva": ["summary in full"]}


def test_open_change_that_names_a_place_uses_it():
    place, meeting = make.make_place(slug="oslo"), make.make_meeting(title="Geneva")
    record_loaded()
    meeting.refresh_from_db()
    proposals.save_proposal(
        entry=meeting,
        after=changing(meeting, place=place),
        seen=0,
        seen_revision=meeting.revision,
    )

    assert places(place) == {"Geneva": ["a proposal"]}


def test_of_many_uses_the_first_are_named_and_all_are_counted():
    actor = make.make_actor()
    for _ in range(MOST_USES + 2):
        make.make_participation(actor=actor)

    found = uses_of(actor)

    assert (len(found.uses), found.left_out) == (MOST_USES, 2)
    assert found.sentence == f"Used by {MOST_USES + 2} meetings."


def test_what_nothing_uses_has_no_uses():
    assert uses_of(make.make_issue()).uses == []
