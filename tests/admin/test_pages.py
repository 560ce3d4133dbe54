"""Every list and form of the desk loads, and asks the same few questions however many rows."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.editing.revisions import record_loaded
from meetings.models import Import, Meeting, Reaction, Redirect, Release, Revision
from meetings.tables.registry import TABLES_BY_MODEL, VERSIONED_TABLES
from tests import factories

from .helpers import address

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label == "meetings"]
NAMES = [model._meta.model_name for model in MODELS]
LIST_QUERIES = 25
FORM_QUERIES = 38


def make_record(size):
    """Make ``size`` more rows of every table, of different years, sources and meetings."""
    for number in range(size):
        source = factories.make_source(language=f"x{chr(97 + number % 26)}", publisher=f"P{number}")
        issue = factories.make_issue(sources=[source])
        meeting = factories.make_meeting(starts_on=f"{1900 + number}-01-01", sources=[source])
        factories.make_position(issue=issue)
        factories.make_discussion(meeting=meeting, issue=issue)
        factories.make_account(meeting=meeting, issue=issue)
        factories.make_participation(meeting=meeting)
        factories.make_readout(meeting=meeting)
        factories.make_outcome(meeting=meeting)
        reaction = factories.make_reaction(
            meeting=meeting, issues=[issue], affiliation=f"Party {number}"
        )
        factories.make_theme(meetings=[meeting], reactions=[reaction])
        factories.make_milestone(meetings=[meeting])
        factories.make_page()
        Redirect.objects.create(old_path=f"/old/{source.slug}/", new_path="/")
    record_loaded()


def count_queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, url
    return len(queries)


def test_every_table_is_registered():
    assert set(MODELS) == {*TABLES_BY_MODEL, Import, Release, Revision}


def test_every_list_asks_the_same_few_questions(desk):
    make_record(2)
    urls = [reverse(f"admin:meetings_{name}_changelist") for name in NAMES]
    few = {url: count_queries(desk, url) for url in urls}

    make_record(198)
    many = {url: count_queries(desk, url) for url in urls}

    assert many == few
    assert max(many.values()) <= LIST_QUERIES


@pytest.mark.parametrize("table", VERSIONED_TABLES, ids=lambda table: table.name)
def test_add_forms_load(desk, table):
    response = desk.get(reverse(f"admin:meetings_{table.model._meta.model_name}_add"))

    assert response.status_code == 200


def make_full(model, size):
    """Return a row of a model, with ``size`` parts of each kind and related rows."""
    make = getattr(factories, f"make_{model._meta.model_name}")
    sources = [factories.make_source() for _ in range(size)]
    row = make(sources=sources) if hasattr(model, "sources") else make()
    for number in range(size):
        if model is Meeting:
            issue = factories.make_issue()
            factories.make_discussion(meeting=row, issue=issue)
            for code in ("RU", "US"):
                factories.make_account(meeting=row, issue=issue, government=code)
            factories.make_participation(meeting=row, government=("RU", "US")[number % 2])
            factories.make_outcome(meeting=row)
            factories.make_reaction(meeting=row)
        elif model._meta.model_name == "issue":
            factories.make_position(issue=row, government=CODES[number])
        elif model is Reaction:
            row.issues.add(factories.make_issue())
            row.actors.add(factories.make_actor())
    record_loaded()
    return row


CODES = [f"{first}{second}" for first in "ABCDEFG" for second in "ABCDEFG"]


@pytest.mark.parametrize("view", ["change", "history"])
@pytest.mark.parametrize("table", VERSIONED_TABLES, ids=lambda table: table.name)
def test_every_form_asks_the_same_few_questions(desk, table, view):
    few = count_queries(desk, address(make_full(table.model, 2), view))
    many = count_queries(desk, address(make_full(table.model, 40), view))

    assert many == few <= FORM_QUERIES


@pytest.mark.parametrize("size", [2, 60])
def test_search_for_a_relation_shows_enough_to_choose(desk, size):
    for number in range(size):
        factories.make_source(slug=f"r{number:02}", title="Remarks", publisher="White House")
    query = {
        "app_label": "meetings",
        "model_name": "meeting",
        "field_name": "sources",
        "term": "rem",
    }

    with CaptureQueriesContext(connection) as queries:
        response = desk.get(reverse("admin:autocomplete"), query)

    texts = {result["text"] for result in response.json()["results"]}
    assert texts >= {f"Remarks · White House · 2018-07-16 · r{number:02}" for number in (0, 1)}
    assert len(queries) <= 6


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%00a%20%22",
        "q=" + "x" * 5_000,
        "status__exact=%00",
        "kind__exact=%00&year=%00",
        "year=99999&meeting=99999999999999999999&country=%F0&language=x",
        "year=-1&meeting=abc&issues=%C2%B2&government=%22",
        "o=99.-3.x&p=99999",
        "no_source=yes&unused=yes&missing_account=yes&not_archived=yes",
        "starts_on__year=0&reacted_on__year=99999",
        "nonsense=1&_facets=1",
    ],
)
def test_odd_addresses_of_lists_are_never_an_error(desk, query):
    make_record(1)

    urls = [reverse(f"admin:meetings_{name}_changelist") + f"?{query}" for name in NAMES]
    answers = {url: desk.get(url).status_code for url in urls}

    # Lists of what may hold drafts refuse each column that they do not offer.
    assert set(answers.values()) <= {200, 302, 400}, answers


def test_lists_filter_by_what_is_missing(desk):
    bare = factories.make_meeting(sources=[])
    factories.make_participation(meeting=bare, government="RU")
    factories.make_participation(meeting=bare, government="US")
    factories.make_participation(meeting=bare, government="")
    both, one = (factories.make_discussion(meeting=bare) for _ in range(2))
    for code, discussion in (("RU", both), ("US", both), ("RU", one)):
        factories.make_account(meeting=bare, issue=discussion.issue, government=code)

    response = desk.get(address(both, "changelist") + "?missing_account=yes")

    assert list(response.context["cl"].result_list) == [one]
