"""What the desk's lists say of a row, and by what they are filtered."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from meetings.editing import proposals
from meetings.editing.snapshots import snapshot
from meetings.tables.registry import TABLES_BY_MODEL, VERSIONED_TABLES
from tests import factories as make

from .helpers import address, recorded

pytestmark = pytest.mark.django_db


def prepare_change(row, user):
    name = TABLES_BY_MODEL[type(row)].name
    column = {"actors": "name", "places": "city", "reactions": "attribution"}.get(name, "title")
    state = snapshot(row)
    after = {**state, name: [{**state[name][0], column: "Better"}]}
    proposals.save_proposal(entry=row, after=after, user=user, seen=0, seen_revision=1)


def public_row(model):
    """Return a public row of a model: a reference by what uses it."""
    row = getattr(make, f"make_{model._meta.model_name}")()
    name = model._meta.model_name
    if name == "source":
        make.make_milestone(sources=[row])
    elif name == "place":
        make.make_meeting(place=row)
    elif name == "actor":
        make.make_participation(meeting=make.make_meeting(), actor=row)
    return recorded(row)


@pytest.mark.parametrize("table", VERSIONED_TABLES, ids=lambda table: table.name)
def test_list_says_that_a_change_is_open(client, table):
    changed, other = public_row(table.model), public_row(table.model)
    editor = make.make_editor()
    prepare_change(changed, editor)
    client.force_login(editor)

    for query, number in (("", 2), ("?work=change", 1), ("?work=my-change", 1)):
        page = client.get(address(other, "changelist") + query)
        assert page.context["cl"].result_count == number
        assert page.content.decode().count('class="badge badge-change">Proposal') == 1


def test_who_may_not_change_a_row_is_not_told_of_its_open_change(client):
    changed = public_row(VERSIONED_TABLES[0].model)
    prepare_change(changed, make.make_editor())
    viewer = User.objects.create_user("vera", is_staff=True)
    viewer.user_permissions.set(
        Permission.objects.filter(codename=f"view_{changed._meta.model_name}")
    )
    client.force_login(viewer)

    for query in ("", "?work=change", "?work=change-review"):
        page = client.get(address(changed, "changelist") + query)
        assert page.context["cl"].result_count == 1
        assert "badge-change" not in page.content.decode()


def test_scheduled_entry_says_when(desk):
    meeting = make.make_meeting(publish_at=datetime(2100, 7, 16, 9, tzinfo=UTC))

    page = desk.get(address(meeting, "changelist")).content.decode()

    assert '<span class="badge badge-scheduled">Scheduled</span> 16 July 2100, 09:00 UTC' in page


FILTERS = {
    "meeting": {"status", "format", "year", "lacks", "no_source", "day_has_passed", "work"},
    "discussion": {"meeting", "issue", "basis", "missing_account", "no_source"},
    "reaction": {
        *("status", "stance", "capacity", "affiliation", "meeting", "issues", "country", "year"),
        *("no_source", "work"),
    },
    "source": {
        *("kind", "language", "ownership", "not_archived", "not_opened", "possible_twin"),
        *("unused", "work"),
    },
    "actor": {"kind", "country", "possible_twin", "work"},
    "revision": {"table", "act", "kind", "recently"},
}


@pytest.mark.parametrize("name", FILTERS)
def test_lists_offer_their_filters_with_counts(desk, name):
    make.make_meeting()
    page = desk.get(reverse(f"admin:meetings_{name}_changelist"))

    specs = page.context["cl"].filter_specs
    offered = {getattr(spec, "parameter_name", None) or spec.field_path for spec in specs}
    assert FILTERS[name] <= offered


@pytest.mark.parametrize("name", ["reaction", "meeting", "source"])
@pytest.mark.parametrize("query", ["issues__id__exact=5", "sources__id__exact=1", "e=1"])
def test_filters_typed_by_hand_are_never_an_error(desk, name, query):
    make.make_reaction()

    page = desk.get(reverse(f"admin:meetings_{name}_changelist") + f"?{query}", follow=True)

    assert page.status_code in {200, 400}
