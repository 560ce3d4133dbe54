"""The same number of queries for 2 rows and for 200, and never more than the budget."""

from datetime import date, timedelta
from itertools import count as count_from

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.answers import making
from meetings.editing.revisions import record_loaded
from meetings.models import Source
from meetings.tables.registry import TABLES
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_are_kept")]

# The budgets are for making a page. On top comes the question for the state of the record, which
# goes past Django's cursor (tests/answers).
LISTS = {
    # One more: what the cells of the table rest on.
    "/": 21,
    "/meetings/": 20,
    "/meetings/?issue=issue&year=2018&country=FI&q=meeting": 20,
    "/issues/": 20,
    # Two more: what its cells rest on, and how many calls it leaves out.
    "/issues/by-meeting/": 10,
    "/issues/by-meeting/?with=calls": 10,
    # What the accounts rest on is read once for each state of the record, and there is a picture.
    "/accounts/": 26,
    "/accounts/?issue=issue&year=2018&agreement=agree&finding=stated&evidence=report": 26,
    "/reactions/": 20,
    # One more: which of its columns are counted from an index, and which from the rows.
    "/reactions/?issue=issue&meeting=meeting&stance=critical&country=US": 21,
    "/people/": 20,
    "/places/": 8,
    "/sources/": 20,
    "/themes/": 8,
    "/timeline/": 8,
    "/search/": 12,
    "/search/?q=source": 20,
    "/search/?q=nothing+of+the+kind": 20,
    # The claims of sources, which name entries of five kinds, take four.
    "/data/codebook/": 24,
    "/meetings/meeting/cite.bib": 8,
    # The revision that is cited was shown with its meeting and its issues: their times are asked.
    "/reactions/reaction/cite.ris": 14,
    "/people/actor/cite.csl.json": 8,
    "/sources/source/cite.csl.json": 8,
    "/meetings/meeting/card.png": 8,
    "/reactions/reaction/card.png": 8,
    "/card.png": 8,
    "/sitemap.xml": 20,
    "/sitemap-meetings.xml": 8,
    "/sitemap-sources.xml": 8,
}
# Data: ten, and so many for each batch of 500 rows, by how much the rows name and how many kinds
# of parts they have.
CELLS, VALUES = 10 + 8, 10 + 16
DATA = {
    "/meetings.csv": CELLS,
    "/issues.csv": CELLS,
    "/reactions.csv?issue=issue&meeting=meeting&stance=critical&country=US": CELLS,
    "/themes.csv": CELLS,
    "/people.csv": CELLS,
    "/places.csv": CELLS,
    "/sources.csv": CELLS,
    "/issues/by-meeting.csv": CELLS,
    "/accounts.csv?evidence=report": CELLS,
    "/accounts.json": CELLS,
    "/meetings.json": VALUES,
    "/meetings/meeting.json": VALUES,
    "/issues.json": VALUES,
    "/issues/issue.json": VALUES,
    "/reactions.json": VALUES,
    "/reactions/reaction.json": VALUES,
    "/sources/source.json": VALUES,
    "/timeline.json": VALUES + 16,
    "/timeline/contacts.csv": 8,
    "/timeline/contacts.svg": 8,
    "/reactions/stance.csv?country=US": 8,
    "/reactions/stance.svg?issue=issue&meeting=meeting&stance=critical": 8,
    "/search.json?q=source": VALUES,
    "/data/meetings.csv": CELLS,
    "/data/discussions.json": CELLS,
    "/data/reactions.csv": CELLS,
    "/data/themes.json": CELLS,
    "/data/redirects.csv": 12,
    "/data/codebook.json": 24,
    "/meetings.atom": 8,
    "/reactions.atom": 8,
}
PAGES = (
    "/meetings/meeting/",
    "/issues/issue/",
    "/reactions/reaction/",
    "/themes/theme/",
    "/milestones/milestone/",
    "/people/actor/",
    "/places/place/",
    "/sources/source/",
    "/method/",
)


def fill(size):
    """Make a record around one row of each kind, with ``size`` of everything it is joined to."""
    source = make.make_source(slug="source", note="Compare [@other-0].")
    others = [make.make_source(slug=f"other-{n}") for n in range(size)]
    sources = [source, *others]
    place = make.make_place(slug="place")
    actor = make.make_actor(slug="actor")
    issue = make.make_issue(slug="issue", sources=sources, body="Said [@source].")
    meeting = make.make_meeting(
        slug="meeting", place=place, sources=sources, body="Said [@source]; [@other-0]."
    )
    make.make_page(slug="method", sources=[source], body="Words [@source].")
    days = [date(2018, 7, 16) + timedelta(days=n) for n in range(size)]
    meetings, issues, reactions = [meeting], [issue], []
    for n, day in enumerate(days):
        meetings.append(make.make_meeting(place=place, starts_on=day, sources=[source]))
        issues.append(make.make_issue(sources=[source]))
        for one, two in ((meeting, issues[-1]), (meetings[-1], issue)):
            make.make_discussion(meeting=one, issue=two, summary=f"Said [@other-{n}].")
            for government in ("RU", "US"):
                make.make_account(
                    meeting=one, issue=two, government=government, text="Stated [@source]."
                )
        make.make_participation(meeting=meetings[-1], actor=actor)
        make.make_participation(meeting=meeting, government="US")
        make.make_outcome(meeting=meeting, text="Agreed [@source].")
        reactions.append(
            make.make_reaction(
                slug="reaction" if n == 0 else f"reaction-of-{n}",
                meeting=meeting,
                issues=[issue, issues[-1]],
                actors=[actor],
                sources=[source],
                summary="Said [@source].",
                quotation="So it is.",
                quotation_language="en",
                quotation_source=others[n],
            )
        )
        make.make_claim(
            source=source,
            note=f"Said [@other-{n}].",
            meetings=meetings,
            issues=issues,
            reactions=reactions[-1:],
        )
    make.make_readout(meeting=meeting, text="Said [@source].")
    make.make_position(issue=issue, text="Holds [@source].")
    for n in range(size):
        joined = {"meetings": meetings, "issues": issues, "sources": [source]}
        make.make_theme(slug="theme" if n == 0 else f"theme-{n}", reactions=reactions, **joined)
        make.make_milestone(
            slug="milestone" if n == 0 else f"milestone-{n}", occurred_on=days[n], **joined
        )
    record_loaded()


def count(client, address, *, is_kept=False):
    if not is_kept:
        caches["values"].clear()
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        assert answer.getvalue(), address  # A list is read from the database as it is sent.
    assert answer.status_code == 200, address
    return len(queries)


def test_pages_ask_the_same_few_questions_for_two_rows_and_for_two_hundred(client, monkeypatch):
    # The longest files are too long to be kept, so that nothing is asked after them.
    monkeypatch.setattr(making, "MOST_GATHERED_BYTES", 1 << 30)
    budgets = LISTS | DATA | dict.fromkeys(PAGES, 20) | {"/reactions/reaction/": 23}
    fill(2)
    few = {address: count(client, address) for address in budgets}
    monkeypatch.setattr(make, "serial", count_from(10_000))
    wipe()
    fill(200)
    many = {address: count(client, address) for address in budgets}

    assert many == few
    over = {a: (n, budgets[a]) for a, n in many.items() if n > budgets[a]}
    assert not over


@pytest.mark.one_database
def test_data_page_asks_little_once_it_knows_the_sizes(client, monkeypatch):
    """The sizes are measured once for each state of the record."""
    counts = []
    for size in (2, 200):
        wipe()
        fill(size)
        counts.append([count(client, "/data/", is_kept=kept) for kept in (False, True)])
        monkeypatch.setattr(make, "serial", count_from(10_000))

    assert counts[0][1] == counts[1][1] <= 10
    assert counts[0][0] == counts[1][0] <= 120


def wipe():
    Source.objects.update(note="")  # A source that a note cites is not deleted.
    for table in reversed(TABLES):
        table.model._default_manager.all().delete()
