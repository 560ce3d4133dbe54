"""Memento: headers and TimeMaps as RFC 7089 has them; sections are named beside what they ask."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from meetings.editing import acts, hiding
from meetings.editing.revisions import record_loaded
from meetings.models import Publication, Revision
from tests import factories as make
from tests.writers import changing

pytestmark = pytest.mark.django_db

BASE = "/issues/arms/"
DAYS = [datetime(2026, month, 1, 12, 30, 15, tzinfo=UTC) for month in (1, 2, 3)]
# RFC 8288, 3: each link is a target in angle brackets and parameters.
LINK = re.compile(r'<(?P<target>[^>]+)>(?P<parameters>(?:; [a-z]+="[^"]*")*)(?:,\s|\n?$)')


@pytest.fixture
def issue():
    """An issue with three revisions, made on the first day of three months."""
    issue = make.make_issue(slug="arms", title="Arms")
    record_loaded()
    for title in ("Arms control", "Control of arms"):
        acts.save(entry=issue, after=changing(issue, title=title), note="Title.")
    for number, day in enumerate(DAYS, start=1):
        Revision.objects.filter(table="issue", number=number).update(made_at=day)
    Publication.objects.filter(table="issue").update(since=DAYS[0])
    return issue


def date(day):
    return f"{day:%a, %d %b %Y %H:%M:%S} GMT"


def links(text, site):
    """Return each link of a header or a TimeMap: path, relation types, other parameters."""
    assert "".join(found[0] for found in LINK.finditer(text)) == text
    found = []
    for target, words, *_ in LINK.findall(text):
        parameters = dict(re.findall(r'; ([a-z]+)="([^"]*)"', words))
        assert target.startswith(site)
        found.append((target.removeprefix(site), set(parameters.pop("rel").split()), parameters))
    return found


def asked(client, day, path=BASE):
    return client.get(path, headers={"accept-datetime": day})


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (DAYS[1], 2),
        (DAYS[1] - timedelta(seconds=1), 1),
        (DAYS[2] + timedelta(days=300), 3),
        # 4.5.3: before the first memento it is that one.
        (DAYS[0] - timedelta(days=300), 1),
    ],
)
def test_timegate_leads_to_what_was_shown_then(client, issue, settings, day, number):
    answer = asked(client, date(day))

    # 4.1.1: URI-R is URI-G, 302, distinct URI-M.
    assert (answer.status_code, answer["Location"]) == (302, f"{BASE}r{number}/")
    # 2.1.2, 2.1.4, 4.1.1: Vary, and Link with the original resource; no Memento-Datetime.
    assert "accept-datetime" in answer["Vary"].lower()
    assert (BASE, {"original", "timegate"}, {}) in links(answer["Link"], settings.SITE_URL)
    assert "Memento-Datetime" not in answer
    assert answer["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("text", ["yesterday", "", "2026-02-01", "Thu, 99 Foo 2026 99:99:99 GMT"])
def test_time_that_is_none_is_refused(client, issue, text):
    """4.5.3: a value that is no date of RFC 1123 is answered with 400."""
    answer = asked(client, text)

    assert answer.status_code == 400
    assert "Vary" in answer


def test_revision_is_a_memento(client, issue, settings):
    answer = client.get(f"{BASE}r2/")

    # 2.1.1: Memento-Datetime; 2.2.4: first, prev, next and last mementos, each with its datetime.
    assert answer["Memento-Datetime"] == date(DAYS[1])
    assert links(answer["Link"], settings.SITE_URL) == [
        (BASE, {"original", "timegate"}, {}),
        (f"{BASE}timemap/", {"timemap"}, {"type": "application/link-format"}),
        (f"{BASE}r1/", {"first", "prev", "memento"}, {"datetime": date(DAYS[0])}),
        (f"{BASE}r2/", {"memento"}, {"datetime": date(DAYS[1])}),
        (f"{BASE}r3/", {"last", "next", "memento"}, {"datetime": date(DAYS[2])}),
    ]
    # 4.5.6: Accept-Datetime at a memento changes nothing.
    assert asked(client, date(DAYS[2]), f"{BASE}r2/").status_code == 200
    assert "accept-datetime" not in answer["Vary"].lower()


def test_page_names_its_timegate_and_its_timemap(client, issue, settings):
    answer = client.get(BASE)

    own = answer["Link"].partition(", <https://schema.org/")[0]
    found = links(own, settings.SITE_URL)
    assert (BASE, {"original", "timegate"}, {}) in found
    assert (f"{BASE}timemap/", {"timemap"}, {"type": "application/link-format"}) in found
    assert (f"{BASE}r1/", {"first", "memento"}, {"datetime": date(DAYS[0])}) in found
    assert (f"{BASE}r3/", {"last", "memento"}, {"datetime": date(DAYS[2])}) in found
    assert "accept-datetime" in answer["Vary"].lower()
    assert "Memento-Datetime" not in answer


def test_timemap_lists_every_readable_revision(client, issue, settings):
    """5: original, self with from and until, timegate, and the mementos with their times."""
    hiding.hide_revision(revision=Revision.objects.get(table="issue", number=2), reason="Libel.")

    answer = client.get(f"{BASE}timemap/")

    times = {"from": date(DAYS[0]), "until": date(DAYS[2])}
    assert answer["Content-Type"] == "application/link-format"
    assert links(answer.content.decode(), settings.SITE_URL) == [
        (BASE, {"original", "timegate"}, {}),
        (f"{BASE}timemap/", {"self"}, {"type": "application/link-format"} | times),
        (f"{BASE}r1/", {"first", "memento"}, {"datetime": date(DAYS[0])}),
        (f"{BASE}r3/", {"last", "memento"}, {"datetime": date(DAYS[2])}),
    ]


def test_timemap_of_one_revision_has_it_once(client, settings):
    make.make_issue(slug="arms")
    record_loaded()

    found = links(client.get(f"{BASE}timemap/").content.decode(), settings.SITE_URL)

    assert [relations for _, relations, _ in found[2:]] == [{"first", "last", "memento"}]


def test_answer_by_time_is_not_kept_for_the_page(client, issue, pages_are_kept):
    plain = Client().get(BASE)
    by_time = asked(Client(), date(DAYS[0]))
    again = Client().get(BASE)
    first_asked_by_time = asked(Client(), date(DAYS[0]), BASE + "?x=1")

    assert (plain.status_code, by_time.status_code, again.status_code) == (200, 302, 200)
    assert again["ETag"] == plain["ETag"]
    assert again["Link"] == plain["Link"]
    assert first_asked_by_time.status_code == 302
    # What has no past is answered from what is kept, whatever is asked.
    actor = make.make_actor(slug="ada")
    make.make_participation(actor=actor)
    pages = [asked(Client(), date(DAYS[0]), "/people/ada/") for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0]["ETag"] == pages[1]["ETag"]


def test_memento_is_kept_with_its_headers(client, issue, pages_are_kept):
    made, kept = Client().get(f"{BASE}r1/"), Client().get(f"{BASE}r1/")

    for name in ("Memento-Datetime", "Link", "ETag"):
        assert kept[name] == made[name]
    again = Client().get(f"{BASE}r1/", headers={"if-none-match": made["ETag"]})
    assert again.status_code == 304


def test_draft_has_no_timegate(client):
    make.make_issue(slug="arms", status="draft")
    record_loaded()

    assert asked(client, date(DAYS[0])).status_code == 404
    client.force_login(make.make_editor())
    answer = asked(client, date(DAYS[0]))
    assert answer.status_code == 200
    assert "Link" not in answer
