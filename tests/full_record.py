"""A record with a public row in every table, and a hidden one beside it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import Redirect
from tests import factories as make

MOVED_ADDRESS = "/meetings/old/"


@pytest.fixture
def full_record():
    read = make.make_source(read="excerpt", ownership="private")
    meeting = make.make_meeting(
        slug="talks", sources=[read], publish_at=timezone.now() - timedelta(days=1)
    )
    hidden = make.make_meeting(slug="hidden", status="draft", place=make.make_place(slug="hidden"))
    issues = [make.make_issue(slug="trade"), make.make_issue(slug="secret", status="review")]
    for one in (meeting, hidden):
        make.make_participation(meeting=one)
        make.make_readout(meeting=one)
        make.make_outcome(meeting=one, order=10)
        for issue in issues:
            make.make_discussion(meeting=one, issue=issue)
            make.make_account(meeting=one, issue=issue)
    make.make_position(issue=issues[0])
    make.make_position(issue=issues[1])
    unlisted = make.make_source(slug="unlisted")
    words = {"quotation": "No.", "quotation_language": "en", "quotation_source": unlisted}
    reaction = make.make_reaction(meeting=meeting, issues=issues[:1], **words)
    secret = make.make_reaction(slug="hidden-reaction", meeting=hidden)
    joined = {"meetings": [meeting, hidden], "issues": issues}
    make.make_theme(reactions=[reaction, secret], **joined)
    make.make_milestone(**joined)
    for one in (meeting, hidden):
        make.make_claim(source=one.sources.get(), meetings=[meeting, hidden], issues=issues)
    make.make_page()
    Redirect.objects.create(old_path=MOVED_ADDRESS, new_path=meeting.get_absolute_url())
    Redirect.objects.create(old_path="/meetings/older/", new_path=hidden.get_absolute_url())
    Redirect.objects.create(old_path="/gone/", new_path="/no/such/page/")
