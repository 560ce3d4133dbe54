"""Old addresses: one that was public redirects, one that never was is free."""

import pytest

from meetings.editing import acts, errors
from meetings.models import Meeting, Redirect, Source
from tests import factories as make
from tests.writers import changing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", ["draft", "review"])
def test_address_that_was_never_public_is_not_kept(client, status):
    meeting = make.make_meeting(slug="working-title", status=status)

    acts.save(entry=meeting, after=changing(meeting, slug="geneva"))

    assert not Redirect.objects.exists()
    other = make.make_meeting(slug="other")
    acts.save(entry=other, after=changing(other, slug="working-title"))
    assert client.get("/meetings/working-title/").status_code == 200


def test_address_of_a_draft_that_was_public_before_is_kept():
    meeting = make.make_meeting(slug="geneva", status="draft")
    acts.publish(entry=meeting, note="Ready.")
    acts.back_to_draft(entry=meeting)

    acts.save(entry=meeting, after=changing(meeting, slug="geneva-2018"))

    assert Redirect.objects.get().old_path == "/meetings/geneva/"
    other = make.make_meeting(slug="other")
    with pytest.raises(errors.Refused, match="Choose another"):
        acts.save(entry=other, after=changing(other, slug="geneva"))
    assert Meeting.objects.filter(slug="other").exists()


@pytest.mark.parametrize("user", ["entry", "note"])
def test_source_that_something_cites_keeps_its_address(user):
    source = make.make_source(slug="minutes")
    if user == "entry":
        make.make_meeting(sources=[source])
    else:
        make.make_source(slug="letter", note="See [@minutes].")

    with pytest.raises(errors.Refused, match="stays as it is"):
        acts.save(entry=source, after=changing(source, slug="notes"))

    assert Source.objects.filter(slug="minutes").exists()
