"""Drafts, withdrawn entries and parts of them appear nowhere in public."""

import re
from datetime import UTC, datetime
from itertools import count

import pytest
from django.test import Client

from meetings.editing.revisions import record_loaded
from meetings.exporting.bibliography import FILE_FORMATS
from meetings.models import (
    Account,
    Discussion,
    Outcome,
    Participation,
    Position,
    Readout,
    Source,
)
from meetings.search import index
from tests import factories as make
from tests.addresses import addresses
from tests.reading import response_text
from tests.soak import repeats

pytestmark = pytest.mark.django_db

SENTINEL = "sentinel"
# The state of the rows that are being hidden, where there are several of a kind.
state_hidden = ""
HIDDEN = {
    "draft": {"status": "draft"},
    "review": {"status": "review"},
    "withdrawn": {"status": "withdrawn"},
    "scheduled": {"status": "published", "publish_at": datetime(2999, 1, 1, tzinfo=UTC)},
}
# The year of what is hidden, as a word: four digits in a row stand in every sixtieth zip, within
# the digests of its files, and a file may have as many bytes.
HIDDEN_YEAR = re.compile(r'(?<!"bytes": )\b1931\b')


def word(kind, end=""):
    """Return the word that marks a hidden row of a kind, or what it is named by."""
    return f"{SENTINEL}{kind}{state_hidden}{end}"


def hide(kind, **state):
    """Put one hidden row of a kind in the record, all its words marked; return its addresses."""
    return globals()[f"hide_{kind}"](state)


def hide_meeting(state):
    source = make.make_source(slug=word("meeting", "-source"), title=word("meeting"))
    place = make.make_place(slug=word("meeting", "-place"), venue=word("meeting"))
    meeting = make.make_meeting(
        slug=word("meeting"),
        title=word("meeting"),
        summary=word("meeting"),
        starts_on="1931-01-01",
        place=place,
        sources=[source],
        **state,
    )
    actor = make.make_actor(slug=word("meeting", "-actor"), name=word("meeting"), country="IS")
    make.make_participation(meeting=meeting, actor=actor, government="IS")
    issue = make.make_issue(title="Open issue")
    make.make_discussion(meeting=meeting, issue=issue, summary=word("meeting"))
    make.make_account(meeting=meeting, issue=issue, government="IS", text=word("meeting"))
    make.make_readout(meeting=meeting, government="IS", text=word("meeting"))
    make.make_outcome(meeting=meeting, text=word("meeting"))
    make.make_theme(title="Open theme", meetings=[meeting])
    make.make_milestone(title="Open milestone", meetings=[meeting])
    make.make_reaction(
        slug=word("meeting", "-reaction"),
        attribution=word("meeting"),
        affiliation=word("meeting"),
        meeting=meeting,
        issues=[issue],
        actors=[actor],
        reacted_on="1931-01-02",
    )
    return [meeting, place, actor, source, meeting.reactions.get()]


def hide_issue(state):
    issue = make.make_issue(slug=word("issue"), title=word("issue"), summary=word("issue"), **state)
    meeting = make.make_meeting(title="Open meeting")
    make.make_discussion(meeting=meeting, issue=issue, summary=word("issue"))
    make.make_account(meeting=meeting, issue=issue, text=word("issue"))
    make.make_position(issue=issue, text=word("issue"))
    make.make_theme(title="Open theme", issues=[issue])
    make.make_milestone(title="Open milestone", issues=[issue])
    reaction = make.make_reaction(
        slug=word("issue", "-reaction"),
        attribution=word("issue"),
        meeting=meeting,
        issues=[issue, make.make_issue()],
    )
    return [issue, reaction]


def hide_reaction(state):
    actor = make.make_actor(slug=word("reaction", "-actor"), name=word("reaction"), country="IS")
    reaction = make.make_reaction(
        slug=word("reaction"),
        attribution=word("reaction"),
        affiliation=word("reaction"),
        summary=word("reaction"),
        country="IS",
        reacted_on="1931-01-02",
        actors=[actor],
        issues=[make.make_issue()],
        **state,
    )
    make.make_theme(title="Open theme", reactions=[reaction])
    return [reaction, actor]


def hide_theme(state):
    meeting, issue, reaction = make.make_meeting(), make.make_issue(), make.make_reaction()
    theme = make.make_theme(
        slug=word("theme"),
        title=word("theme"),
        body=word("theme"),
        meetings=[meeting],
        issues=[issue],
        reactions=[reaction],
        **state,
    )
    return [theme]


def hide_milestone(state):
    milestone = make.make_milestone(
        slug=word("milestone"),
        title=word("milestone"),
        summary=word("milestone"),
        occurred_on="1931-01-03",
        meetings=[make.make_meeting()],
        issues=[make.make_issue()],
        **state,
    )
    return [milestone]


def hide_page(state):
    return [make.make_page(slug=word("page"), title=word("page"), body=word("page"), **state)]


# What the hidden entries have that is a row of its own.
HIDDEN_PARTS = (Account, Discussion, Outcome, Participation, Position, Readout)
KINDS = ("meeting", "issue", "reaction", "theme", "milestone", "page")


@pytest.mark.parametrize(
    "text", ["1931-01-01", "1 January 1931", "?year=1931", '"year": 1931', "<td>1931</td>"]
)
def test_hidden_year_is_seen_wherever_it_is_written(text):
    assert HIDDEN_YEAR.search(text)


@pytest.mark.parametrize("text", ['"hash": "sha256:5c2bbe4dbb19319f"', '"bytes": 1931'])
def test_digests_and_sizes_are_no_years(text):
    assert HIDDEN_YEAR.search(text) is None


def test_hidden_rows_appear_on_no_public_page(client, monkeypatch):
    # Otherwise the rows of the year's number have it in their slugs.
    monkeypatch.setattr(make, "serial", count(1))
    make.make_account(
        meeting=(discussion := make.make_discussion()).meeting, issue=discussion.issue
    )
    make.make_reaction(meeting=discussion.meeting, issues=[discussion.issue])
    rows = []
    for state, columns in HIDDEN.items():
        # One state has the words that ``tests.addresses`` searches for, misspelt.
        monkeypatch.setitem(globals(), "state_hidden", "" if state == "draft" else state)
        rows += [row for kind in KINDS for row in hide(kind, **columns)]
    record_loaded()
    own = [row.get_absolute_url() for row in rows]
    index.index_missing()

    walked = addresses()
    pages = {address: client.get(address) for address in walked}

    assert len(walked) > 20
    assert len({*own}) == len(own) > 4 * len(KINDS)
    assert not [address for address in own if address in walked]
    for address, page in pages.items():
        text = response_text(page).lower()
        assert SENTINEL not in text, address
        assert HIDDEN_YEAR.search(text) is None, address
        assert "iceland" not in text, address


@pytest.mark.one_database
@pytest.mark.parametrize("states", repeats(["draft"], [*HIDDEN]))
def test_no_kept_answer_holds_what_an_editor_saw(pages_are_kept, monkeypatch, states):
    """Asked by an editor, a visitor, the editor and the visitor again, with every cache warm."""
    rows = []
    for state in states:
        monkeypatch.setitem(globals(), "state_hidden", "" if state == "draft" else state)
        rows += [row for kind in KINDS for row in hide(kind, **HIDDEN[state])]
    record_loaded()
    assert all(part.objects.exists() for part in HIDDEN_PARTS)
    own = [row.get_absolute_url() for row in rows]
    beside = [f"{address[:-1]}.json" for address in own] + [f"{each}card.png" for each in own]
    beside += [f"{each}cite.{form}" for each in own for form in FILE_FORMATS]
    editor, visitor = Client(), Client()
    editor.force_login(make.make_editor(is_superuser=True))

    def words(client, address):
        answer = client.get(address)
        if answer["Content-Type"] == "image/png":
            return answer.content.hex()
        if answer.status_code == 410:
            return "withdrawn"  # It tells the title: what else is another test's.
        # A page that says that there is none names its address.
        return response_text(answer).lower().replace(address, "")

    seen, asked = 0, [*addresses(), *own, *beside]
    for address in asked:
        before, first, after, again = (
            words(client, address) for client in (editor, visitor, editor, visitor)
        )
        assert (SENTINEL in after) == (SENTINEL in before), address
        assert SENTINEL not in first, address
        assert again == first, address
        assert not address.endswith("card.png") or first != before, address
        seen += SENTINEL in before

    assert seen > len(KINDS)
    # Entries, references, and the parts of entries; in the soak in every state.
    assert len({type(row) for row in rows}) + len(HIDDEN_PARTS) >= 12
    assert len(asked) > (900 if len(states) > 1 else 200)


@pytest.mark.parametrize("state", HIDDEN)
@pytest.mark.parametrize("kind", KINDS)
def test_hidden_rows_answer_as_if_they_were_not_there(client, kind, state):
    rows = hide(kind, **HIDDEN[state])

    answers = [client.get(row.get_absolute_url()) for row in rows]
    files = [client.get(f"{row.get_absolute_url()}cite.bib") for row in rows]

    expected = 410 if state == "withdrawn" else 404
    assert [answer.status_code for answer in answers] == [expected] + [404] * (len(rows) - 1)
    assert [file.status_code for file in files] == [answer.status_code for answer in answers]


@pytest.mark.parametrize("kind", KINDS)
def test_withdrawn_entry_tells_its_title_date_and_reason_and_nothing_else(client, kind):
    from meetings.editing import acts

    entry = hide(kind, status="published")[0]
    acts.withdraw(entry=entry, reason="Rested on a forged letter.")

    page = client.get(entry.get_absolute_url())

    text = page.content.decode().replace(entry.get_absolute_url(), "")
    assert page.status_code == 410
    assert "This entry was withdrawn" in text
    assert "Rested on a forged letter." in text
    assert str(entry) in text
    # The title stands in the page's title and in its sentence; no other words of the entry.
    assert text.count(word(kind)) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_editors_see_a_draft_at_its_own_address_with_a_banner(client, kind):
    entry = hide(kind, status="draft")[0]
    client.force_login(make.make_editor())

    page = client.get(entry.get_absolute_url())

    assert page.status_code == 200
    assert "Only editors see this page" in page.content.decode()
    assert "noindex" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_reaction_is_public_only_when_all_it_joins_is(client):
    issues = [make.make_issue(), make.make_issue(status="draft")]
    reaction = make.make_reaction(issues=issues)

    before = client.get(reaction.get_absolute_url()).status_code
    issues[1].status = "published"
    issues[1].save()
    after = client.get(reaction.get_absolute_url()).status_code

    assert (before, after) == (404, 200)


def test_source_cited_by_the_note_of_a_public_source_is_public(client):
    third = make.make_source(slug="third")
    second = make.make_source(slug="second", note="See [@third].")
    first = make.make_source(slug="first", note="See [@second].")
    unused = make.make_source(slug="unused", note="See [@alone].")
    alone = make.make_source(slug="alone")
    make.make_meeting(sources=[first])

    public = set(Source.objects.published())

    assert public == {first, second, third}
    assert client.get(third.get_absolute_url()).status_code == 200
    assert client.get(unused.get_absolute_url()).status_code == 404
    assert client.get(alone.get_absolute_url()).status_code == 404
