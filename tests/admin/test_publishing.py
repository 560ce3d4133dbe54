"""Publishing, withdrawing and deleting at the desk."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.utils.html import strip_tags

from meetings.admin import bulk_actions
from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import Meeting, Revision, Source
from meetings.tables.registry import VERSIONED_TABLES
from tests import factories
from tests.factories import (
    make_discussion,
    make_meeting,
    make_reaction,
    make_source,
)

from .helpers import address, errors, form_data, open_form, recorded, revisions_of, send

pytestmark = pytest.mark.django_db
KINDS = [table.model._meta.model_name for table in VERSIONED_TABLES]


def test_save_and_publish_makes_one_revision(desk):
    meeting = recorded(make_meeting(status="draft"))
    data = open_form(desk, meeting) | {"change_note": "First.", "change_kind": "addition"}

    response = send(desk, meeting, data, button="_publish")

    assert response.status_code == 302
    assert revisions_of(meeting) == ["load", "publish"]
    meeting.refresh_from_db()
    assert meeting.is_public


def test_save_and_send_to_review(desk):
    meeting = recorded(make_meeting(status="draft"))

    send(desk, meeting, open_form(desk, meeting), button="_submit")

    assert Meeting.objects.get().status == "review"
    assert revisions_of(meeting) == ["load", "submit"]


def test_the_gate_keeps_the_typed_text_and_writes_nothing(desk):
    meeting = make_meeting(status="draft", title="Before")
    make_discussion(meeting=meeting, summary="Before.")
    recorded(meeting)
    data = open_form(desk, meeting) | {"title": "Typed", "discussions-0-summary": "Uncovered."}

    response = send(desk, meeting, data | {"change_note": "Note"}, button="_publish")

    assert (
        "Cannot be published yet: the paragraph “Uncovered.” has no source." in errors(response)[0]
    )
    sent_back = form_data(response, "meeting_form")
    assert (sent_back["title"], sent_back["discussions-0-summary"]) == ("Typed", "Uncovered.")
    assert Meeting.objects.get().title == "Before"
    assert (revisions_of(meeting), LogEntry.objects.count()) == (["load"], 0)


def test_a_published_entry_is_saved_only_with_a_note(desk):
    meeting = recorded(make_meeting())
    data = open_form(desk, meeting) | {"title": "Corrected"}

    refused = send(desk, meeting, data)
    accepted = send(desk, meeting, form_data(refused, "meeting_form") | {"change_note": "Name."})

    assert "Write a change note" in errors(refused)[0]
    assert accepted.status_code == 302
    assert revisions_of(meeting) == ["load", "save"]


@pytest.mark.parametrize(
    ("status", "page", "after", "act"),
    [
        ("draft", "publish", "published", "publish"),
        ("published", "withdraw", "withdrawn", "withdraw"),
        ("published", "back-to-draft", "draft", "draft"),
    ],
)
def test_an_act_has_its_own_page(desk, status, page, after, act):
    meeting = recorded(make_meeting(status=status))
    data = form_data(desk.get(address(meeting, page)))

    response = desk.post(address(meeting, page), data | {"note": "Because."})

    assert response.status_code == 302
    meeting.refresh_from_db()
    assert meeting.status == after
    assert revisions_of(meeting) == ["load", act]
    assert Revision.objects.latest_of(meeting).note == "Because."


@pytest.mark.parametrize("kind", KINDS)
def test_what_acts_on_the_stored_row_stands_apart_from_its_form(desk, kind):
    row = recorded(getattr(factories, f"make_{kind}")())

    page = desk.get(address(row)).content.decode()

    before, _, form = page.partition('<form method="post"')
    assert f"The stored {row._meta.verbose_name}</h2>" in before
    assert "what you type below is no part of it until you save" in before
    for name in ("publish", "withdraw", "back-to-draft", "history", "delete"):
        assert f"/{row.pk}/{name}/" not in form
    if not hasattr(row, "status"):
        assert address(row, "delete") in before
    else:
        assert address(row, "withdraw") in before


@pytest.mark.parametrize("act", ["publish", "withdraw", "back-to-draft"])
def test_page_of_an_act_says_which_text_it_is_about(desk, act):
    meeting = recorded(make_meeting())
    Revision.objects.update(made_at=datetime(2026, 3, 1, 14, 32, tzinfo=UTC))

    page = " ".join(strip_tags(desk.get(address(meeting, act)).content.decode()).split())

    assert "on the meeting as it is stored, saved on 1 March 2026, 14:32 UTC." in page
    assert "What you typed in its form and did not save is no part of it." in page


def test_withdrawing_asks_for_a_reason(desk):
    meeting = recorded(make_meeting())

    response = desk.post(address(meeting, "withdraw"), {"seen": meeting.revision, "note": " "})

    assert "Say why the entry is withdrawn." in response.content.decode()
    assert Meeting.objects.get().is_public


def test_an_act_on_what_changed_meanwhile_is_refused_once(desk):
    meeting = recorded(make_meeting())
    data = form_data(desk.get(address(meeting, "withdraw"))) | {"note": "Why"}
    Meeting.objects.update(title="Changed")
    record_loaded()

    refused = desk.post(address(meeting, "withdraw"), data)

    again = form_data(refused)
    assert "This entry was changed by" in refused.content.decode()
    assert again["note"] == "Why"
    assert desk.post(address(meeting, "withdraw"), again).status_code == 302


def act_on(desk, rows, action, **answers):
    """Tick rows in their list, choose an action, and answer the page that asks."""
    url = address(rows[0], "changelist")
    ticked = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0"}
    page = desk.post(url, ticked)
    if page.status_code == 302:
        return page
    asked = form_data(page) | {"_selected_action": [row.pk for row in rows]}
    return desk.post(url, asked | answers)


def test_selected_entries_are_published_together(desk):
    meetings = [recorded(make_meeting(status="draft")) for _ in range(3)]

    asked = act_on(desk, meetings, "publish_selected", note="All three.")

    assert Meeting.objects.published().count() == 3
    said = [str(message) for message in desk.get(asked["Location"]).context["messages"]]
    assert said == ["3 meetings were published."]
    assert [revisions_of(meeting) for meeting in meetings] == [["load", "publish"]] * 3


def test_selected_entries_that_have_a_time_are_said_to_be_scheduled(desk):
    times = (None, datetime(2096, 12, 24, 9, tzinfo=UTC))
    meetings = [recorded(make_meeting(status="draft", publish_at=time)) for time in times]

    done = act_on(desk, meetings, "publish_selected", note="Both.")

    said = [str(message) for message in desk.get(done["Location"]).context["messages"]]
    assert said == ["2 meetings were published. 1 of them is scheduled for later."]


def test_one_refusal_publishes_none_of_the_selected(desk):
    ready = recorded(make_meeting(status="draft"))
    bare = recorded(make_meeting(status="draft", sources=[], title="Bare"))

    response = act_on(desk, [ready, bare], "publish_selected", note="Both.")

    assert "no source at all" in response.content.decode()
    assert not Meeting.objects.published().exists()
    assert revisions_of(ready) == ["load"]


def test_sources_are_marked_as_read_with_a_revision_each(desk):
    sources = [recorded(make_source(read=read)) for read in ("not_opened", "excerpt")]

    done = act_on(desk, sources, "set_reading_of_selected")

    said = [str(message) for message in desk.get(done["Location"]).context["messages"]]
    assert said == ["2 sources were marked as read so far."]
    assert [revisions_of(source) for source in sources] == [["load", "save"], ["load"]]


def messages_after(desk, rows, action):
    """Tick rows, choose an action that asks nothing, and return what the list then says."""
    ticked = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0"}
    response = desk.post(address(rows[0], "changelist"), ticked, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


def test_source_that_cannot_be_marked_as_read_is_named_and_none_is_marked(desk):
    ready = recorded(make_source(read=""))
    broken = make_source(title="Broken <report>", note="See [@nowhere].", read="")

    page = act_on(desk, [ready, broken], "set_reading_of_selected").content.decode()

    assert "There is a problem. Nothing was changed." in page
    assert "Broken &lt;report&gt;</a>: " in page
    assert "There is no source “nowhere”" in page
    assert not Source.objects.exclude(read="").exists()
    assert revisions_of(ready) == ["load"]


def test_source_that_is_deleted_meanwhile_cannot_be_marked_as_read(desk, monkeypatch):
    gone = recorded(make_source(title="Gone", read=""))

    def save_too_late(*, entry, **details):
        Source.objects.filter(pk=entry.pk).delete()
        return save(entry=entry, **details)

    save = acts.save
    monkeypatch.setattr(acts, "save", save_too_late)

    page = act_on(desk, [gone], "set_reading_of_selected").content.decode()

    assert "Gone</a>: It was deleted in the meantime." in page


@pytest.mark.parametrize(
    "action", ["set_reading_of_selected", "publish_selected", "draft_selected"]
)
def test_too_many_ticked_are_refused_before_any_is_changed(desk, monkeypatch, action):
    monkeypatch.setattr(bulk_actions, "MOST_SELECTED_ROWS", 2)
    make = make_source if action == "set_reading_of_selected" else make_meeting
    rows = [recorded(make()) for _ in range(3)]

    said = messages_after(desk, rows, action)

    assert said == ["Select at most 2 at a time. Nothing was changed."]
    assert [revisions_of(row) for row in rows] == [["load"]] * 3


def test_a_draft_that_nothing_uses_is_deleted(desk):
    meeting = make_meeting(status="draft")
    make_discussion(meeting=meeting)
    recorded(meeting)
    data = form_data(desk.get(address(meeting, "delete")))

    response = desk.post(address(meeting, "delete"), data)

    assert response.status_code == 302
    assert not Meeting.objects.filter(pk=meeting.pk).exists()


def test_what_was_public_or_is_used_is_not_deleted(desk):
    used = recorded(make_meeting(status="draft"))
    make_reaction(meeting=used)
    source = make_source()
    make_meeting(sources=[source], status="draft")

    for row in (make_meeting(), used, source):
        data = {"post": "yes", "seen": recorded(row).revision}
        answer = desk.post(address(row, "delete"), data, follow=True)
        assert answer.redirect_chain == [(address(row), 302)]
        assert (
            "It was public." in answer.content.decode()
            or "It is used by" in answer.content.decode()
        )
        assert type(row).objects.filter(pk=row.pk).exists()
        assert 'class="deletelink"' not in desk.get(address(row)).content.decode()


def test_what_changed_meanwhile_is_not_deleted(desk):
    meeting = recorded(make_meeting(status="draft"))
    data = form_data(desk.get(address(meeting, "delete")))
    Meeting.objects.update(title="Changed")

    response = desk.post(address(meeting, "delete"), data, follow=True)

    assert "It was changed in the meantime." in response.content.decode()
    assert Meeting.objects.exists()


def test_many_cannot_be_deleted_from_a_list(desk):
    assert "delete_selected" not in desk.get("/admin/meetings/meeting/").content.decode()


def test_refusal_stands_once_above_the_form_as_a_link_and_once_at_its_field(desk):
    meeting = make_meeting(status="draft", body="Covered by nothing.")
    make_discussion(meeting=meeting, summary="Uncovered.")
    recorded(meeting)

    response = send(desk, meeting, open_form(desk, meeting), button="_publish")

    page = " ".join(response.content.decode().split())
    above, _, fields = page.partition("</section> <nav")
    assert "<title>Error: " in page
    assert 'class="error-summary" role="alert" tabindex="-1" autofocus' in above
    assert "Please correct the error" not in page
    for field, words in (
        ("id_body", "the paragraph “Covered by nothing.” has no source."),
        ("id_discussions-0-summary", "the paragraph “Uncovered.” has no source."),
    ):
        (link,) = re.findall(rf'<a href="#{field}">[^<]*{re.escape(words)}', above)
        assert above.count(words) == 1, link
        assert link.partition(">")[2].lower().count("summary") == 1
        assert fields.count(words) == 1


def test_missing_note_leads_to_its_field(desk):
    meeting = recorded(make_meeting())
    data = open_form(desk, meeting) | {"title": "Corrected"}

    page = send(desk, meeting, data).content.decode()

    assert '<a href="#id_change_note">' in page
