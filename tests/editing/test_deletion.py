"""Deleting entries: only unused ones that were never public and have not changed since."""

import pytest

from meetings.editing import acts, errors
from meetings.models import Meeting, Place, Redirect, Source
from tests import factories as make
from tests.writers import changing

pytestmark = pytest.mark.django_db


def test_entry_that_somebody_changed_meanwhile_is_not_deleted():
    meeting = make.make_meeting(status="draft", title="As it was seen")
    seen = acts.save(entry=meeting, after=changing(meeting, title="As it is")).number - 1

    with pytest.raises(errors.Stale, match="was changed by"):
        acts.delete(entry=meeting, seen=seen)

    assert Meeting.objects.get().title == "As it is"
    acts.delete(entry=meeting, seen=seen + 1)
    assert not Meeting.objects.exists()


def test_what_was_public_and_is_a_draft_again_is_not_deleted():
    meeting = make.make_meeting(status="draft")
    acts.publish(entry=meeting, note="Ready.")
    acts.back_to_draft(entry=meeting)

    with pytest.raises(errors.Refused, match="It was public"):
        acts.delete(entry=meeting)

    assert Meeting.objects.exists()


def test_source_that_only_a_note_of_another_source_cites_is_not_deleted():
    source = make.make_source(slug="cited")
    make.make_source(note="It repeats another report [@cited].")

    with pytest.raises(errors.Refused, match="It is used by a source’s note"):
        acts.delete(entry=source)

    assert Source.objects.filter(slug="cited").exists()


def test_addresses_that_led_to_what_is_deleted_are_free_again():
    place = make.make_place(slug="christiania")
    acts.save(entry=place, after=changing(place, slug="oslo"))

    acts.delete(entry=place)

    assert not Redirect.objects.exists()
    other = make.make_place(slug="other")
    acts.save(entry=other, after=changing(other, slug="christiania"))
    assert Place.objects.get().slug == "christiania"
