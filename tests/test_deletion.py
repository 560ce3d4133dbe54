"""What may be deleted: what was never public, is used by nothing, and is as it was last seen."""

import pytest

from meetings import gate, publishing
from meetings.models import Meeting, Place, Redirect, Source
from tests import factories as make
from tests.acts import rename

pytestmark = pytest.mark.django_db


def test_entry_that_somebody_changed_meanwhile_is_not_deleted():
    meeting = make.make_meeting(status="draft", title="As it was seen")
    seen = publishing.save(entry=meeting, write=rename(meeting, title="As it is")).number - 1

    with pytest.raises(gate.Stale, match="was changed by"):
        publishing.delete(entry=meeting, seen=seen)

    assert Meeting.objects.get().title == "As it is"
    publishing.delete(entry=meeting, seen=seen + 1)
    assert not Meeting.objects.exists()


def test_what_was_public_and_is_a_draft_again_is_not_deleted():
    meeting = make.make_meeting(status="draft")
    publishing.publish(entry=meeting, note="Ready.")
    publishing.back_to_draft(entry=meeting)

    with pytest.raises(gate.Refused, match="It was public"):
        publishing.delete(entry=meeting)

    assert Meeting.objects.exists()


def test_source_that_only_a_note_of_another_source_cites_is_not_deleted():
    source = make.make_source(slug="cited")
    make.make_source(note="It repeats another report [@cited].")

    with pytest.raises(gate.Refused, match="It is used by a source's note"):
        publishing.delete(entry=source)

    assert Source.objects.filter(slug="cited").exists()


def test_addresses_that_led_to_what_is_deleted_are_free_again():
    place = make.make_place(slug="christiania")
    publishing.save(entry=place, write=rename(place, slug="oslo"))

    publishing.delete(entry=place)

    assert not Redirect.objects.exists()
    other = make.make_place(slug="other")
    publishing.save(entry=other, write=rename(other, slug="christiania"))
    assert Place.objects.get().slug == "christiania"
