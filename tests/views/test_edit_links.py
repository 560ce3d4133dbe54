"""The link from a public page to its form at the desk, for those who may change it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from meetings.editing.revisions import record_loaded
from meetings.tables.registry import VERSIONED_TABLES
from tests import factories as make

pytestmark = pytest.mark.django_db
LINK = ">Edit<span"


def public_page(model):
    """Return a row of a model that has a public page."""
    name = model._meta.model_name
    row = getattr(make, f"make_{name}")()
    if name == "source":
        make.make_milestone(sources=[row])
    elif name == "place":
        make.make_meeting(place=row)
    elif name == "actor":
        make.make_participation(meeting=make.make_meeting(), actor=row)
    record_loaded()
    return row


@pytest.mark.parametrize("table", VERSIONED_TABLES, ids=lambda table: table.name)
def test_page_leads_those_who_may_change_it_to_its_form(client, table):
    row = public_page(table.model)
    address = row.get_absolute_url()
    form = f'href="/admin/meetings/{row._meta.model_name}/{row.pk}/change/"'
    visitor = Client()

    for role in ("writer", "editor"):
        client.force_login(make.make_member(role, role))
        answer = client.get(address)
        assert f"{form}{LINK}" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        # What is kept for visitors is made for visitors.
        assert "/admin/" not in visitor.get(address).content.decode()
    client.force_login(User.objects.create_user("reader"))
    assert LINK not in client.get(address).content.decode()


def test_home_leads_to_the_form_of_its_page(client):
    page = make.make_page(slug="home", title="What this is")
    record_loaded()
    assert "/admin/" not in client.get("/").content.decode()

    client.force_login(make.make_editor())

    assert (
        f'href="/admin/meetings/page/{page.pk}/change/"{LINK}' in client.get("/").content.decode()
    )
    client.logout()
    assert "/admin/" not in client.get("/").content.decode()
