"""A form: sections as on the public page, rows folded, order filled, address locked."""

import re

import pytest
from django.urls import reverse

from meetings.models import Claim, Meeting, Outcome
from tests import factories

from .helpers import add_row, address, form_data, open_form, recorded, send

pytestmark = pytest.mark.django_db
HEADINGS = re.compile(r"<h2[^>]*>\s*([^<]+?)\s*</h2>")


def page(desk, row):
    return desk.get(address(row)).content.decode()


@pytest.fixture
def full_meeting(meeting):
    """The draft meeting with something in each section."""
    factories.make_readout(meeting=meeting, text="Said.")
    meeting.body, meeting.accounts_differ = "It was.", "They do."
    meeting.save()
    return recorded(meeting)


def test_sections_of_a_form_stand_in_the_order_of_the_public_page(desk, full_meeting):
    form = HEADINGS.findall(page(desk, full_meeting))
    public = HEADINGS.findall(desk.get(full_meeting.get_absolute_url()).content.decode())

    shared = [heading for heading in public if heading in form]
    assert shared == [
        "Key facts",
        "Summary",
        "The accounts",
        "What was discussed",
        "Outcomes",
        "Participants",
    ]
    assert [heading for heading in form if heading in public] == shared


def test_contents_of_a_form_lead_to_its_sections_and_each_discussion(desk, full_meeting):
    text = page(desk, full_meeting)

    contents = text[text.index('<nav class="form-contents"') :]
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', contents[: contents.index("</nav>")])
    assert ("discussions-0-fields", "Syria") in links
    assert [title for _, title in links] == list(dict.fromkeys(title for _, title in links))
    assert all(f'id="{anchor}"' in text for anchor, _ in links)


def test_saving_is_the_first_button_of_a_form(desk, meeting):
    """A browser presses the first one when Enter is pressed in a field."""
    text = page(desk, meeting)

    buttons = re.findall(r"<(?:input|button)[^>]*>", text[text.index('id="meeting_form"') :])
    first = next(button for button in buttons if 'type="submit"' in button)
    assert 'name="_save"' in first


@pytest.mark.parametrize("size", [25, 26])
def test_rows_of_a_part_are_folded_where_there_are_more_than_25(desk, size):
    source = factories.make_source()
    for number in range(1, size + 1):
        factories.make_claim(source=source, order=10 * number, text=f"It says {number}.")

    text = page(desk, recorded(source))

    folded = re.findall(r"<details>\s*<summary>\s*<h3>.*?</h3>", text, re.S)
    assert len(folded) == (size if size > 25 else 0)
    assert not folded or "It says 1." in folded[0]


def test_row_that_is_refused_is_unfolded(desk):
    source = factories.make_source()
    for number in range(1, 27):
        factories.make_claim(source=source, order=10 * number)
    data = open_form(desk, recorded(source)) | {"claims-4-order": "fifth"}

    text = send(desk, source, data).content.decode()

    unfolded = re.findall(r"<details open>\s*<summary>\s*<h3>.*?</h3>", text, re.S)
    assert len(unfolded) == 1
    assert "50" in unfolded[0]


@pytest.mark.parametrize("size", [3, 4])
def test_discussions_are_folded_where_there_are_more_than_three(desk, meeting, size):
    for number in range(2, size + 1):
        issue = factories.make_issue(title=f"Issue {number}")
        factories.make_discussion(meeting=meeting, issue=issue)
    factories.make_account(meeting=meeting, issue=issue, government="RU", text="It said so.")

    text = page(desk, recorded(meeting))

    folded = re.findall(r"<details>\s*<summary>\s*<h3>.*?</h3>", text, re.S)
    assert len(folded) == (size if size > 3 else 0)
    assert not folded or f"Issue {size} · Russian account: stated" in "".join(folded)


def test_discussion_in_which_something_was_typed_is_unfolded_when_the_form_comes_back(
    desk, meeting
):
    for _ in range(3):
        factories.make_discussion(meeting=meeting)
    data = open_form(desk, recorded(meeting))
    data |= {"discussions-2-summary": "Typed.", "slug": "no slug"}

    text = send(desk, meeting, data).content.decode()

    opened = re.findall(r"<details( open)?>\s*<summary>\s*<h3>", text)
    assert opened == ["", "", " open", ""]


def test_rows_of_a_table_are_folded_where_there_are_more_than_25(desk, meeting):
    for number in range(26):
        factories.make_outcome(meeting=meeting, order=100 + number)

    text = page(desk, recorded(meeting))

    assert re.search(r"<details><summary>\s*<h2 id=\"outcomes-heading\"", text)


def test_outcome_without_a_number_stands_after_the_others(desk, meeting):
    data = open_form(desk, meeting)
    add_row(data, "outcomes", order="", state="agreed", text="First added.")
    add_row(data, "outcomes", order="", state="agreed", text="Second added.")

    answer = send(desk, meeting, data)

    assert answer.status_code == 302
    added = Outcome.objects.exclude(order=10).values_list("order", "text")
    assert list(added) == [(20, "First added."), (30, "Second added.")]


def test_row_in_which_nothing_was_typed_gets_no_number(desk, meeting):
    data = open_form(desk, meeting)
    add_row(data, "outcomes", order="", state="", text="")

    send(desk, meeting, data)

    assert Outcome.objects.count() == 1


def test_claim_without_a_number_is_numbered(desk):
    source = recorded(factories.make_source())
    data = open_form(desk, source)
    add_row(data, "claims", order="", text="It says so.", assessment="accurate")

    assert send(desk, source, data).status_code == 302
    assert Claim.objects.get().order == 10


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_address_of_what_was_public_is_locked_and_says_what_a_change_does(desk, status):
    meeting = recorded(factories.make_meeting(slug="geneva", status=status))

    text = page(desk, meeting)

    locked = text[text.index('class="address"') :]
    assert "/meetings/geneva/" in locked
    assert re.search(r"<details>\s*<summary>Change address</summary>", locked)
    assert "will lead on to the new address" in locked


def test_address_of_a_reference_that_was_public_is_locked(desk):
    place = factories.make_place(slug="helsinki")
    recorded(factories.make_meeting(place=place))

    assert "Change address" in page(desk, place)


def test_address_of_a_draft_is_typed_as_ever(desk, meeting):
    assert "Change address" not in page(desk, meeting)
    assert "Change address" not in desk.get(reverse("admin:meetings_meeting_add")).content.decode()


def test_locked_address_that_is_refused_stands_open(desk):
    meeting = recorded(factories.make_meeting(slug="geneva"))
    data = open_form(desk, meeting) | {"slug": "not a slug"}

    text = send(desk, meeting, data).content.decode()

    assert re.search(r"<details open>\s*<summary>Change address</summary>", text)
    assert 'value="not a slug"' in text


def test_form_of_a_new_meeting_begins_with_rows_to_fill_in(desk):
    data = form_data(desk.get(reverse("admin:meetings_meeting_add")), "meeting_form")

    totals = {name: data[f"{name}-TOTAL_FORMS"] for name in ("participations", "discussions")}
    assert totals == {"participations": "2", "discussions": "1"}
    answer = desk.post(reverse("admin:meetings_meeting_add"), data | {"title": "Talks"})
    meeting = Meeting.objects.get(title="Talks")
    assert answer.status_code == 302
    assert not meeting.participations.exists()
    assert not meeting.discussions.exists()


def test_search_of_a_participant_tells_the_country(desk):
    factories.make_actor(name="Ada Lovelace", country="FI")
    asked = {"app_label": "meetings", "model_name": "participation", "field_name": "actor"}

    found = desk.get(reverse("admin:autocomplete"), asked | {"term": "lovelace"}).json()["results"]

    assert [(row["text"], row["country"]) for row in found] == [("Ada Lovelace", "FI")]
