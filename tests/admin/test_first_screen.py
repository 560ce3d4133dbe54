"""The desk's first screen: lines that count what their lists show, as far as a user may see it."""

from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.admin.first_screen import COLUMNS, GROUPS
from meetings.editing import acts, proposals
from meetings.editing.link_checks import Answer, keep_check
from meetings.editing.revisions import record_loaded
from meetings.editing.scheduled_proposals import publish_next_due, schedule_proposal
from meetings.editing.snapshots import snapshot
from meetings.models import Import, Proposal, Revision
from tests import factories as make

from .helpers import recorded

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")
YESTERDAY = timezone.now().date() - timedelta(days=1)
NEXT_YEAR = timezone.now() + timedelta(days=365)
# One for the session, user and rights each, and one for each of the 16 tables that lines count.
MOST_QUERIES = 25


def lines(client):
    """Return the lines that are shown, by the heading of their column."""
    shown = client.get(INDEX).context["columns"]
    return {column.heading: found for column, found in shown}


def said(client):
    """Return what the lines say, by the heading of their column."""
    return {
        heading: [f"{line.count} {line.words}" for line in found]
        for heading, found in lines(client).items()
    }


def change(row, user, **cells):
    """Prepare a change of a public row."""
    table = f"{row._meta.model_name}s"
    state = snapshot(row)
    after = {**state, table: [{**state[table][0], **cells}]}
    return proposals.save_proposal(
        entry=row, after=after, user=user, seen=0, seen_revision=row.revision
    )


def make_needs():
    """Make one of each thing that needs work, and beside each one that does not."""
    url = f"https://example.org/{next(make.serial)}/"
    unread = make.make_source(read="not_opened", url=url)
    read = make.make_source(url=f"{url}2", archived_url=f"https://archive.example/{url}")
    keep_check(unread, Answer("gone", 404))
    keep_check(read, Answer("moved", 200, "https://example.org/new/"))
    meeting = make.make_meeting(sources=[unread, read])
    discussion = make.make_discussion(meeting=meeting, summary="Said.")
    silent = make.make_discussion(meeting=meeting, summary=f"Said [@{read.slug}].")
    for issue, text in (
        (silent.issue, f"So [@{unread.slug}]."),
        (discussion.issue, "Nobody knows where."),
    ):
        make.make_account(meeting=meeting, issue=issue, government="RU", text=text)
    make.make_issue(sources=[], status="draft")
    for last_day in (YESTERDAY, date(2100, 1, 1)):
        make.make_meeting(event_status="planned", starts_on=YESTERDAY, ends_on=last_day)


def make_waiting(writer, editor):
    """Make drafts, what waits for review, what was sent back, and what is scheduled."""
    mine, others = (recorded(make.make_meeting(status="draft")) for _ in range(2))
    acts.submit(entry=mine, user=writer)
    acts.submit(entry=others, user=editor)
    acts.back_to_draft(entry=mine, user=editor, note="Say why.")
    make.make_theme(publish_at=NEXT_YEAR)
    opened, sent, back, dated, late = (recorded(make.make_milestone()) for _ in range(5))
    change(opened, writer, title="Better")
    change(sent, editor, title="Better")
    proposals.send_to_review(entry=sent, seen=1, user=editor, message="Look at the title.")
    change(back, writer, title="Better")
    proposals.send_to_review(entry=back, seen=1, user=writer)
    proposals.send_back(entry=back, seen=1, user=editor, message="Say why.")
    for row in (dated, late):
        schedule(row, editor)
    Proposal.objects.of(late).update(publish_at=timezone.now())
    acts.withdraw(entry=late, user=editor, reason="Wrong.")
    assert publish_next_due()


def schedule(row, user):
    """Prepare a change of a public row, for next year."""
    change(row, user, title="Better")
    schedule_proposal(
        entry=row, publish_at=NEXT_YEAR, seen=1, seen_revision=1, user=user, note="Better."
    )


def make_done(editor):
    """Make what was done lately, and the same long ago."""
    for days in (1, 31):
        time = timezone.now() - timedelta(days=days)
        entry = recorded(make.make_page(status="draft"))
        words = {"note": "First.", "kind": "correction", "was_wrong": "All of it."}
        acts.publish(entry=entry, user=editor, **words)
        Revision.objects.of(entry).update(made_at=time)
        for act in ("import", "undo"):
            Import.objects.create(act=act, state="done", name="a.csv", finished_at=time)


@pytest.fixture
def team():
    """A writer and an editor, and something for every line."""
    writer, editor = make.make_member("writer", "wim"), make.make_editor()
    make_needs()
    make_waiting(writer, editor)
    make_done(editor)
    record_loaded()
    return writer, editor


def test_writer_sees_what_needs_work_is_theirs_waits_and_was_done(client, team):
    client.force_login(team[0])

    assert said(client) == {
        "Needs work": [
            "1 issue without a source",
            "1 discussion without a source",
            "1 account without a source",
            "1 account with evidence unread",
            "1 source not opened",
            "1 source without an archived copy",
            "1 source whose address is gone",
            "1 source whose address moved",
            "5 places with a possible twin",
            "1 milestone with a proposal refused at its time",
            "1 possible meeting whose day has passed",
        ],
        "Mine": ["1 meeting in draft", "2 milestones with a proposal of yours"],
        "Waiting": [
            "1 meeting for review",
            "1 milestone with a proposal for review",
            "1 meeting sent back",
            "1 milestone with a proposal sent back",
            "1 theme scheduled",
            "1 milestone with a proposal scheduled",
        ],
        "Recently": ["1 published", "1 corrected"],
    }


def test_each_line_counts_what_its_list_shows(client, team):
    client.force_login(team[1])
    shown = [line for found in lines(client).values() for line in found]

    counts = {line.address: client.get(line.address).context["cl"].result_count for line in shown}

    assert {line.address: line.number for line in shown} == counts
    assert {line.lines.words for line in shown} == {
        declared.words for column in COLUMNS for declared in column.lines
    }


def test_line_says_the_next_time(client, team):
    client.force_login(team[1])

    page = client.get(INDEX).content.decode()

    assert page.count(f"the next on {NEXT_YEAR:%-d %B %Y, %H:%M} UTC") == 2


@pytest.mark.parametrize(
    ("rights", "counted"),
    [([], set()), (["view_source"], {"source"}), (["view_meeting"], {"meeting"})],
)
def test_only_what_a_user_may_see_is_counted_and_listed(client, team, rights, counted):
    user = User.objects.create_user("vera", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)

    page = client.get(INDEX)

    shown = [line for found in lines(client).values() for line in found]
    assert {line.model._meta.model_name for line in shown} == counted
    # Whose changes are open is for those who may change.
    assert not [line for line in shown if "work=" in line.address]
    tables = [
        table["object_name"] for group in page.context["app_list"] for table in group["models"]
    ]
    assert {name.lower() for name in tables} == counted


def test_empty_columns_say_so(desk):
    page = desk.get(INDEX).content.decode()

    assert "Nothing needs work." in page
    assert "You have no drafts and no proposals." in page


def test_first_screen_asks_the_same_few_questions(client, team):
    client.force_login(team[1])
    client.get(INDEX)

    with CaptureQueriesContext(connection) as few:
        client.get(INDEX)
    for _ in range(20):
        make.make_meeting(status="draft")
        make_needs()
    record_loaded()
    client.get(INDEX)
    with CaptureQueriesContext(connection) as many:
        client.get(INDEX)

    assert len(few) == len(many) <= MOST_QUERIES


def test_tables_are_grouped_by_task(client):
    client.force_login(User.objects.create_superuser("root"))
    groups = {group["name"]: group["models"] for group in client.get(INDEX).context["app_list"]}

    grouped = {model for models in GROUPS.values() for model in models}
    of_record = {m for m in admin.site._registry if m._meta.app_label == "meetings"}
    assert grouped == of_record
    assert [*groups] == ["Record", "Voices", "Evidence", "Publishing", "Who may come here"]
    assert [table["name"] for table in groups["Voices"]] == [
        "Reactions",
        "People and organisations",
    ]
    assert "Users" in [table["name"] for table in groups["Who may come here"]]


def test_change_in_review_that_its_writer_changes_was_not_sent_back(client, team):
    writer = team[0]
    milestone = recorded(make.make_milestone())
    change(milestone, writer, title="Better")
    proposals.send_to_review(entry=milestone, seen=1, user=writer, message="Look at the title.")
    stored = proposals.proposal_of(milestone)
    after = stored.snapshot | {
        "milestones": [{**stored.snapshot["milestones"][0], "title": "Best"}]
    }

    proposals.save_proposal(entry=milestone, after=after, user=writer, seen=1, seen_revision=1)

    client.force_login(writer)
    assert "1 milestone with a proposal sent back" in said(client)["Waiting"]
