"""Calls are counted apart from meetings in person; people by how they were present; denials."""

import re
from html import unescape

import pytest
from django.utils.html import strip_tags

from meetings.exporting.cards import card_of
from meetings.models import Meeting
from meetings.search import index
from tests import factories as make

pytestmark = pytest.mark.django_db

LINE = re.compile(r'<p><a href="(/meetings/\?kind=call[^"]*)">(\d+) calls?, ([^<]+)</a></p>')
BETWEEN = re.compile(r'<a class="meta" href="([^"]+)">(\d+) (call|meeting)s? between</a>')


def text_of(client, address):
    """Return the words of a page, with single spaces."""
    html = client.get(address).content.decode()
    return " ".join(strip_tags(html.replace("><", "> <")).split())


def downloaded(client):
    """Return the file of the table of issues by meeting."""
    return client.get("/issues/by-meeting.csv").content.decode()


@pytest.fixture
def record():
    """Return a meeting held, a call and a meeting called off, with one person in each."""
    person = make.make_actor(slug="anna", name="Anna Person")
    aide = make.make_actor(slug="zoe", name="Zoe Aide")
    meeting = make.make_meeting(slug="talks", title="Talks")
    call = make.make_meeting(slug="call", title="A call", format="call", place=None)
    off = make.make_meeting(slug="off", title="Not held", event_status="cancelled")
    issue = make.make_issue(slug="trade", title="Trade")
    for one, presence in ((meeting, "talks"), (call, "talks"), (off, "announced")):
        make.make_participation(meeting=one, actor=person, presence=presence)
        make.make_participation(meeting=one, actor=make.make_actor(), government="US")
        make.make_discussion(meeting=one, issue=issue)
    make.make_participation(meeting=meeting, actor=aide, presence="delegation")
    return meeting


def test_lists_name_calls_apart(client, record):
    both = "/meetings/?kind=in_person&kind=call"

    assert "2 meetings. 1 call apart" in text_of(client, "/meetings/")
    assert "1 of 2 meetings. 1 call apart" in text_of(client, "/meetings/?event_status=held")
    assert "1 calls" in text_of(client, "/meetings/?kind=call")
    assert "3 meetings and calls: 2 meetings and 1 call" in text_of(client, both)
    assert "1 of 3 meetings and calls" in text_of(client, "/meetings/?format=call")
    assert "1 meeting 1 not held 1 call" in text_of(client, "/issues/")
    assert "On record at 1 meeting (1 more not held) and in 1 call" in text_of(
        client, "/issues/trade/"
    )


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Not held", "Talks"]),
        ("event_status=held", ["Talks"]),
        ("kind=in_person", ["Not held", "Talks"]),
        ("kind=call", ["A call"]),
        ("kind=in_person&kind=call", ["A call", "Not held", "Talks"]),
        ("format=call", ["A call"]),
        ("kind=call&starts_from=2018-07-17", []),
        ("kind=call&starts_from=2018-07-16&starts_to=2018-07-16", ["A call"]),
    ],
)
def test_list_is_of_meetings_in_person_until_the_reader_chooses(client, record, query, titles):
    page = client.get(f"/meetings/?{query}")
    data = client.get(f"/meetings.json?{query}").json()["results"]
    file = client.get(f"/meetings.csv?{query}").getvalue().decode()

    assert sorted(str(meeting) for meeting in page.context["page_obj"]) == titles
    assert sorted(row["title"] for row in data) == titles
    assert page.context["total"] == len(titles) == file.count("\n") - 1


def test_form_has_ticked_what_the_list_is_of(client, record):
    html = client.get("/meetings/?starts_to=2020-01-01").content.decode()

    assert 'name="kind" value="in_person" checked' in html
    assert 'name="kind" value="call">' in html
    # The form keeps what it has no field for, and offers no format that would give nothing.
    assert '<input type="hidden" name="starts_to" value="2020-01-01">' in html
    assert 'name="format" value="call"' not in html


def test_list_says_what_brings_results_back_as_their_address_gives_them(client, record):
    html = client.get("/meetings/?kind=call&event_status=cancelled").content.decode()

    found = re.findall(r'Without [^:]+: <a href="([^"]+)">(\d+) ([^<]+)</a>', html)
    assert found == [
        ("/meetings/?event_status=cancelled", "1", "meetings"),
        ("/meetings/?kind=call", "1", "calls"),
    ]
    for address, number, what in found:
        context = client.get(address).context
        assert (context["total"], context["what"]) == (int(number), what)


def test_day_that_is_none_is_named(client, record):
    assert "We ignored “starts_from=2018-7-1”" in text_of(client, "/meetings/?starts_from=2018-7-1")
    assert client.get("/meetings.csv?starts_from=20180701").status_code == 400


def test_home_counts_calls_apart_and_leads_to_them(client, record):
    html = client.get("/").content.decode()

    assert '<a href="/meetings/?event_status=held">1</a>' in html
    assert '<dt>calls</dt><dd><a href="/meetings/?kind=call">1</a></dd>' in html
    assert "/meetings/call/" not in html


def test_call_is_numbered_among_calls_and_has_no_place(client, record):
    text = text_of(client, "/meetings/call/")

    assert "Call 1 of 1" in text
    assert "Not in person" in text
    assert "Forum" not in text
    assert "Meeting 1 of 2" in text_of(client, "/meetings/off/") or "Meeting 1 of 2" in text_of(
        client, "/meetings/talks/"
    )


def test_table_of_issues_has_meetings_in_person_only(client, record):
    text = text_of(client, "/issues/by-meeting/")

    assert "A call" not in text
    assert "2 meetings. With the 1 call" in text
    assert "A call" not in downloaded(client)


def test_table_of_issues_takes_calls_in_as_narrow_columns_with_a_total_of_their_own(client, record):
    html = client.get("/issues/by-meeting/?with=calls").content.decode()
    text = text_of(client, "/issues/by-meeting/?with=calls&sort=total")
    header, trade = client.get("/issues/by-meeting.csv?with=calls").getvalue().decode().splitlines()
    (row,) = client.get("/issues/by-meeting.json?with=calls").json()["results"]

    assert html.count('<col class="matrix-call">') == 1
    assert "A call, 16 July 2018" in header
    assert header.endswith("Held,Called off,Planned,Calls")
    assert trade.endswith(",1,1,0,1")
    assert row["totals"] == {"held": 1, "cancelled": 1, "planned": 0, "calls": 1}
    assert set(row["meetings"]) == {"talks", "off", "call"}
    assert "1 held 1 called off 1 calls" in text
    assert "3 meetings and calls. Without calls" in text
    assert 'href="/issues/by-meeting/?with=calls&amp;sort=total"' in html
    assert client.get("/issues/by-meeting.json?with=dinners").status_code == 400
    assert "We ignored “with=dinners”" in text_of(client, "/issues/by-meeting/?with=dinners")


def test_person_page_lists_each_presence_apart(client, record):
    anna, zoe = (client.get(f"/people/{slug}/").content.decode() for slug in ("anna", "zoe"))

    for heading in ("Meetings attended", "Calls", "Named for what was not held"):
        assert f">{heading}</h2>" in anna
    assert ">In the delegation, not in the talks</h2>" in zoe
    assert "Meetings attended" not in zoe


def test_people_list_counts_what_was_attended(client, record):
    text = text_of(client, "/people/")

    assert "Anna Person 1 meeting 1 call" in text
    assert "Zoe Aide 1 meeting" not in text


def test_meeting_page_shows_the_delegation_apart(client, record):
    html = client.get("/meetings/talks/").content.decode()

    before, after = html.split("In the delegation, not in the talks")
    assert "Anna Person" in before
    assert "Zoe Aide" in after


def test_denied_issue_does_not_count_as_reported_by_both(client, record):
    issue = record.discussions.get().issue
    make.make_account(meeting=record, issue=issue, government="RU", finding="denied", text="No.")
    make.make_account(meeting=record, issue=issue, government="US", finding="stated", text="Yes.")

    table, page = (
        client.get(url).content.decode() for url in ("/issues/by-meeting/", "/meetings/talks/")
    )

    assert "Denied by Russia" in table
    assert "cell-denied" in table
    assert "</a>Both" not in table
    assert "Denied: the Russian account says that this did not come up." in page
    assert "Denied by Russia" in downloaded(client)
    assert "denied by Russia" in text_of(client, "/issues/trade/")


def test_source_page_says_how_far_it_was_read_and_who_owns_it(client):
    make.make_meeting(
        sources=[make.make_source(slug="paper", read="excerpt", ownership="state", origin="TASS")]
    )
    make.make_meeting(sources=[make.make_source(slug="other", read="")])

    text = text_of(client, "/sources/paper/")

    assert "state ownership" in text
    assert "How far read In excerpt" in text
    assert "First published by TASS" in text
    assert "How far read Not opened" in text_of(client, "/sources/other/")


def lines(client, address="/"):
    """Return the address, number and months of each line for calls on a page."""
    html = client.get(address).content.decode()
    return [(unescape(link), int(number), months) for link, number, months in LINE.findall(html)]


def make_on(*days, **values):
    return [make.make_meeting(starts_on=day, **values) for day in days]


def make_calls(*days):
    return make_on(*days, format="call", place=None)


def test_home_has_a_line_for_the_calls_of_a_year_between_two_meetings(client):
    make_on("2019-06-28", "2020-05-01", "2020-05-01")
    make_calls("2017-01-28", "2019-06-28", "2020-03-30", "2020-04-09", "2020-05-01", "2020-06-01")
    make.make_meeting(format="call", starts_on="2020-04-10", status="draft")

    found = [(number, months) for _, number, months in lines(client)]

    assert found == [
        (1, "January 2017"),
        (1, "June 2019"),
        (2, "March to April 2020"),
        (2, "May to June 2020"),
    ]
    newest = [(number, months) for _, number, months in lines(client, "/?order=newest")]
    assert newest == found[::-1]


def test_meeting_leads_to_the_calls_since_the_one_before(client):
    first, second, third = make_on("2019-06-28", "2020-05-01", "2020-07-01")
    make_calls("2019-06-27", "2019-06-28", "2020-04-09", "2020-05-01")

    html = client.get(second.get_absolute_url()).content.decode()

    assert [(int(n), kind) for _, n, kind in BETWEEN.findall(html)] == [(2, "call"), (1, "call")]
    assert BETWEEN.findall(client.get(third.get_absolute_url()).content.decode())[0][1] == "1"
    assert first.get_absolute_url() in html


def test_call_leads_to_the_meetings_since_the_one_before(client):
    make_on("2019-06-28", "2020-04-09")
    first, last = make_calls("2019-06-28", "2020-04-09")

    html = client.get(last.get_absolute_url()).content.decode()

    # On one day a meeting stands before a call.
    assert [(int(n), kind) for _, n, kind in BETWEEN.findall(html)] == [(1, "meeting")]
    assert first.get_absolute_url() in html


def test_call_is_named_so_in_search_and_on_its_card(client, record):
    index.index_missing()
    call = Meeting.objects.get(slug="call")

    kickers = {result.kicker for result in client.get("/search/?q=trade").context["results"]}

    assert kickers == {"Meeting", "Call", "Issue"}
    assert card_of(call).kicker == "Call"
