"""Merging at the desk: find the one to keep, look at every cell that changes, confirm, undo."""

import pytest

from meetings.models import Actor, Import
from tests import factories as make

from .helpers import address, form_data, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    kept = make.make_actor(slug="putin", name="Vladimir Putin")
    gone = make.make_actor(slug="putin-2", name="V. Putin")
    make.make_participation(
        meeting=make.make_meeting(slug="geneva"), actor=gone, role="Prime minister"
    )
    return recorded(kept), recorded(gone)


def plan_address(kept, gone):
    return f"{address(gone, 'merge')}{kept.pk}/"


def confirm(desk, kept, gone, page=None, **words):
    page = page or desk.get(plan_address(kept, gone))
    data = form_data(page) | {"note": "One man.", "kind": "correction"} | words
    return desk.post(plan_address(kept, gone), data, follow=True)


def test_person_is_found_without_scripts_and_merged_after_a_look_at_the_plan(desk, people):
    kept, gone = people
    assert address(gone, "merge") in desk.get(address(gone)).content.decode()

    found = desk.get(address(gone, "merge"), {"q": "putin"}).content.decode()
    page = desk.get(plan_address(kept, gone))
    response = confirm(desk, kept, gone, page)

    assert plan_address(kept, gone) in found
    assert plan_address(gone, gone) not in found
    text = page.content.decode()
    assert "Prime minister" in text
    assert "name: “V. Putin” goes, “Vladimir Putin” stays" in text
    assert "Merged: putin-2 into putin." in response.content.decode()
    assert kept.meetings.get().slug == "geneva"


def test_merge_is_undone_from_its_page_among_the_imports(desk, people):
    confirm(desk, *people)
    merged = Import.objects.get()
    pages = [f"/admin/meetings/import/{merged.pk}/{name}/" for name in ("result", "undo")]
    assert "Undo this merge" in desk.get(pages[0]).content.decode()
    assert "changed" in desk.get("/admin/meetings/import/").content.decode()

    desk.post(pages[1], form_data(desk.get(pages[1])) | {"note": "Two men."})

    assert Actor.objects.filter(slug="putin-2").exists()


def test_plan_that_is_stale_is_refused_and_shown_as_it_is_now(desk, people):
    kept, gone = people
    page = desk.get(plan_address(kept, gone))
    make.make_participation(meeting=make.make_meeting(slug="later"), actor=gone)

    text = confirm(desk, kept, gone, page).content.decode()

    assert "changed since you looked" in text
    assert "later" in text
    assert Actor.objects.filter(slug="putin-2").exists()


def test_cell_that_both_have_is_chosen_on_the_page_of_the_plan(desk, people):
    kept, gone = people
    make.make_participation(meeting=gone.meetings.get(), actor=kept, role="President")

    page = desk.get(plan_address(kept, gone))
    (asked,) = page.context["conflicts"]
    theirs = next(value for value, label, _ in asked.answers if label == "Take the one that goes")
    refused = confirm(desk, kept, gone, page)
    confirm(desk, kept, gone, page, **{asked.name: theirs})

    assert "Choose for each cell that both have" in refused.content.decode()
    assert kept.participations.get().role == "Prime minister"


def test_what_speaks_against_a_merge_leads_to_its_entry(desk, people):
    kept, gone = people
    meeting = gone.meetings.get()
    # No rule of today, as an old row may be.
    type(meeting).objects.filter(pk=meeting.pk).update(body="Says [@nobody].")

    text = desk.get(plan_address(kept, gone)).content.decode()

    assert "They cannot be merged as they are" in text
    assert f'<a href="{address(meeting)}">Meeting geneva</a>: ' in text
    assert 'value="Merge"' not in text


def test_pages_refuse_those_who_may_not_change_what_is_public(client, people):
    kept, gone = people
    client.force_login(make.make_member("writer"))

    for page in (address(gone, "merge"), plan_address(kept, gone)):
        assert client.get(page).status_code == 403
    assert client.post(plan_address(kept, gone), {"note": "x"}).status_code == 403


def test_row_is_not_merged_into_itself(desk, people):
    kept, _ = people

    response = desk.get(plan_address(kept, kept), follow=True)

    assert "Choose another one of the same kind" in response.content.decode()
