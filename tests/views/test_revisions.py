"""The public history of an entry: its revisions as pages, what they changed, what is hidden."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.models import PublicName, Revision
from tests import factories as make
from tests.reading import response_text
from tests.writers import changing

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    """A meeting whose page has a source, a person, a place, parts, and a second revision."""
    source = make.make_source(slug="press", title="First title", publisher="Agency")
    place = make.make_place(slug="hall", venue="Old hall", city="Geneva")
    meeting = make.make_meeting(
        slug="geneva", title="Geneva", body="They met [@press].", place=place, sources=[source]
    )
    actor = make.make_actor(slug="ada", name="Ada Before")
    make.make_participation(meeting=meeting, actor=actor)
    make.make_outcome(meeting=meeting, order=10, text="Agreed at first [@press].")
    record_loaded()
    acts.save(entry=meeting, after=changing(meeting, body="They talked [@press]."), note="Word.")
    return meeting


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return response_text(answer)


def test_revision_is_the_page_as_it_stood(client, meeting):
    for entry, columns in (
        (meeting.sources.get(), {"title": "Second title"}),
        (meeting.place, {"venue": "New hall"}),
        (meeting.participations.get().actor, {"name": "Ada After"}),
    ):
        acts.save(entry=entry, after=changing(entry, **columns), note="Other words.")
    acts.save(entry=meeting, after=changing(meeting, title="Geneva at last"), note="Title.")

    first, second, third = (text_of(client, f"/meetings/geneva/r{n}/") for n in (1, 2, 3))
    live = text_of(client, "/meetings/geneva/")

    assert "They met" in first
    assert "They talked" in second
    assert "They talked" in live
    for page in (first, second):
        assert all(words in page for words in ("First title", "Old hall", "Ada Before"))
        assert not any(words in page for words in ("Second title", "New hall", "Ada After"))
    for page in (third, live):
        assert all(words in page for words in ("Second title", "New hall", "Ada After"))
        assert "First title" not in page
    assert "Agreed at first" in first


def test_revision_says_that_it_is_old_and_robots_leave_it_out(client, meeting, settings):
    html = client.get("/meetings/geneva/r1/").content.decode()

    assert "You are reading revision 1 of" in html
    assert "There is a newer revision" in html
    assert "What has changed since: 1 revision" in html
    assert "Word." in html
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="{settings.SITE_URL}/meetings/geneva/">' in html
    assert "og:title" not in html
    assert f"{settings.SITE_URL}/meetings/geneva/r1/" in html


def test_page_cites_its_newest_revision(client, meeting, settings):
    address = f"{settings.SITE_URL}/meetings/geneva/r2/"

    assert address in client.get("/meetings/geneva/").content.decode()
    assert address in client.get("/meetings/geneva/cite.bib").content.decode()


def test_history_lists_what_was_public_newest_first(client, meeting):
    text = text_of(client, "/meetings/geneva/history/")

    assert text.index('href="/meetings/geneva/r2/"') < text.index('href="/meetings/geneva/r1/"')
    assert "Word." in text


def test_changes_mark_the_words(client, meeting):
    outcome = snapshot(meeting)["outcomes"][0] | {"order": "20", "text": "Agreed again [@press]."}
    state = snapshot(meeting)
    acts.save(
        entry=meeting, after=state | {"outcomes": [*state["outcomes"], outcome]}, note="Outcome."
    )

    words = text_of(client, "/meetings/geneva/r2/changes/")
    parts = text_of(client, "/meetings/geneva/r3/changes/")
    first = text_of(client, "/meetings/geneva/r1/changes/")

    assert '<del><span class="visually-hidden">removed: </span>met</del>' in words
    assert '<ins><span class="visually-hidden">added: </span>talked</ins>' in words
    assert "Outcome: 20" in parts
    assert "Agreed again" in parts
    assert "all of it was new" in first


def test_changes_name_people_as_they_were_then(client, meeting):
    actor = meeting.participations.get().actor
    acts.save(entry=meeting, after=snapshot(meeting) | {"participations": []}, note="Not there.")
    acts.save(entry=actor, after=changing(actor, name="Canary"))

    page = text_of(client, "/meetings/geneva/r3/changes/")

    assert "Participation: Ada Before" in page
    assert "Canary" not in page
    assert "Canary" not in text_of(client, "/meetings/geneva/r1/")


def test_what_was_a_draft_is_in_no_history(client):
    entry = make.make_issue(
        slug="arms",
        body="canary before [@press].",
        status="draft",
        sources=[make.make_source(slug="press")],
    )
    record_loaded()
    acts.save(entry=entry, after=changing(entry, body="Open words [@press]."), note="canary note")
    acts.publish(entry=entry, note="First shown.")
    acts.back_to_draft(entry=entry, note="Looked at again.")
    acts.save(entry=entry, after=changing(entry, body="canary between [@press]."), note="canary")
    acts.publish(entry=entry, after=changing(entry, body="Later words [@press]."), note="Back.")
    base = "/issues/arms/"

    numbers = [n for n in range(1, 9) if client.get(f"{base}r{n}/").status_code == 200]
    pages = [base, f"{base}history/", f"{base}timemap/", f"{base}r9/"]
    pages += [f"{base}r{n}/{end}" for n in range(1, 9) for end in ("", "changes/")]

    assert numbers == [3, 6]
    assert not [address for address in pages if "canary" in response_text(client.get(address))]
    assert "Looked at again." in text_of(client, f"{base}history/")
    assert "Open" in text_of(client, f"{base}r6/changes/")


def test_scheduled_revision_is_public_at_its_time_and_from_then_on(client, monkeypatch):
    at = timezone.now() + timedelta(hours=1)
    entry = make.make_issue(slug="arms", status="draft")
    record_loaded()
    state = changing(entry, publish_at=at)
    acts.publish(entry=entry, after=state, note="Scheduled.")

    before = client.get("/issues/arms/r2/").status_code
    later = at + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = client.get("/issues/arms/r2/")

    assert before == 404
    assert answer.status_code == 200
    assert answer["Memento-Datetime"] == f"{at:%a, %d %b %Y %H:%M:%S} GMT"


def test_part_on_an_issue_that_was_a_draft_meanwhile_is_not_shown_later(client):
    issue = make.make_issue(slug="secret", title="Canary title", status="draft")
    meeting = make.make_meeting(slug="geneva")
    make.make_source(slug="press")
    make.make_discussion(meeting=meeting, issue=issue, summary="canary summary [@press].")
    record_loaded()
    state = snapshot(meeting)
    state["discussions"][0] |= {"summary": "Open summary [@press]."}
    acts.save(entry=meeting, after=state, note="Summary.")
    acts.save(entry=meeting, after=changing(meeting, title="Other"), note="Title.")
    acts.publish(entry=issue, note="Shown.")

    first, second, third = (text_of(client, f"/meetings/geneva/r{n}/") for n in (1, 2, 3))
    changes = [text_of(client, f"/meetings/geneva/r{n}/changes/") for n in (2, 3)]

    assert "canary" not in first + second
    assert "Open summary" in third
    assert "canary" not in "".join(changes)


def test_reaction_was_shown_with_its_meeting_only(client):
    meeting = make.make_meeting(slug="geneva", status="draft")
    make.make_source(slug="press")
    reaction = make.make_reaction(slug="said", summary="canary [@press].", meeting=meeting)
    record_loaded()
    acts.save(entry=reaction, after=changing(reaction, summary="Open [@press]."), note="Opened.")
    acts.publish(entry=meeting, note="Shown.")
    acts.save(entry=reaction, after=changing(reaction, summary="Later [@press]."), note="Words.")

    numbers = [n for n in range(1, 5) if client.get(f"/reactions/said/r{n}/").status_code == 200]
    text = text_of(client, "/reactions/said/history/")

    assert numbers == [2, 3]
    assert "canary" not in text_of(client, "/reactions/said/r2/")
    assert 'r1/"' not in text


@pytest.mark.parametrize("end", ["history/", "timemap/", "r1/", "r2/changes/"])
def test_history_of_a_withdrawn_entry_says_only_that(client, meeting, end):
    acts.withdraw(entry=meeting, reason="Entered twice.")

    answer = client.get(f"/meetings/geneva/{end}")

    assert answer.status_code == 410
    assert "Entered twice." in answer.content.decode()
    assert "They met" not in answer.content.decode()


@pytest.mark.parametrize("end", ["history/", "timemap/", "r1/", "r2/changes/"])
def test_history_moves_with_its_page(client, meeting, end):
    acts.save(entry=meeting, after=changing(meeting, slug="geneva-1985"), note="Address.")

    answer = client.get(f"/meetings/geneva/{end}")

    assert (answer.status_code, answer["Location"]) == (301, f"/meetings/geneva-1985/{end}")
    assert client.get(answer["Location"]).status_code == 200


def test_number_is_written_in_one_way_and_has_an_end(client, meeting):
    for number in ("0", "01", "99", "9" * 30, "-1", "x"):
        assert client.get(f"/meetings/geneva/r{number}/").status_code == 404


def test_editors_are_named_only_by_the_name_they_chose(client, meeting):
    editor = make.make_editor("canary", first_name="Canary", email="canary@example.org")
    Revision.objects.filter(number=2).update(made_by=editor)
    addresses = ["/meetings/geneva/", *(f"/meetings/geneva/{end}" for end in ("history/", "r1/"))]

    before = [text_of(client, address).lower() for address in addresses]
    PublicName.objects.create(user=editor, name="Ana B.")
    after = [text_of(client, address) for address in addresses]

    assert "canary" not in "".join(before)
    assert all("by Ana B." in text for text in after)
    assert "canary" not in "".join(after).lower()
