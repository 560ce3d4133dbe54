"""The desk's forms without scripts: related rows are typed, and parts added one by one."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from meetings.models import Meeting, Reaction
from tests.factories import make_actor, make_issue, make_meeting, make_place, make_source

from .helpers import add_row, address, form_data, open_form, send

pytestmark = pytest.mark.django_db
ADD = reverse("admin:meetings_meeting_add")


def problems(response, field):
    return [str(problem) for problem in response.context["adminform"].form.errors[field]]


@pytest.mark.parametrize("words", ["helsinki-palace", "presidential pal", " Helsinki "])
def test_row_is_chosen_by_its_slug_or_name(desk, words):
    meeting = make_meeting(status="draft", place=None)
    place = make_place(slug="helsinki-palace", venue="Presidential Palace", city="Helsinki")
    make_place(slug="another", city="Geneva")

    answer = send(desk, meeting, open_form(desk, meeting) | {"place_words": words})

    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert meeting.place == place


def test_slug_is_taken_before_names_that_have_it_within(desk):
    meeting = make_meeting(status="draft", place=None)
    place = make_place(slug="palace", city="A")
    make_place(slug="palace-of-another", city="B")

    send(desk, meeting, open_form(desk, meeting) | {"place_words": "palace"})

    meeting.refresh_from_db()
    assert meeting.place == place


@pytest.mark.parametrize("size", [2, 12])
def test_words_for_several_rows_name_what_to_choose_from_and_are_kept(desk, size):
    meeting = make_meeting(status="draft", place=None)
    for number in range(size):
        make_place(slug=f"hall-{number}", venue=f"Hall {number}", city="Geneva")

    answer = send(desk, meeting, open_form(desk, meeting) | {"place_words": "hall"})

    (problem,) = problems(answer, "place")
    offered = re.findall(r"\[(hall-\d+)\]", problem)
    assert len(offered) == min(size, 10)
    assert ("among others" in problem) == (size > 10)
    assert form_data(answer, "meeting_form")["place_words"] == "hall"


def test_words_for_no_row_are_refused_and_kept(desk):
    meeting = make_meeting(status="draft", place=None)

    answer = send(desk, meeting, open_form(desk, meeting) | {"place_words": "nowhere"})

    assert problems(answer, "place") == ["There is no place “nowhere”. Type its slug or name."]
    assert form_data(answer, "meeting_form")["place_words"] == "nowhere"


def test_several_rows_are_added_to_those_chosen(desk):
    first, second, third = (make_source(slug=slug) for slug in ("first", "second", "third"))
    meeting = make_meeting(status="draft", sources=[first])

    answer = send(desk, meeting, open_form(desk, meeting) | {"sources_words": "second; third"})

    assert answer.status_code == 302
    assert set(meeting.sources.all()) == {first, second, third}


def test_who_may_not_see_rows_is_told_of_none(client):
    make_meeting(slug="secret-talks", title="Secret talks", status="draft")
    make_meeting(slug="secret-dinner", title="Secret dinner", status="draft")
    user = User.objects.create_user("reactions", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="add_reaction"))
    client.force_login(user)

    answer = client.post(reverse("admin:meetings_reaction_add"), {"meeting_words": "secret"})

    assert problems(answer, "meeting") == ["There is no meeting “secret”. Type its slug or name."]
    assert not Reaction.objects.exists()


def test_meeting_with_parts_is_written_without_scripts(desk):
    make_actor(slug="ada", name="Ada Person")
    make_issue(slug="syria", title="Syria")
    make_meeting(slug="earlier")
    data = form_data(desk.get(ADD), "meeting_form")
    typed = {"title": "Geneva talks", "slug": "geneva", "starts_on": "2021-06-16"}
    data |= typed | {"format": "summit", "event_status": "held"}

    shown = desk.post(ADD, data | {"_add_part": "participations"})
    data = form_data(shown, "meeting_form")
    shown = desk.post(
        ADD, data | {"participations-0-actor_words": "ada", "_add_part": "discussions"}
    )
    data = form_data(shown, "meeting_form")
    answer = desk.post(ADD, data | {"discussions-0-issue_words": "Syria", "_save": "Save"})

    assert answer.status_code == 302
    meeting = Meeting.objects.get(slug="geneva")
    assert meeting.participations.get().actor.slug == "ada"
    assert meeting.discussions.get().issue.slug == "syria"


def test_row_that_was_added_is_no_problem_and_nothing_is_saved(desk):
    meeting = make_meeting(status="draft")
    data = open_form(desk, meeting) | {"title": "", "_add_part": "outcomes"}

    answer = desk.post(address(meeting), data)

    page = answer.content.decode()
    assert "A row was added below. Nothing is saved yet." in page
    assert "There is a problem" not in page
    assert "Please correct" not in page
    assert form_data(answer, "meeting_form")["outcomes-TOTAL_FORMS"] == "1"
    assert form_data(answer, "meeting_form")["title"] == ""
    assert not meeting.outcomes.exists()


def test_words_in_a_part_are_looked_up(desk):
    meeting = make_meeting(status="draft")
    make_actor(slug="ada", name="Ada Person")
    data = open_form(desk, meeting)
    add_row(data, "participations", actor_words="nobody")

    answer = send(desk, meeting, data)

    assert (
        "There is no person or organisation “nobody”. Type its slug or name."
        in answer.content.decode()
    )
    assert not meeting.participations.exists()
