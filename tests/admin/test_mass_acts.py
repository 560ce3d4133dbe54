"""What is done to many rows of a list: planned, all or none, by the acts and rights for one."""

import pytest

from meetings.models import (
    Account,
    Actor,
    Discussion,
    Meeting,
    Outcome,
    Participation,
    Reaction,
    Revision,
    Source,
)
from tests import factories as make

from .helpers import address, form_data, recorded, revisions_of

pytestmark = pytest.mark.django_db


def ask(desk, rows, action):
    """Tick rows in their list and choose an action; return the page that asks."""
    ticked = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0"}
    return desk.post(address(rows[0], "changelist"), ticked)


def ticked_in(page):
    """Return the ids that the page would act on."""
    form = page.content.decode().partition("<form method")[2]
    return [
        int(part.partition('value="')[2].partition('"')[0])
        for part in form.split('name="_selected_action"')[1:]
    ]


def answer(desk, rows, page, **typed):
    data = form_data(page) | {"_selected_action": ticked_in(page)} | typed
    return desk.post(address(rows[0], "changelist"), data, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_parts_of_several_entries_are_deleted_with_a_note_and_can_be_restored(desk):
    public = make.make_meeting(title="Geneva")
    draft = make.make_meeting(title="Reykjavik", status="draft")
    outcomes = [make.make_outcome(meeting=each) for each in (public, public, draft)]
    kept = make.make_outcome(meeting=public)
    recorded(public), recorded(draft)

    page = ask(desk, outcomes, "remove_selected")

    text = page.content.decode()
    assert "Geneva" in text
    assert "Reykjavik" in text
    assert "It is public, and so is this change" in text
    assert f"Outcome ({outcomes[0].order})" in text
    assert f"Outcome ({kept.order})" not in text
    assert Outcome.objects.count() == 4
    words = {"note": "Belong elsewhere.", "kind": "correction", "was_wrong": "They stood here."}
    done = answer(desk, outcomes, page, **words)
    assert said(done) == ["3 outcomes of 2 meetings were deleted."]
    assert Outcome.objects.get() == kept
    last = Revision.objects.latest_of(public)
    assert (last.act, {name: getattr(last, name) for name in words}) == ("save", words)
    assert [revisions_of(public), revisions_of(draft)] == [["load", "save"]] * 2


def test_parts_of_a_public_entry_are_not_deleted_without_a_note(desk):
    outcome = make.make_outcome(meeting=make.make_meeting())
    recorded(outcome.meeting)

    refused = answer(desk, [outcome], ask(desk, [outcome], "remove_selected"))

    assert "Write a change note" in refused.content.decode()
    assert Outcome.objects.exists()


def test_discussions_go_with_their_accounts(desk):
    meeting, issue = make.make_meeting(status="draft"), make.make_issue()
    discussion = make.make_discussion(meeting=meeting, issue=issue)
    make.make_account(meeting=meeting, issue=issue)
    recorded(meeting)

    page = ask(desk, [discussion], "remove_selected")

    assert "Account (" in page.content.decode()
    answer(desk, [discussion], page)
    assert not Discussion.objects.exists()
    assert not Account.objects.exists()


def test_plan_says_what_is_refused_and_leaves_it_out(desk):
    """Without one of two accounts, the issue cannot be called agreed."""
    meeting, issue = make.make_meeting(status="draft"), make.make_issue()
    make.make_discussion(meeting=meeting, issue=issue, agreement="agree")
    cells = {"meeting": meeting, "issue": issue, "finding": "stated"}
    one = make.make_account(government="US", **cells)
    make.make_account(government="RU", **cells)
    elsewhere = make.make_meeting(status="draft")
    make.make_discussion(meeting=elsewhere, issue=issue)
    other = make.make_account(meeting=elsewhere, issue=issue)
    recorded(meeting), recorded(other.meeting)

    page = ask(desk, [one, other], "remove_selected")

    assert "cannot be compared" in page.content.decode()
    assert ticked_in(page) == [other.pk]
    answer(desk, [one, other], page)
    assert Account.objects.filter(pk=one.pk).exists()
    assert not Account.objects.filter(pk=other.pk).exists()


def test_parts_of_an_entry_that_changed_meanwhile_are_not_deleted(desk):
    outcome = make.make_outcome(meeting=make.make_meeting(status="draft"))
    recorded(outcome.meeting)
    page = ask(desk, [outcome], "remove_selected")
    Meeting.objects.update(title="Changed")

    refused = answer(desk, [outcome], page)

    assert "Nothing was changed" in refused.content.decode()
    assert Outcome.objects.exists()


def test_writers_delete_parts_of_drafts_and_are_told_that_public_ones_are_beyond_them(client):
    client.force_login(make.make_member("writer"))
    public = make.make_participation(meeting=make.make_meeting())
    draft = make.make_participation(meeting=make.make_meeting(status="draft"))
    recorded(public.meeting), recorded(draft.meeting)

    page = ask(client, [public, draft], "remove_selected")

    assert "You may not publish meetings." in page.content.decode()
    answer(client, [public, draft], page, note="Twice.")
    assert Participation.objects.get() == public


def test_drafts_are_deleted_together_and_what_was_public_or_is_used_is_kept(desk):
    drafts = [recorded(make.make_meeting(status="draft")) for _ in range(2)]
    public = recorded(make.make_meeting(title="Geneva"))
    used = recorded(make.make_meeting(status="draft", title="Reykjavik"))
    make.make_reaction(meeting=used, status="draft")
    rows = [*drafts, public, used]

    page = ask(desk, rows, "delete_drafts")

    text = page.content.decode()
    assert "It was public. Withdraw it" in text
    assert "It is used by 1 reaction." in text
    assert Meeting.objects.count() == 4
    done = answer(desk, rows, page)
    assert said(done) == ["2 meetings were deleted."]
    assert {*Meeting.objects.all()} == {public, used}
    assert "Recover" in desk.get("/admin/meetings/meeting/deleted/").content.decode()


def test_references_that_nothing_uses_are_deleted_together(desk):
    unused = [recorded(make.make_actor()) for _ in range(2)]
    used = recorded(make.make_actor())
    make.make_reaction(actors=[used], status="draft")

    answer(desk, unused, ask(desk, [*unused, used], "delete_drafts"))

    assert Actor.objects.get() == used


def test_nothing_is_offered_where_all_is_refused(desk):
    public = recorded(make.make_meeting())

    page = ask(desk, [public], "delete_drafts")

    assert ticked_in(page) == []
    assert 'type="submit" class="default"' not in page.content.decode()


def test_entries_are_withdrawn_together_with_a_reason(desk, client):
    rows = [recorded(make.make_reaction()) for _ in range(2)]
    page = ask(desk, rows, "withdraw_selected")
    refused = answer(desk, rows, page)
    assert "Say why" in refused.content.decode()

    done = answer(desk, rows, page, note="Rested on a forgery.")

    assert said(done) == ["2 reactions were withdrawn."]
    assert {*Reaction.objects.values_list("status", flat=True)} == {"withdrawn"}
    assert Revision.objects.filter(act="withdraw", note="Rested on a forgery.").count() == 2


def test_reading_of_sources_is_set_together(desk):
    rows = [recorded(make.make_source(read="not_opened")) for _ in range(2)]

    answer(desk, rows, ask(desk, rows, "set_reading_of_selected"), read="whole")

    assert {*Source.objects.values_list("read", flat=True)} == {"whole"}
    assert [revisions_of(row) for row in rows] == [["load", "save"]] * 2


def test_source_that_is_quoted_is_not_called_unopened_among_others(desk):
    quoted, other = [recorded(make.make_source(read="whole")) for _ in range(2)]
    make.make_reaction(quotation="So.", quotation_language="en", quotation_source=quoted)

    page = ask(desk, [quoted, other], "set_reading_of_selected")
    refused = answer(desk, [quoted, other], page, read="not_opened", note="Checked.")

    assert "The record quotes from this source" in refused.content.decode()
    assert {*Source.objects.exclude(read="excerpt").values_list("read", flat=True)} == {"whole"}


def test_archived_addresses_are_written_together_and_wrong_ones_refused(desk):
    one, two = [recorded(make.make_source()) for _ in range(2)]
    page = ask(desk, [one, two], "set_archived_of_selected")
    typed = {f"archived-{one.pk}": "https://web.archive.org/web/1/https://a.example/"}
    wrong = answer(desk, [one, two], page, **typed, **{f"archived-{two.pk}": "ftp://a.example/"})
    assert [*wrong.context["form"].errors] == [f"archived-{two.pk}"]
    assert not Source.objects.exclude(archived_url="").exists()

    answer(desk, [one, two], page, **typed)

    assert Source.objects.exclude(archived_url="").get() == one
    assert revisions_of(two) == ["load"]
