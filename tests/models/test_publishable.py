"""Whether an entry is public: its property and the querysets agree."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import Meeting
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "days", "is_public"),
    [
        ("published", None, True),
        ("published", -1, True),
        ("published", 1, False),
        ("draft", None, False),
        ("draft", -1, False),
        ("review", None, False),
        ("withdrawn", None, False),
    ],
)
def test_entry_is_public_when_it_is_published_and_its_time_has_come(status, days, is_public):
    due = None if days is None else timezone.now() + timedelta(days=days)
    meeting = make.make_meeting(status=status, publish_at=due)

    assert meeting.is_public == is_public
    assert [*Meeting.objects.published()] == [meeting] * is_public
    assert [*Meeting.objects.unpublished()] == [meeting] * (not is_public)
