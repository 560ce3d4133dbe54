"""The search index is up to date after every act."""

import pytest
from django.core import serializers

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import Meeting, Outcome, SearchDocument
from meetings.search import Query, SearchMatches, index
from tests import factories as make
from tests.writers import written

pytestmark = pytest.mark.django_db


def count_matches(word):
    return SearchMatches(Query(word)).total


def save_values(entry, **values):
    """Write values by the act of saving."""

    def write():
        for name, value in values.items():
            setattr(entry, name, value)
        entry.save()

    acts.save(entry=entry, after=written(entry, write), note="Reworded.")


def test_saving_changes_what_is_found():
    issue = make.make_issue(title="Quagga", body="Said [@press].", sources=[])
    make.make_source(slug="press")
    record_loaded()

    save_values(issue, title="Okapi")

    assert (count_matches("quagga"), count_matches("okapi")) == (0, 1)


def test_publishing_and_withdrawing_change_what_is_found():
    make.make_source(slug="press")
    issue = make.make_issue(title="Quagga", body="Said [@press].", status="draft")
    record_loaded()
    assert count_matches("quagga") == 0

    acts.publish(entry=issue, note="New.")
    assert count_matches("quagga") == 1
    acts.withdraw(entry=issue, reason="Rested on a forgery.")
    assert count_matches("quagga") == 0


def test_deleting_leaves_nothing_in_the_index():
    meeting = make.make_meeting(title="Quagga", status="draft")
    make.make_outcome(meeting=meeting, text="Okapi.")
    make.make_discussion(meeting=meeting)
    record_loaded()

    acts.delete(entry=meeting)

    assert not SearchDocument.objects.filter(entry_id=meeting.pk, table="meetings").exists()
    assert not SearchDocument.objects.filter(table__in=["outcomes", "discussions"]).exists()
    assert not SearchDocument.objects.matching(SearchMatches(Query("quagga")).expression).exists()
    assert not SearchDocument.objects.matching(SearchMatches(Query("okapi")).expression).exists()


def test_part_taken_out_at_the_desk_is_found_no_longer():
    make.make_source(slug="press")
    meeting = make.make_meeting()
    make.make_outcome(meeting=meeting, text="A tapir [@press].")
    kept = make.make_outcome(meeting=meeting, text="A quagga [@press].")
    record_loaded()
    assert count_matches("tapir") == 1

    acts.save(
        entry=meeting,
        after=written(meeting, lambda: Outcome.objects.exclude(pk=kept.pk).delete()),
        note="Taken out.",
    )

    assert (count_matches("tapir"), count_matches("quagga")) == (0, 1)


@pytest.mark.parametrize("name", ["actor", "place", "issue", "meeting"])
def test_new_name_is_found_wherever_the_old_one_was(name):
    make.make_source(slug="press")
    place = make.make_place(city="Quagga", venue="")
    actor = make.make_actor(name="Quagga", sort_name="Quagga")
    issue = make.make_issue(title="Quagga", body="Said [@press].")
    meeting = make.make_meeting(title="Quagga", place=place)
    make.make_participation(meeting=meeting, actor=actor)
    make.make_outcome(meeting=meeting, text="An outcome [@press].")
    make.make_discussion(meeting=meeting, issue=issue, summary="Said [@press].")
    make.make_reaction(meeting=meeting, issues=[issue], actors=[actor], summary="Said [@press].")
    record_loaded()
    before = count_matches("quagga")
    row, column = {
        "actor": (actor, "name"),
        "place": (place, "city"),
        "issue": (issue, "title"),
        "meeting": (meeting, "title"),
    }[name]

    save_values(row, **{column: "Okapi"})

    found = SearchMatches(Query("okapi")).counts
    expected = {
        "actor": {"people", "meetings", "reactions"},
        "place": {"places", "meetings", "outcomes"},
        "issue": {"issues", "meetings", "reactions"},
        "meeting": {"meetings", "outcomes", "reactions"},
    }[name]
    assert {kind for kind, count in found.items() if count} == expected
    assert count_matches("quagga") <= before


def test_loading_and_the_step_after_it_bring_the_index_up_to_date():
    meeting = make.make_meeting(title="Quagga")
    make.make_outcome(meeting=meeting, text="Tapir.")
    record_loaded()
    rows = serializers.serialize("json", Meeting.objects.all(), use_natural_primary_keys=True)

    for loaded in serializers.deserialize("json", rows.replace("Quagga", "Okapi")):
        loaded.save()
    assert count_matches("quagga") == 2  # The meeting and its outcome, until the step.
    record_loaded()

    assert (count_matches("quagga"), count_matches("okapi")) == (0, 2)
    assert count_matches("okapi tapir") == 1


def test_loading_the_same_again_writes_no_document():
    make.make_discussion()
    record_loaded()
    before = list(SearchDocument.objects.order_by("pk").values())

    record_loaded()

    assert list(SearchDocument.objects.order_by("pk").values()) == before


def test_record_from_before_there_was_a_search_is_filled_once():
    make.make_reaction(attribution="Quagga")
    make.make_outcome(text="Okapi.")
    assert count_matches("quagga") == 0

    assert index.index_missing() > 0
    assert (count_matches("quagga"), count_matches("okapi")) == (1, 1)
    assert index.index_missing() == 0


def test_text_of_any_length_and_any_sign_is_indexed():
    words = " ".join(f"w{n:x}" for n in range(150_000))
    make.make_issue(title="Quagga", body=f"{words} ' \" \\ ; -- 😀 \u202e")
    make.make_issue(title="x" * 200, body="y" * 900_000)
    record_loaded()

    assert count_matches("quagga") == 1
    assert count_matches("w1f") == 1
    assert count_matches("x" * 150) == 1
