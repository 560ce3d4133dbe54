"""Changes prepared at the desk beside what is public: the form, its review, its publication."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User

from meetings.editing import acts, proposals
from meetings.models import Meeting, Outcome, Proposal, Revision

from .. import factories as make
from .helpers import address, form_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    """A public meeting with an outcome, two participants' government and its first revision."""
    meeting = make.make_meeting(title="Summit", forum="G20", summary="As it was.")
    cite = f"[@{meeting.sources.get().slug}]"
    make.make_outcome(meeting=meeting, order=10, text=f"A talk {cite}.")
    discussion = make.make_discussion(meeting=meeting)
    make.make_account(meeting=meeting, issue=discussion.issue, government="RU", text=f"So {cite}.")
    acts.check_seen(entry=meeting, seen=None)
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def writer():
    writer = User.objects.create_user("wim", is_staff=True)
    writer.user_permissions.set(
        Permission.objects.filter(codename__in=["change_meeting", "view_meeting"])
    )
    return writer


def opened(client, meeting):
    page = client.get(address(meeting, "proposal"))
    return form_data(page, "meeting_form")


def keep(client, meeting, **typed):
    return client.post(address(meeting, "proposal"), opened(client, meeting) | typed, follow=True)


def test_change_is_prepared_in_the_entrys_own_form_and_the_public_page_stays(client, meeting):
    client.force_login(make.make_editor())
    link = address(meeting, "proposal")

    assert link in client.get(address(meeting)).content.decode()
    page = keep(client, meeting, forum="New forum", **{"outcomes-0-state": "agreed"})

    assert "The public page is what it was." in page.content.decode()
    assert (Meeting.objects.get().forum, Outcome.objects.get().state) == ("G20", "announced")
    again = opened(client, meeting)
    assert (again["forum"], again["outcomes-0-state"]) == ("New forum", "agreed")
    assert "Proposal by ana, in preparation" in client.get(address(meeting)).content.decode()
    client.logout()
    assert "New forum" not in client.get(meeting.get_absolute_url()).content.decode()
    assert not LogEntry.objects.exists()
    assert Revision.objects.of(meeting).count() == 1


def test_part_that_only_the_proposal_has_is_changed_and_taken_out_again(client, meeting):
    client.force_login(make.make_editor())
    cite = f"[@{meeting.sources.get().slug}]"
    new = {
        "outcomes-TOTAL_FORMS": "2",
        "outcomes-1-order": "20",
        "outcomes-1-state": "agreed",
        "outcomes-1-text": f"Another {cite}.",
    }
    keep(client, meeting, **new)

    keep(client, meeting, **{"outcomes-1-text": f"One more {cite}.", "outcomes-1-order": "30"})
    changed = Proposal.objects.get().snapshot["outcomes"][1]
    keep(client, meeting, **{"outcomes-1-DELETE": "on"})

    assert (changed["order"], changed["text"]) == ("30", f"One more {cite}.")
    assert len(Proposal.objects.get().snapshot["outcomes"]) == 1


def test_writer_prepares_and_sends_and_an_editor_compares_and_publishes(client, meeting, writer):
    client.force_login(writer)
    words = {"change_kind": "correction", "change_wrong": "The forum was another."}
    keep(client, meeting, forum="New forum", change_note="The forum’s name.", **words)
    client.post(
        address(meeting, "proposal_send"), {"seen": "1", "note": "As the programme has it."}
    )
    refused = client.post(address(meeting, "publish_proposal"), {"proposal": "1", "seen": "1"})

    client.force_login(make.make_editor())
    page = client.get(address(meeting, "publish_proposal"))
    client.post(address(meeting, "publish_proposal"), form_data(page))

    text = page.content.decode()
    assert refused.status_code == 403
    assert "For the reviewer: <strong>As the programme has it.</strong>" in " ".join(text.split())
    assert "New forum" in text
    assert "G20" in text
    revision = Revision.objects.latest_of(meeting)
    assert (revision.note, revision.written_by) == ("The forum’s name.", writer)
    assert (revision.kind, revision.was_wrong) == ("correction", "The forum was another.")
    assert Meeting.objects.get().forum == "New forum"


def test_what_both_changed_is_asked_for_on_the_page_that_publishes(client, meeting):
    client.force_login(make.make_editor())
    keep(client, meeting, summary="As proposed.")
    form = form_data(client.get(address(meeting)), "meeting_form")
    client.post(address(meeting), form | {"summary": "As corrected.", "change_note": "x"})

    page = client.get(address(meeting, "publish_proposal"))
    data = form_data(page) | {"note": "Both."}
    asked = client.post(address(meeting, "publish_proposal"), data)
    choice = next(c for c in asked.context["conflicts"] if c.column == "summary")
    without_note = client.post(
        address(meeting, "publish_proposal"),
        form_data(asked) | {choice.name: choice.answers[0][0], "note": ""},
    )
    client.post(address(meeting, "publish_proposal"), form_data(without_note) | {"note": "Both."})

    assert "As corrected." in page.content.decode()
    assert Meeting.objects.get().summary == "As proposed."


def test_reviewer_sends_back_with_a_reason(client, meeting, writer):
    client.force_login(writer)
    keep(client, meeting, forum="New forum")
    client.post(address(meeting, "proposal_send"), {"seen": "1", "note": ""})
    client.force_login(make.make_editor())
    empty = client.post(address(meeting, "proposal_send-back"), {"seen": "1", "note": ""})
    client.post(address(meeting, "proposal_send-back"), {"seen": "1", "note": "Which forum?"})
    client.force_login(writer)

    page = client.get(address(meeting, "proposal")).content.decode()

    assert "Say what is to be changed." in empty.content.decode()
    assert "Sent back: <strong>Which forum?</strong>" in " ".join(page.split())
    assert "In preparation" in page


def test_refused_change_comes_back_with_what_was_typed(client, meeting):
    client.force_login(make.make_editor())

    page = keep(client, meeting, body="A claim [@unknown].", forum="Typed")

    data = form_data(page, "meeting_form")
    assert "There is no source “unknown”" in page.content.decode()
    assert (data["forum"], data["body"]) == ("Typed", "A claim [@unknown].")
    assert not Proposal.objects.exists()


def test_two_people_in_one_proposal_are_asked_and_lose_nothing(client, meeting):
    client.force_login(make.make_editor())
    form = opened(client, meeting)
    keep(client, meeting, forum="First")

    page = client.post(address(meeting, "proposal"), form | {"forum": "Second"})
    choice = next(c for c in page.context["conflicts"] if c.column == "forum")
    data = form_data(page, "meeting_form") | {choice.name: choice.answers[0][0]}
    client.post(address(meeting, "proposal"), data)

    assert "This proposal was changed by ana" in page.content.decode()
    assert Proposal.objects.get().snapshot["meetings"][0]["forum"] == "Second"


def test_text_typed_into_a_proposal_that_is_gone_becomes_a_new_one(client, meeting):
    client.force_login(make.make_editor())
    keep(client, meeting, forum="First")
    form = opened(client, meeting)
    client.post(address(meeting, "proposal_discard"), {"seen": "1"})

    page = client.post(address(meeting, "proposal"), form | {"forum": "Second"})
    client.post(address(meeting, "proposal"), form_data(page, "meeting_form"))

    assert "published or discarded meanwhile" in page.content.decode()
    assert Proposal.objects.get().snapshot["meetings"][0]["forum"] == "Second"


def test_address_and_time_of_publication_are_not_in_the_form_of_a_proposal(client, meeting):
    client.force_login(make.make_editor())

    form = opened(client, meeting)
    keep(client, meeting, slug="other", publish_at="2030-01-01 09:00", forum="New")

    assert not {"slug", "publish_at"} & form.keys()
    row = Proposal.objects.get().snapshot["meetings"][0]
    assert (row["slug"], row["publish_at"]) == (meeting.slug, "")


def test_those_who_may_not_change_see_no_proposal(client, meeting):
    client.force_login(make.make_editor())
    keep(client, meeting, forum="New forum")
    reader = User.objects.create_user("rea", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_meeting"))
    client.force_login(reader)

    answers = [
        client.get(address(meeting, name)).status_code
        for name in ("proposal", "publish_proposal", "proposal_send", "proposal_discard")
    ]

    assert answers == [403, 403, 403, 403]
    assert "Open change" not in client.get(address(meeting)).content.decode()


def test_nothing_is_prepared_beside_a_draft_and_the_reason_is_said(client):
    draft = make.make_meeting(status="draft")
    client.force_login(make.make_editor())

    page = client.get(address(draft, "proposal"), follow=True)

    assert "It is not public" in page.content.decode()
    assert address(draft, "proposal") not in client.get(address(draft)).content.decode()


def test_reference_in_public_has_its_change_prepared_too(client):
    place = make.make_place()
    make.make_meeting(place=place)
    client.force_login(make.make_editor())
    data = form_data(client.get(address(place, "proposal")), "place_form")

    client.post(address(place, "proposal"), data | {"city": "Turku"})

    place.refresh_from_db()
    assert place.city == "Helsinki"
    assert proposals.proposal_of(place).snapshot["places"][0]["city"] == "Turku"


def test_proposal_is_given_a_time_which_its_page_and_form_tell_and_that_can_be_taken_away(
    client, meeting
):
    client.force_login(make.make_editor())
    keep(client, meeting, forum="New forum")
    compare = address(meeting, "publish_proposal")
    shown = form_data(client.get(compare))

    page = client.post(
        compare, shown | {"note": "Forum.", "publish_at": "2040-01-01 09:00"}, follow=True
    )

    assert "published on 1 January 2040, 09:00 UTC" in page.content.decode()
    assert Meeting.objects.get().forum == "G20"
    assert "Proposal by ana, scheduled" in client.get(address(meeting)).content.decode()
    state = client.get(address(meeting, "proposal")).content.decode()
    assert "1 January 2040, 09:00</time> UTC" in state
    take_away = address(meeting, "proposal_unschedule")
    assert take_away in state
    client.post(take_away, form_data(client.get(take_away)))
    assert (Proposal.objects.get().status, Proposal.objects.get().publish_at) == ("review", None)


def test_time_that_has_passed_is_refused_with_what_was_typed(client, meeting):
    client.force_login(make.make_editor())
    keep(client, meeting, forum="New forum")
    compare = address(meeting, "publish_proposal")
    shown = form_data(client.get(compare))

    page = client.post(compare, shown | {"note": "Forum.", "publish_at": "2018-01-01 09:00"})

    assert "still to come" in page.content.decode()
    assert 'value="2018-01-01 09:00"' in page.content.decode()
    assert Proposal.objects.get().status == "draft"
