"""Where an issue is on record: whose accounts state it, or the press, or an agenda."""

import pytest

from meetings.models import Discussion, Meeting
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("basis", "findings", "words", "cell"),
    [
        ("accounts", {"RU": "stated", "US": "stated"}, "Both", "both"),
        ("accounts", {"RU": "stated", "US": "not_mentioned"}, "RU only", "first"),
        ("accounts", {"RU": "no_account", "US": "stated"}, "US only", "second"),
        ("accounts", {"FR": "stated", "RU": "stated", "US": "stated"}, "All", "both"),
        ("accounts", {"FR": "stated", "RU": "", "US": "stated"}, "FR US", "some"),
        ("press", {"RU": "not_mentioned", "US": "not_mentioned"}, "Press", "press"),
        ("agenda", {"RU": "stated", "US": "stated"}, "Agenda", "agenda"),
        ("accounts", {"RU": "", "US": ""}, "On record", "record"),
    ],
)
def test_cell_says_where_the_issue_is_on_record(basis, findings, words, cell):
    discussion = make.make_discussion(basis=basis)
    for government, finding in findings.items():
        make.make_account(
            meeting=discussion.meeting,
            issue=discussion.issue,
            government=government,
            finding=finding,
        )

    meeting = Meeting.objects.with_record().get()
    found = meeting.discussions.all()[0]

    assert (found.reported_by, found.reported_by_code) == (words, cell)
    assert [country.code for country, _ in found.accounts_by_government] == sorted(findings)


def test_governments_stand_in_the_order_of_their_english_names():
    meeting = make.make_meeting()
    for government in ("US", "DE", "RU"):
        make.make_participation(meeting=meeting, government=government)

    governments = Meeting.objects.with_record().get().governments

    assert [country.name for country in governments] == ["Germany", "Russia", "United States"]


def test_discussion_is_public_when_its_meeting_and_its_issue_are():
    both = make.make_discussion()
    make.make_discussion(meeting=make.make_meeting(status="draft"))
    make.make_discussion(issue=make.make_issue(status="withdrawn"))

    assert list(Discussion.objects.published()) == [both]
