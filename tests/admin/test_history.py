"""History at the desk: any revision as its page, any two compared, what was deleted recovered."""

import pytest
from django.urls import reverse

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.models import Issue, Meeting, Revision
from tests import factories as make
from tests.reading import response_text
from tests.writers import changing

from .helpers import open_form, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    """A draft with two revisions, whose person has had two names."""
    make.make_source(slug="press")
    meeting = make.make_meeting(slug="geneva", title="Geneva", body="They met.", status="draft")
    actor = make.make_actor(slug="ada", name="Ada Before")
    make.make_participation(meeting=meeting, actor=actor)
    make.make_outcome(meeting=meeting, order=10, text="Agreed.")
    record_loaded()
    acts.save(entry=actor, after=changing(actor, name="Ada After"))
    state = snapshot(meeting)
    state["meetings"][0] |= {"body": "They talked.", "sources": "press"}
    del state["outcomes"]
    acts.save(entry=meeting, after=state, note="Talks.")
    return meeting


@pytest.fixture
def editor(client):
    editor = make.make_editor()
    client.force_login(editor)
    return editor


def desk(name, *args):
    return reverse(f"admin:meetings_{name}", args=args)


def test_any_revision_is_read_as_its_page(client, editor, meeting):
    first, second = (client.get(desk("meeting_revision", meeting.pk, number)) for number in (1, 2))

    assert "They met." in response_text(first)
    assert "Ada Before" in response_text(first)
    assert "Agreed." in response_text(first)
    assert "They talked." in response_text(second)
    assert "Ada After" in response_text(second)
    assert "as the desk keeps it" in response_text(first)
    assert "no-store" in first["Cache-Control"]
    assert client.get(desk("meeting_revision", meeting.pk, 3)).status_code == 404


def test_a_revision_of_every_kind_is_read(client, editor, meeting):
    rows = [
        make.make_issue(),
        make.make_reaction(),
        make.make_theme(),
        make.make_milestone(),
        make.make_page(slug="home"),
        make.make_place(),
        make.make_actor(),
        make.make_source(),
    ]
    record_loaded()

    for row in rows:
        name = f"{row._meta.model_name}_revision"
        assert client.get(desk(name, row.pk, 1)).status_code == 200, name


def test_any_two_are_compared_in_words_parts_and_lists(client, editor, meeting):
    page = response_text(client.get(f"{desk('meeting_compare', meeting.pk)}?from=2&to=1"))

    assert '<del><span class="visually-hidden">removed: </span>met.</del>' in page
    assert '<ins><span class="visually-hidden">added: </span>talked.</ins>' in page
    assert "Outcome: 10" in page
    assert "removed" in page
    assert "Talks." in page
    assert client.get(f"{desk('meeting_compare', meeting.pk)}?from=1&to=x").status_code == 404


def test_history_leads_to_reading_and_comparing(client, editor, meeting):
    page = response_text(client.get(desk("meeting_history", meeting.pk)))

    assert 'href="1/"' in page
    assert f'action="{desk("meeting_compare", meeting.pk)}"' in page
    assert "hide/" not in page


def test_who_may_not_see_the_entry_sees_no_revision(client, meeting):
    nobody = make.make_editor("nobody")
    nobody.groups.clear()
    client.force_login(nobody)

    for address in (
        desk("meeting_revision", meeting.pk, 1),
        f"{desk('meeting_compare', meeting.pk)}?from=1&to=2",
        desk("meeting_deleted"),
    ):
        assert client.get(address).status_code == 403


def test_deleted_entry_is_recovered_with_its_parts_as_a_draft(client, editor, meeting):
    before = snapshot(meeting)
    acts.delete(entry=meeting, user=editor)
    revision = Revision.objects.get(act="delete")

    page = response_text(client.get(desk("meeting_deleted")))
    answer = client.post(desk("meeting_deleted"), {"revision": revision.pk})

    again = Meeting.objects.get()
    assert "geneva" in page
    assert answer["Location"] == desk("meeting_change", again.pk)
    assert snapshot(again) == before
    assert Revision.objects.of(again).get().made_by == editor
    assert "Recovered" in Revision.objects.of(again).get().note
    assert client.post(desk("meeting_deleted"), {"revision": revision.pk}).status_code == 404


def test_recovered_reference_is_there_again(client, editor):
    place = make.make_place(slug="hall", venue="Old hall")
    record_loaded()
    acts.delete(entry=place)

    client.post(desk("place_deleted"), {"revision": Revision.objects.get(act="delete").pk})

    assert type(place).objects.get(slug="hall").venue == "Old hall"


def test_correction_is_typed_with_what_was_wrong(client, editor):
    issue = make.make_issue(slug="arms", title="Arms")
    record_loaded()
    typed = {"title": "Arms control", "change_note": "As in its name.", "change_kind": "correction"}
    data = open_form(client, issue) | typed | {"change_wrong": "The title left half out."}

    send(client, issue, data)

    assert Revision.objects.latest_of(issue).was_wrong == "The title left half out."
    assert "The title left half out." in response_text(client.get("/corrections/"))


def test_administrator_hides_and_shows_a_revision(client):
    issue = make.make_issue(slug="arms", title="Arms")
    record_loaded()
    acts.save(entry=issue, after=changing(issue, title="Arms control"), note="Title.")
    client.force_login(make.make_editor("root", is_superuser=True))
    address = desk("issue_hide", issue.pk, 1)

    asked = response_text(client.get(address))
    client.post(address, {"reason": ""})
    before = Revision.objects.of(issue).get(number=1).hidden_because
    client.post(address, {"reason": "It named a child."})
    hidden = client.get("/issues/arms/r1/").status_code
    client.post(address)

    assert "The reason is public" in asked
    assert (before, hidden) == ("", 410)
    assert client.get("/issues/arms/r1/").status_code == 200
    client.force_login(make.make_editor())
    assert client.get(address).status_code == 403
    assert Issue.objects.count() == 1
