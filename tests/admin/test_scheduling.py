"""Choosing at the desk when an entry becomes public, and changing what is scheduled."""

import re
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags

from meetings.admin.forms import UtcDateTimeField
from meetings.tables.registry import ENTRY_TABLES
from tests import factories

from .helpers import address, errors, form_data, open_form, recorded, revisions_of, send

pytestmark = pytest.mark.django_db
NINE = datetime(2096, 12, 24, 9, tzinfo=UTC)
EXACT = datetime(2096, 12, 24, 9, 0, 1, 250_007, tzinfo=UTC)
KINDS = [table.model._meta.model_name for table in ENTRY_TABLES]


def make_entry(kind, **values):
    return recorded(getattr(factories, f"make_{kind}")(**values))


@pytest.mark.parametrize("kind", KINDS)
def test_draft_is_scheduled_from_its_form(desk, client, kind):
    entry = make_entry(kind, status="draft")
    data = open_form(desk, entry) | {"publish_at": "2096-12-24 09:00", "change_note": "Ready."}

    response = send(desk, entry, data, button="_publish")

    assert response.status_code == 302, errors(response)
    entry.refresh_from_db()
    assert (entry.status, entry.publish_at) == ("published", NINE)
    client.logout()
    assert client.get(entry.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_time_is_kept_to_the_microsecond_by_a_save_that_changes_nothing(desk, kind):
    entry = make_entry(kind, publish_at=EXACT)

    response = send(desk, entry, open_form(desk, entry))

    assert response.status_code == 302, errors(response)
    entry.refresh_from_db()
    assert entry.publish_at == EXACT
    assert revisions_of(entry) == ["load"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_scheduled_can_be_changed_and_brought_forward(desk, kind):
    entry = make_entry(kind, publish_at=NINE)
    text = "attribution" if kind == "reaction" else "title"
    data = open_form(desk, entry) | {text: "Reworded", "change_note": "Clearer."}
    send(desk, entry, data)
    data = open_form(desk, entry) | {"publish_at": "", "change_note": "It is known already."}

    response = send(desk, entry, data)

    assert response.status_code == 302, errors(response)
    entry.refresh_from_db()
    assert getattr(entry, text) == "Reworded"
    assert entry.is_public
    assert revisions_of(entry) == ["load", "save", "save"]


@pytest.mark.parametrize("kind", KINDS)
def test_time_that_is_not_read_is_a_message_and_stays_typed(desk, kind):
    entry = make_entry(kind, status="draft")

    response = send(desk, entry, open_form(desk, entry) | {"publish_at": "Christmas, at nine"})

    problem = (
        "Enter the time in UTC as 2026-11-22 09:00, or with an offset: 2026-11-22 12:00+03:00."
    )
    assert response.context["adminform"].form.errors == {"publish_at": [problem]}
    sent_back = form_data(response, f"{kind}_form")
    assert sent_back["publish_at"] == "Christmas, at nine"
    entry.refresh_from_db()
    assert entry.publish_at is None


def test_zone_is_said_beside_the_field(desk):
    entry = make_entry("theme", publish_at=NINE)

    page = desk.get(address(entry)).content.decode()

    assert 'id="id_publish_at"><span class="unit">UTC</span>' in page


WHEN = "24 December 2096, 09:00 UTC"


def badges(response):
    """Return the states and times that a list or a form shows, in words."""
    found = re.findall(r'<span class="badge [^<]*</span>[^<]*', response.content.decode())
    return [" ".join(strip_tags(badge).split()) for badge in found]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_scheduled_is_shown_as_such_with_its_time(desk, kind):
    entry = make_entry(kind, publish_at=NINE)

    lists = {
        query: badges(desk.get(f"{address(entry, 'changelist')}?slug={entry.slug}{query}"))
        for query in ("", "&status=scheduled", "&status=published")
    }

    shown = [f"Scheduled {WHEN}"]
    assert badges(desk.get(address(entry))) == shown
    assert lists == {"": shown, "&status=scheduled": shown, "&status=published": []}


def test_filter_counts_what_is_scheduled_apart_from_what_is_public(desk):
    make_entry("theme", publish_at=NINE)
    make_entry("theme", publish_at=EXACT)
    theme = make_entry("theme", publish_at=datetime(2020, 1, 1, tzinfo=UTC))
    make_entry("theme", status="review")

    page = desk.get(address(theme, "changelist")).content.decode()

    counts = re.findall(r'href="\?status=(\w+)">\s*\w[^<]* \((\d+)\)', page)
    assert counts == [
        ("draft", "0"),
        ("review", "1"),
        ("scheduled", "2"),
        ("published", "1"),
        ("withdrawn", "0"),
    ]


def acts_offered(response):
    return [words for words, _ in response.context["acts"]]


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        ({"status": "draft"}, ["Publish as stored"]),
        ({"status": "review"}, ["Publish as stored", "Send back"]),
        ({"publish_at": NINE}, ["Back to draft"]),
        ({"publish_at": datetime(2020, 1, 1, tzinfo=UTC)}, ["Withdraw", "Back to draft"]),
        ({"status": "published"}, ["Withdraw", "Back to draft"]),
        ({"status": "withdrawn"}, ["Publish as stored", "Back to draft"]),
    ],
)
def test_buttons_are_those_of_the_acts_that_its_state_allows(desk, values, offered):
    assert acts_offered(desk.get(address(make_entry("theme", **values)))) == offered


def test_time_typed_in_a_refused_form_does_not_change_its_badge_or_buttons(desk):
    entry = make_entry("theme")
    data = open_form(desk, entry) | {"publish_at": "2096-12-24 09:00"}

    response = send(desk, entry, data)

    assert "Write a change note" in errors(response)[0]
    assert badges(response) == ["Published"]
    assert acts_offered(response) == ["Withdraw", "Back to draft"]


def test_publishing_for_later_says_when_it_will_be_public(desk):
    entry = make_entry("issue", status="draft", publish_at=NINE, title="Arms")
    data = form_data(desk.get(address(entry, "publish"))) | {"note": "Ready."}

    response = desk.post(address(entry, "publish"), data, follow=True)

    said = [str(message) for message in response.context["messages"]]
    assert said == [f"Arms is scheduled: it becomes public on {WHEN}."]


@pytest.mark.parametrize(
    "typed",
    [
        "2096-12-24 09:00",
        "2096-12-24 9:00",
        " 2096-12-24  09:00:00 ",
        "2096-12-24T09:00",
        "2096-12-24T09:00:00.000000",
        "2096-12-24T09:00Z",
        "2096-12-24 09:00:00Z",
        "2096-12-24 12:00+03:00",
        "2096-12-24 12:00:00 +0300",
        "2096-12-23T21:30-11:30",
    ],
)
def test_time_may_be_typed_in_any_form_of_iso_8601(typed):
    assert UtcDateTimeField().clean(typed) == NINE


@pytest.mark.parametrize(
    "typed",
    [
        "2096-12-24",
        "24/12/2096 09:00",
        "12/24/96 09:00",
        "2096-02-30 09:00",
        "2096-12-24 24:01",
        "2096-12-24 09:00 CET",
        "0001-01-01 00:00+14:00",
        "9999-12-31 23:59-14:00",
        "20961224T0900",
        "2096-W52-1T09:00+99:00",
        "٢٠٩٦-12-24 09:00\0",
    ],
)
def test_time_that_could_mean_another_is_refused(typed):
    with pytest.raises(ValidationError):
        UtcDateTimeField().clean(typed)


def test_what_was_public_and_is_put_off_can_be_withdrawn(desk):
    entry = make_entry("theme")
    data = open_form(desk, entry) | {"publish_at": "2096-12-24 09:00", "change_note": "Put off."}
    send(desk, entry, data)

    response = desk.get(address(entry))

    assert badges(response) == ["Scheduled 24 December 2096, 09:00 UTC"]
    assert acts_offered(response) == ["Withdraw", "Back to draft"]
