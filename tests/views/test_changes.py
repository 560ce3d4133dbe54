"""Every public change and the ledger of corrections, as pages, data and feeds."""

import csv
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from meetings.editing import acts, hiding
from meetings.editing.revisions import record_loaded
from meetings.models import Publication, Revision
from tests import factories as make
from tests.reading import response_text
from tests.writers import changing

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
FORMS = ("/changes/", "/changes.json", "/changes.csv", "/changes.atom")
LEDGERS = tuple(path.replace("changes", "corrections") for path in FORMS)


@pytest.fixture
def issue():
    issue = make.make_issue(slug="arms", title="Arms", summary="Forty minutes.")
    record_loaded()
    acts.save(
        entry=issue,
        after=changing(issue, summary="Forty-six minutes."),
        note="The transcript has it.",
        kind="correction",
        was_wrong="It was given as forty.",
    )
    return issue


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return response_text(answer)


def results(client, address):
    return client.get(address).json()["results"]


@pytest.mark.parametrize("path", FORMS + LEDGERS)
def test_correction_is_in_every_form(client, issue, path):
    words = text(client, path)

    assert "The transcript has it." in words
    assert "It was given as forty." in words


@pytest.mark.parametrize(
    "path", ["/issues/arms/", "/issues/arms/history/", "/issues/arms/r2/changes/"]
)
def test_correction_says_on_its_page_and_in_its_history_what_was_wrong(client, issue, path):
    assert "Was wrong: It was given as forty." in text(client, path)


def test_ledger_shows_what_was_wrong_and_what_is_right(client, issue):
    acts.save(entry=issue, after=changing(issue, title="Arms control"), note="A wording.")

    html = text(client, "/corrections/")

    assert '<del><span class="visually-hidden">removed: </span>Forty</del>' in html
    assert '<ins><span class="visually-hidden">added: </span>Forty-six</ins>' in html
    assert "A wording." not in html
    assert "A wording." in text(client, "/changes/")


def test_correction_stands_under_the_lede_for_thirty_days(client, issue):
    new = text(client, "/issues/arms/")
    past = Revision.objects.filter(number=2)
    past.update(made_at=past.get().made_at - timedelta(days=31))
    old = text(client, "/issues/arms/")

    assert "<strong>Corrected" in new
    assert new.index("Forty-six minutes.</p>") < new.index("<strong>Corrected")
    assert "<strong>Corrected" not in old


def test_change_is_named_with_its_revision(client, issue, settings):
    newest, *_ = results(client, "/changes.json")

    base = f"{settings.SITE_URL}/issues/arms/"
    assert newest["url"] == base
    assert newest["revision_url"] == f"{base}r2/"
    assert newest["changes_url"] == f"{base}r2/changes/"
    assert (newest["table"], newest["slug"], newest["revision"]) == ("issue", "arms", 2)
    assert (newest["act"], newest["kind"]) == ("save", "correction")
    moment = datetime.fromisoformat(newest["changed_at"])
    assert moment == Revision.objects.get(table="issue", number=2).made_at


def test_since_leaves_out_what_is_older(client, issue):
    Revision.objects.filter(number=1).update(made_at=datetime(2026, 1, 1, tzinfo=UTC))
    Publication.objects.update(since=datetime(2026, 1, 1, tzinfo=UTC))
    asked = ["2026-01-02", "2026-01-01T00:00:01Z", "2026-01-01T01:00:00%2B00:30"]

    assert len(results(client, "/changes.json")) == 2
    for since in asked:
        found = results(client, f"/changes.json?since={since}")
        assert [row["revision"] for row in found] == [2]
        rows = text(client, f"/changes.csv?since={since}").lstrip("\ufeff").splitlines()
        assert [row["revision"] for row in csv.DictReader(rows)] == ["2"]
    assert len(results(client, "/changes.json?since=2026-01-01")) == 2


@pytest.mark.parametrize("query", ["since=May", "since=2026-13-01", "entry=/issues/no/", "x=1"])
def test_data_refuses_what_it_does_not_know(client, issue, query):
    for end in ("json", "csv"):
        answer = client.get(f"/changes.{end}?{query}")
        assert answer.status_code == 400
        assert query in answer.content.decode() or "x" in answer.content.decode()


def test_one_entry_can_be_followed(client, issue):
    make.make_issue(slug="trade", title="Other title")
    record_loaded()

    feed = etree.fromstring(client.get("/changes.atom?entry=/issues/arms/").content)

    titles = [entry.findtext("a:title", "", ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert titles == ["Arms: correction", "Arms: loaded"]
    links = [e.get("href") for e in feed.findall("a:entry/a:link", ATOM)]
    assert [link.split("/", 3)[3] for link in links] == [
        "issues/arms/r2/changes/",
        "issues/arms/r1/changes/",
    ]
    assert "Other title" not in text(client, "/changes/?entry=/issues/arms/")
    assert client.get("/changes.atom?entry=/issues/no/").status_code == 400
    assert "We ignored" in text(client, "/changes/?entry=/issues/no/")


def test_entry_that_ended_says_only_how(client, issue):
    acts.save(entry=issue, after=changing(issue, title="Canary"), note="canary note")
    acts.withdraw(entry=issue, reason="Entered twice.")
    acts.back_to_draft(entry=issue, note="canary draft")
    acts.save(entry=issue, after=changing(issue, title="Hidden title"), note="canary again")

    found = results(client, "/changes.json")

    ended = [row for row in found if row["slug"] == "arms"]
    assert [(row["title"], row["note"], row["revision_url"]) for row in ended] == [
        ("Canary", "Entered twice.", "")
    ]
    for path in FORMS + LEDGERS:
        for words in ("canary", "Hidden title", "The transcript"):
            assert words not in text(client, path), path


@pytest.mark.parametrize("path", FORMS + LEDGERS)
def test_nothing_of_drafts_and_hidden_revisions(client, issue, path):
    draft = make.make_issue(slug="canary", title="canary", status="draft")
    hidden = make.make_meeting(slug="canary", title="canary", status="draft")
    make.make_reaction(slug="canary", attribution="canary", meeting=hidden)
    record_loaded()
    acts.save(entry=draft, after=changing(draft, title="canary 2"), note="x", kind="correction")
    acts.save(entry=issue, after=changing(issue, title="canary"), note="canary", kind="correction")
    acts.save(entry=issue, after=changing(issue, title="Arms"), note="Back.", kind="correction")
    hiding.hide_revision(
        revision=Revision.objects.get(table="issue", slug="arms", number=3), reason="A name."
    )

    words = text(client, path)

    assert "canary" not in words
    assert "Back." in words


def test_pages_lead_on_to_older_changes(client, monkeypatch):
    monkeypatch.setattr("meetings.views.changes.ChangeList.rows_per_page", 2)
    for number in range(3):
        make.make_page(slug=f"page-{number}", title=f"Words {number}")
    record_loaded()

    first = client.get("/changes/")
    older = first.context["older"]
    second = client.get(f"/changes/?before={older}")

    shown = [[each.entry.title for each in page.context["revisions"]] for page in (first, second)]
    assert shown == [["Words 2", "Words 1"], ["Words 0"]]
    assert f'href="/changes/?before={older}"' in response_text(first)
    assert second.context["older"] is None


@pytest.mark.parametrize("size", [2, 12])
@pytest.mark.parametrize("path", ["/changes/", "/corrections/"])
def test_pages_ask_as_few_questions_for_many(client, size, path, django_assert_max_num_queries):
    for number in range(size):
        issue = make.make_issue(slug=f"issue-{number}")
        record_loaded()
        acts.save(
            entry=issue, after=changing(issue, title=f"T{number}"), note="N.", kind="correction"
        )
    client.get("/")

    with django_assert_max_num_queries(25):
        client.get(path)
