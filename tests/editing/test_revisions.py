"""Revisions: their snapshots, and pages rebuilt from them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve

from meetings.editing import acts
from meetings.editing.rebuild import rebuild
from meetings.editing.snapshots import compare, snapshot
from meetings.models import Discussion, Meeting, Page, Revision
from meetings.tables.registry import VERSIONED_TABLES
from tests import factories as make
from tests.content import record  # noqa: F401 (loads the content for this module)
from tests.writers import written

pytestmark = pytest.mark.django_db


def page_of(entry, live):
    """Return the page that the public view makes of an entry."""
    request = RequestFactory().get(live.get_absolute_url())
    request.user = AnonymousUser()
    model = Page if isinstance(live, Page) else type(live)
    view = VIEWS[model]()
    view.setup(request, slug=live.slug)
    return view.render_entry(entry).render().content.decode()


def views():
    """Return the detail view of each kind, by its model."""
    found = {}
    for table in VERSIONED_TABLES:
        view = resolve(table.model(slug="some").get_absolute_url()).func.view_class
        found[table.model] = view
    return found


VIEWS = views()


@pytest.mark.parametrize("table", VERSIONED_TABLES, ids=lambda table: table.name)
def test_snapshot_rebuilt_renders_the_page_of_its_rows(table):
    rows = list(table.model.objects.published().with_record())
    latest = {
        revision.object_id: revision
        for revision in Revision.objects.filter(table=table.model._meta.model_name)
    }

    assert rows
    for row in rows[:: -(-len(rows) // 20)]:
        rebuilt = rebuild(row, latest[row.pk].snapshot)
        assert page_of(rebuilt, row) == page_of(row, row), row.slug


@pytest.mark.parametrize("table", VERSIONED_TABLES, ids=lambda table: table.name)
def test_rebuilt_entry_asks_as_few_questions_as_the_rows(table, django_assert_max_num_queries):
    row = table.model.objects.published().with_record().first()
    state = Revision.objects.latest_of(row).snapshot

    # The claims of a source name entries of five kinds, which have relations of their own; its note
    # may cite what was merged since.
    with django_assert_max_num_queries(16 if table.name == "sources" else 8):
        rebuild(row, state)


def test_old_revision_shows_no_issue_that_is_not_public_now():
    issue = Discussion.objects.published().first().issue
    meeting = Meeting.objects.published().with_record().filter(discussions__issue=issue).first()
    state = Revision.objects.latest_of(meeting).snapshot
    acts.back_to_draft(entry=issue)

    html = page_of(rebuild(meeting, state), meeting)

    assert f'id="discussed-{issue.slug}"' not in html


def test_snapshot_holds_the_cells_of_a_file():
    source = make.make_source(slug="one")
    meeting = make.make_meeting(
        slug="talks", title="Talks", sources=[source, make.make_source(slug="a")], place=None
    )
    make.make_participation(meeting=meeting, actor=make.make_actor(slug="ada"), order=10)

    state = snapshot(meeting)

    row = state["meetings"][0]
    assert (row["slug"], row["starts_on"], row["place"]) == ("talks", "2018-07-16", "")
    assert row["sources"] == "a|one"
    assert state["participations"] == [
        {
            "meeting": "talks",
            "actor": "ada",
            "government": "RU",
            "role": "President",
            "presence": "",
            "order": "10",
        }
    ]


def test_comparing_names_the_cells_that_differ():
    account = make.make_account(text="")
    before = snapshot(account.meeting)
    make.make_outcome(meeting=account.meeting, order=10, text="Agreed.")
    account.finding = "not_mentioned"
    account.save()

    changes = list(compare(before, snapshot(account.meeting)))

    cells = {(change.table, change.column): (change.old, change.new) for change in changes}
    assert cells["accounts", "finding"] == ("stated", "not_mentioned")
    assert cells["outcomes", "text"] == (None, "Agreed.")
    assert not [change for change in changes if change.table == "meetings"]


def test_comparing_over_a_changed_address_names_only_what_differs():
    meeting = make.make_meeting(slug="one", title="First")
    before = snapshot(meeting)
    meeting.slug, meeting.title = "two", "Second"
    meeting.save()

    changes = list(compare(before, snapshot(meeting)))

    assert [(change.column, change.old, change.new) for change in changes] == [
        ("slug", "one", "two"),
        ("title", "First", "Second"),
    ]


def test_rows_changed_otherwise_than_by_an_act_get_a_revision_of_their_own():
    meeting = make.make_meeting(title="First")
    acts.save(entry=meeting, after=written(meeting, meeting.save))
    Meeting.objects.filter(pk=meeting.pk).update(title="From a fixture")
    meeting.refresh_from_db()
    meeting.title = "Edited"

    acts.save(entry=meeting, after=written(meeting, meeting.save))

    history = [(r.act, r.snapshot["meetings"][0]["title"]) for r in Revision.objects.of(meeting)]
    assert history == [("save", "Edited"), ("load", "From a fixture"), ("load", "First")]
