"""Redirects at the desk: those of former addresses stay, others are edited by the same rules."""

import pytest

from meetings.editing import acts
from meetings.editing.errors import Refused
from meetings.models import Redirect
from tests import factories as make
from tests.writers import changing

from .helpers import address, form_data, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    """The client of an administrator: editors read redirects, which follow from their renames."""
    client.force_login(make.make_member("administrator"))
    return client


@pytest.fixture
def former():
    """The redirect from the former address of a meeting."""
    meeting = recorded(make.make_meeting(slug="one"))
    acts.save(entry=meeting, after=changing(meeting, slug="two"))
    return Redirect.objects.get(old_path="/meetings/one/")


def test_redirect_of_a_former_address_is_neither_deleted_nor_moved(desk, client, former):
    form = form_data(desk.get(address(former)), "redirect_form")

    deleted = desk.post(address(former, "delete"), {"post": "yes"})
    desk.post(address(former), form | {"old_path": "/meetings/three/"})

    assert "old_path" not in form
    assert deleted.status_code == 403
    assert Redirect.objects.get().old_path == "/meetings/one/"
    with pytest.raises(Refused, match="A page of the record had this address"):
        acts.delete_redirect(redirect=former)
    former.old_path = "/meetings/three/"
    with pytest.raises(Refused, match="A page of the record had this address"):
        acts.save_redirect(redirect=former)


def test_other_redirects_are_added_changed_and_deleted(desk):
    make.make_meeting(slug="two")
    make.make_meeting(slug="three")
    data = {"old_path": "/talks/", "new_path": "/meetings/two/"}

    desk.post("/admin/meetings/redirect/add/", data)
    redirect = Redirect.objects.get()
    desk.post(address(redirect), data | {"new_path": "/meetings/three/"})

    redirect.refresh_from_db()
    assert (redirect.old_path, redirect.new_path) == ("/talks/", "/meetings/three/")
    desk.post(address(redirect, "delete"), {"post": "yes"})
    assert not Redirect.objects.exists()


def test_redirect_to_no_page_is_refused(desk):
    data = {"old_path": "/talks/", "new_path": "/meetings/none/"}

    response = desk.post("/admin/meetings/redirect/add/", data)

    assert "There is no page at /meetings/none/." in response.content.decode()
    with pytest.raises(Refused, match="There is no page at /meetings/none/"):
        acts.save_redirect(redirect=Redirect(**data))
