"""The acts: each one transaction, one revision, or nothing at all."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied

from meetings.editing import acts, errors
from meetings.models import Meeting, Redirect, Revision
from tests import factories as make
from tests.writers import changing, written

pytestmark = pytest.mark.django_db


def test_act_makes_one_revision_and_completes_the_sources():
    make.make_source(slug="cited")
    meeting = make.make_meeting(sources=[make.make_source()])
    editor = make.make_editor()

    revision = acts.save(
        entry=meeting,
        after=changing(meeting, body="Said so [@cited]."),
        user=editor,
        note="Body added",
        kind="addition",
    )

    assert (revision.number, revision.made_by, revision.note) == (2, editor, "Body added")
    assert meeting.sources.filter(slug="cited").exists()
    assert Meeting.objects.get().revision == 2
    assert [r.act for r in Revision.objects.of(meeting)] == ["save", "load"]


def test_act_that_changes_nothing_makes_none():
    meeting = make.make_meeting()
    acts.save(entry=meeting, after=written(meeting, meeting.save))

    again = acts.save(entry=meeting, after=written(meeting, meeting.save))

    assert again is None
    assert Revision.objects.of(meeting).count() == 1


def test_part_that_changes_is_a_revision_of_its_entry():
    account = make.make_account()

    revision = acts.save(
        entry=account.meeting,
        after=changing(account, finding="not_mentioned"),
    )

    assert revision.snapshot["accounts"][0]["finding"] == "not_mentioned"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Said [@nowhere].", "There is no source “nowhere”"),
        ("Said [@Broken].", "is not a citation"),
    ],
)
def test_marker_that_names_no_source_is_refused_with_its_place(text, words):
    discussion = make.make_discussion()

    with pytest.raises(errors.Refused) as refusal:
        acts.save(
            entry=discussion.meeting,
            after=changing(discussion, summary=text),
        )

    assert words in str(refusal.value)
    assert f"Discussion ({discussion.issue.slug}), summary" in str(refusal.value)
    discussion.refresh_from_db()
    assert discussion.summary == ""


def test_gate_refuses_an_uncovered_paragraph_and_rolls_everything_back():
    make.make_source(slug="cited")
    meeting = make.make_meeting(status="draft", title="Old")
    text = "Covered [@cited].\n\nThis paragraph names nothing at all."

    with pytest.raises(errors.Refused) as refusal:
        acts.publish(entry=meeting, after=changing(meeting, title="New", body=text))

    assert "“This paragraph names nothing at all.” has no source" in str(refusal.value)
    stored = Meeting.objects.get()
    assert (stored.title, stored.status, stored.body) == ("Old", "draft", "")


def test_correction_in_public_names_what_was_wrong():
    draft, public = make.make_meeting(status="draft"), make.make_meeting()
    words = {"user": make.make_editor(), "note": "As in its name.", "kind": "correction"}

    acts.save(entry=draft, after=changing(draft, title="Geneva"), **words)
    with pytest.raises(errors.Refused, match="Say what was wrong"):
        acts.save(entry=public, after=changing(public, title="Geneva"), **words)
    words["was_wrong"] = "It was called Genoa."
    revision = acts.save(entry=public, after=changing(public, title="Geneva"), **words)

    assert revision.was_wrong == "It was called Genoa."


def test_gate_looks_at_the_parts_and_at_entries_already_public():
    outcome = make.make_outcome()

    with pytest.raises(errors.Refused, match=r"Outcome \(\d+\), text"):
        acts.save(entry=outcome.meeting, after=changing(outcome, text="Agreed."))


def test_gate_refuses_an_entry_without_a_source_and_asks_pages_for_none():
    meeting = make.make_meeting(status="draft", sources=[])
    page = make.make_page(status="draft")

    with pytest.raises(errors.Refused, match="no source at all"):
        acts.publish(entry=meeting)
    acts.publish(entry=page)

    assert page.is_public


def test_change_of_a_public_entry_asks_for_a_note():
    meeting = make.make_meeting()
    editor = make.make_editor()

    with pytest.raises(errors.Refused, match="change note"):
        acts.save(entry=meeting, after=changing(meeting, title="New"), user=editor)


def test_withdrawing_needs_a_reason_and_keeps_it():
    meeting = make.make_meeting()

    with pytest.raises(errors.Refused, match="Say why"):
        acts.withdraw(entry=meeting, reason=" ")
    revision = acts.withdraw(entry=meeting, reason="A forged source.")

    assert (revision.act, revision.note) == ("withdraw", "A forged source.")
    assert Meeting.objects.get().status == "withdrawn"


def test_back_to_draft_and_review_change_the_status_only():
    meeting = make.make_meeting()
    acts.back_to_draft(entry=meeting)
    draft = Meeting.objects.get().status

    acts.submit(entry=meeting)

    assert (draft, Meeting.objects.get().status) == ("draft", "review")


def test_public_entries_are_not_sent_to_review_nor_taken_back_without_a_word():
    meeting = make.make_meeting()

    with pytest.raises(errors.Refused, match="Only a draft"):
        acts.submit(entry=meeting)
    with pytest.raises(errors.Refused, match="change note"):
        acts.back_to_draft(entry=meeting, user=make.make_editor())

    assert Meeting.objects.get().status == "published"


def test_stale_form_is_told_who_changed_what_and_writes_nothing():
    meeting = make.make_meeting(title="First")
    acts.save(entry=meeting, after=written(meeting, meeting.save))
    ana = make.make_editor("ana")
    acts.save(entry=meeting, after=changing(meeting, title="Ana's"), user=ana, note="x")

    with pytest.raises(errors.Stale) as stale:
        acts.save(entry=meeting, after=changing(meeting, title="Ben's"), seen=1)

    assert "changed by ana at" in str(stale.value)
    change = next(change for change in stale.value.changes if change.column == "title")
    assert (change.old, change.new) == ("First", "Ana's")
    assert Meeting.objects.get().title == "Ana's"


def test_rights_are_asked_for_and_public_entries_ask_for_more():
    writer = User.objects.create_user("writer", is_staff=True)
    writer.user_permissions.add(Permission.objects.get(codename="change_meeting"))
    draft, public = make.make_meeting(status="draft"), make.make_meeting(title="Public")

    acts.save(entry=draft, after=changing(draft, title="Mine"), user=writer)
    for act in (
        lambda: acts.save(entry=public, after=changing(public, title="Mine"), user=writer),
        lambda: acts.publish(entry=draft, user=writer, note="x"),
        lambda: acts.withdraw(entry=public, user=writer, reason="x"),
        lambda: acts.delete(entry=draft, user=writer),
    ):
        with pytest.raises(PermissionDenied):
            act()

    stored = set(Meeting.objects.values_list("title", "status"))
    assert stored == {("Mine", "draft"), ("Public", "published")}


def test_changed_address_leads_on_for_ever_and_stays_reserved(client):
    meeting = make.make_meeting(slug="one")
    for slug in ("two", "three"):
        acts.save(entry=meeting, after=changing(meeting, slug=slug))

    answers = [client.get(f"/meetings/{slug}/") for slug in ("one", "two", "three")]

    assert [answer.status_code for answer in answers] == [301, 301, 200]
    assert {answer["Location"] for answer in answers[:2]} == {"/meetings/three/"}
    other = make.make_meeting(slug="other")
    with pytest.raises(errors.Refused, match="Choose another"):
        acts.save(entry=other, after=changing(other, slug="one"))
    acts.save(entry=meeting, after=changing(meeting, slug="one"))
    assert dict(Redirect.objects.values_list("old_path", "new_path")) == {
        "/meetings/two/": "/meetings/one/",
        "/meetings/three/": "/meetings/one/",
    }


def test_redirect_to_what_was_taken_back_leads_to_the_reason(client):
    meeting = make.make_meeting(slug="one")
    acts.save(entry=meeting, after=changing(meeting, slug="two"))
    acts.back_to_draft(entry=meeting)

    answer = client.get("/meetings/one/", follow=True)

    assert answer.redirect_chain == [("/meetings/two/", 301)]
    assert answer.status_code == 410


def test_address_of_a_cited_source_is_fixed():
    source = make.make_source(slug="one")
    make.make_meeting(sources=[source])

    with pytest.raises(errors.Refused, match="cited"):
        acts.save(entry=source, after=changing(source, slug="two"))


def test_what_was_public_or_is_used_is_not_deleted():
    public = make.make_meeting()
    draft = make.make_meeting(status="draft")
    used = make.make_issue(status="draft")
    make.make_reaction(issues=[used], status="draft")

    with pytest.raises(errors.Refused, match="Withdraw it"):
        acts.delete(entry=public)
    with pytest.raises(errors.Refused, match="1 reaction"):
        acts.delete(entry=used)
    pk = draft.pk
    acts.delete(entry=draft)

    last = Revision.objects.filter(table="meeting", object_id=pk).first()
    assert not Meeting.objects.filter(pk=pk).exists()
    assert (last.act, last.snapshot["meetings"][0]["title"]) == ("delete", draft.title)
