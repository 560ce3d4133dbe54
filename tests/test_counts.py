"""All counts of one thing agree: on lists, pages, in search, JSON and CSV, and when counted apart.

Counted apart, from the files of whole tables, by the rules in words of ``/method/``.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from html import unescape

import pytest

from meetings.models import Actor, Issue, Meeting

from .content import record as record
from .walk import visit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def table(name):
    """Return the rows of a public file."""
    text = visit(f"/{name}.csv").getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def in_json(address):
    """Return the counts of a list's rows in JSON by slug."""
    return {row["slug"]: row["counts"] for row in visit(address).json()["results"]}


@pytest.fixture(scope="module")
def meetings(record):
    """Return the public meetings and calls by slug, as their file has them."""
    return {row["slug"]: row for row in table("data/meetings")}


@pytest.fixture(scope="module")
def people(meetings):
    """Return how often each person is on record, by presence, counted from the files."""
    found = defaultdict(Counter)
    for row in table("data/participations"):
        meeting = meetings[row["meeting"]]
        if meeting["event_status"] != "held" or row["presence"] == "announced":
            name = "planned"
        elif row["presence"] == "delegation":
            name = "delegations"
        else:
            name = "calls" if meeting["format"] == "call" else "meetings"
        found[row["actor"]][name] += 1
    for row in table("data/reactions"):
        for slug in filter(None, row["actors"].split("|")):
            found[slug]["reactions"] += 1
    return found


NAMES = ("meetings", "calls", "delegations", "planned", "reactions")


def words_of(counts):
    """Return the words of a person's line for its counts."""
    forms = {
        "meetings": "{} meeting{s}",
        "calls": "{} call{s}",
        "delegations": "in {} delegation{s}",
        "planned": "named for {} not held",
        "reactions": "{} reaction{s}",
    }
    return [
        form.format(counts[name], s="" if counts[name] == 1 else "s")
        for name, form in forms.items()
        if counts[name]
    ]


def lines_of(html):
    """Return the words of the short facts of each row of a list, by the address of the row."""
    rows = re.findall(
        r'<a href="(/people/[a-z0-9-]+/)">.*?<ul class="meta-line">(.*?)</ul>', html, re.S
    )
    return {address: re.findall("<li>([^<]+)</li>", facts) for address, facts in rows}


def test_a_persons_counts_agree_in_the_list_and_in_json(people):
    data, listed = in_json("/people.json"), {}
    for number in range(1, 1 + -(-len(data) // 100)):
        listed |= lines_of(
            visit(f"/people/?page={number}" if number > 1 else "/people/").content.decode()
        )

    assert len(data) > 50
    assert data == {slug: {name: people[slug][name] for name in NAMES} for slug in data}
    assert listed == {f"/people/{slug}/": words_of(people[slug]) for slug in data}


def test_a_persons_page_lists_as_many_of_each_as_are_counted(people):
    for actor in Actor.objects.published():
        page = visit(actor.get_absolute_url())
        found = {name: page.context[name].paginator.count for name in NAMES}
        assert found == {name: people[actor.slug][name] for name in NAMES}, actor


def test_a_persons_counts_agree_in_search(people):
    for slug in sorted(people, key=lambda slug: -sum(people[slug].values()))[:8]:
        actor = Actor.objects.get(slug=slug)
        page = visit(f"/search/?q={actor.name}&kind=people")
        facts = next(r.facts for r in page.context["results"] if r.address.endswith(f"/{slug}/"))
        assert facts == words_of(people[slug])


def test_a_meetings_counts_agree(meetings):
    discussed, reacted = (
        Counter(row["meeting"] for row in table(f"data/{name}"))
        for name in ("discussions", "reactions")
    )
    apart = {
        slug: {
            "issues": discussed[slug],
            "reactions": reacted[slug],
            "sources": len(row["sources"].split("|")),
        }
        for slug, row in meetings.items()
    }

    assert in_json("/meetings.json?kind=in_person&kind=call") == apart
    for meeting in Meeting.objects.published():
        page = visit(meeting.get_absolute_url())
        shown = page.context["meeting"]
        assert {
            "issues": len(shown.discussions.all()),
            "reactions": sum(number for _, _, number in page.context["stances"]),
            "sources": page.context["notes"].own_count,
        } == apart[meeting.slug], meeting
        html = page.content.decode()
        number = apart[meeting.slug]["sources"]
        assert f"{number} source{'s'[: number > 1]} of this entry" in html, meeting
        assert all(
            f'href="/sources/{slug}/"' in html
            for slug in meetings[meeting.slug]["sources"].split("|")
        )


def test_an_issues_counts_agree(meetings):
    found = defaultdict(Counter)
    for row in table("data/discussions"):
        meeting = meetings[row["meeting"]]
        kind = "meetings" if meeting["event_status"] == "held" else "not_held"
        found[row["issue"]]["calls" if meeting["format"] == "call" else kind] += 1
    for row in table("data/reactions"):
        for slug in filter(None, row["issues"].split("|")):
            found[slug]["reactions"] += 1

    names = ("meetings", "not_held", "calls", "reactions")
    data = in_json("/issues.json")
    assert data == {slug: {name: found[slug][name] for name in names} for slug in data}
    for issue in Issue.objects.published():
        context = visit(issue.get_absolute_url()).context
        stances = sum(number for _, _, number in context["stances"])
        assert {
            "meetings": context["held"],
            "not_held": context["not_held"],
            "calls": context["calls"],
            "reactions": stances,
        } == data[issue.slug]


def test_home_lists_files_and_data_page_count_alike(meetings):
    counts = visit("/").context["counts"]
    rows = {file.table.name: file.rows for file in visit("/data/").context["dataset"].files}
    listed = {
        name: visit(f"/{name}/").context["total"] for name in ("issues", "reactions", "sources")
    }
    calls = [row for row in meetings.values() if row["format"] == "call"]
    statuses = Counter(row["event_status"] for row in meetings.values() if row not in calls)

    assert {name: counts[name] for name in listed} == listed
    assert {name: rows[name] for name in listed} == listed
    assert rows["meetings"] == len(meetings)
    assert (counts["held"], counts["cancelled"]) == (statuses["held"], statuses["cancelled"])
    assert counts["calls"] == len(calls) == visit("/meetings/?kind=call").context["total"]
    assert visit("/meetings/").context["total"] == len(meetings) - len(calls)
    for name in ("people", "places", "themes"):
        of = {"people": "actors"}.get(name, name)
        context = visit(f"/{name}/").context
        assert context.get("total", len(context.get("themes", ()))) == rows[of]


def test_lines_of_home_open_as_many_calls_as_they_say(record):
    page = visit("/")
    lines = [
        (unescape(link), int(number))
        for link, number in re.findall(
            r'<p><a href="([^"]+)">(\d+) calls?, ', page.content.decode()
        )
    ]

    assert len(lines) > 5
    for address, number in lines:
        assert visit(address).context["total"] == number
    assert sum(number for _, number in lines) == page.context["counts"]["calls"]


def test_neighbours_lead_to_as_many_between_as_they_say(record):
    found = set()
    for meeting in Meeting.objects.published():
        html = visit(meeting.get_absolute_url()).content.decode()
        found |= set(re.findall(r'href="([^"]+)">(\d+) (?:call|meeting)s? between', html))

    assert len(found) > 5
    for address, number in found:
        assert visit(unescape(address)).context["total"] == int(number), address
