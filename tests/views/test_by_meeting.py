"""The table of issues by meeting: its short heads and its key."""

import pytest

from meetings.models import Issue, Meeting
from meetings.views.by_meeting import IssuesByMeeting, with_cells
from tests import factories as make

pytestmark = pytest.mark.django_db


def table():
    return IssuesByMeeting(list(with_cells(Meeting.objects.published())), list(Issue.objects.all()))


def test_column_is_headed_by_the_city_and_where_two_share_it_by_the_form_too():
    here = make.make_place(city="Washington, D.C.", country="US")
    make.make_meeting(place=make.make_place(city="Oslo"), format="summit", starts_on="2017-01-01")
    make.make_meeting(place=here, format="bilateral", starts_on="2017-02-01")
    make.make_meeting(place=here, format="pull_aside", starts_on="2017-03-01")
    make.make_meeting(place=None, title="A call", starts_on="2017-04-01")

    heads = [head for _, head in table().heads]

    assert heads == ["Oslo", "Washington bilateral", "Washington pull-aside", "A call"]


def account(meeting, issue, **findings):
    make.make_discussion(meeting=meeting, issue=issue)
    for government, finding in findings.items():
        make.make_account(meeting=meeting, issue=issue, government=government, finding=finding)


def test_key_names_the_two_governments_whose_accounts_the_table_compares():
    account(make.make_meeting(), make.make_issue(), FI="stated", FR="not_mentioned")

    assert list(table().legend) == [
        ("both", "Both accounts"),
        ("first", "Finnish account only (FI)"),
        ("second", "French account only (FR)"),
        ("press", "Press only"),
        ("agenda", "Planned agenda"),
    ]


def test_key_of_several_governments_names_none_and_adds_what_is_rare(client):
    issue = make.make_issue()
    account(make.make_meeting(), issue, FI="stated", FR="stated", US="not_mentioned")
    account(make.make_meeting(), issue, FI="", FR="")

    words = dict(table().legend)
    page = client.get("/issues/by-meeting/").content.decode()

    assert words["both"] == "All accounts"
    assert words["some"] == "Some accounts, by code"
    assert words["record"] == "On record, in no account"
    assert "FI Finland, FR France, US United States" in page
    assert "</span>FI FR</a>" in page
