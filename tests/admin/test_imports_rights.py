"""Whose a plan is, how often and how long it is good, and who may import what."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from meetings.editing import acts
from meetings.importing import uploads
from meetings.models import Import, Reaction
from tests import factories as make
from tests.writers import written

from .wizard import choose, confirm, page, plan, reactions, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
NAMES = ("match", "preview", "confirm", "progress")


def test_an_edit_between_preview_and_confirm_is_not_overwritten(desk):
    confirm(desk, plan(desk, reactions(1, role="Minister")))
    imported = plan(desk, reactions(1, role="President"))
    entry = Reaction.objects.get()

    def write():
        entry.role = "Commissioner"
        entry.save()

    acts.save(entry=entry, after=written(entry, write), note="Role.")
    text = confirm(desk, imported).content.decode()

    assert "reactions, kallas-0, role: was “Minister”, is now “Commissioner”." in text
    assert "There is a problem" in text
    assert Reaction.objects.get().role == "Commissioner"
    desk.post(url("again", imported))
    assert "Commissioner" in page(desk, "preview", imported)
    confirm(desk, imported)
    assert Reaction.objects.get().role == "President"


def test_a_plan_is_used_once(desk):
    imported = plan(desk, reactions(1))

    first, second = confirm(desk, imported), confirm(desk, imported)

    assert first.url == second.url == url("result", imported)
    assert imported.revisions.count() == 1


def test_a_plan_belongs_to_its_user(desk, client):
    imported = plan(desk, reactions(1))
    client.force_login(make.make_editor("ben"))

    for name in NAMES:
        assert client.get(url(name, imported)).status_code == 403
    for name in ("match", "confirm", "again", "stop"):
        data = {"note": "Mine.", "kind": "addition"}
        assert client.post(url(name, imported), data).status_code == 403
    assert not Reaction.objects.exists()


def test_a_plan_expires_after_a_day(desk):
    imported = plan(desk, reactions(1))
    Import.objects.update(expires_at=imported.made_at)

    assert "older than a day" in confirm(desk, imported).content.decode()
    uploads.expire()
    imported.refresh_from_db()

    assert (imported.state, imported.rows.count()) == ("expired", 0)


def test_staff_without_the_permission_see_nothing_of_it(client, desk):
    imported = plan(desk, reactions(1))
    writer = User.objects.create_user("writer", is_staff=True)
    writer.user_permissions.set(Permission.objects.filter(codename="change_reaction"))
    client.force_login(writer)

    assert "/admin/meetings/import/" not in client.get(reverse("admin:index")).content.decode()
    for name in ("choose", "changelist", "add"):
        assert client.get(url(name)).status_code in {302, 403}
    for name in (*NAMES, "result", "undo", "problems"):
        assert client.get(url(name, imported)).status_code == 403
    assert choose(client, reactions(1)) is None
    assert Import.objects.count() == 1


def test_importing_what_is_published_needs_the_permission_to_publish(client, record):
    writer = User.objects.create_user("writer", is_staff=True)
    names = ["import_record", "add_reaction", "change_reaction"]
    writer.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(writer)

    public = plan(client, reactions(1))
    assert "You may not publish reactions." in page(client, "preview", public)
    confirm(client, plan(client, reactions(1, status="draft")))

    assert Reaction.objects.get().status == "draft"


def test_visitors_are_sent_to_sign_in(client, desk):
    imported = plan(desk, reactions(1))
    client.logout()

    for name in NAMES:
        assert "/admin/login/" in client.get(url(name, imported)).url


@pytest.mark.parametrize("name", ["stop", "again"])
def test_looking_at_an_address_writes_nothing(desk, name):
    imported = plan(desk, reactions(1))

    assert desk.get(url(name, imported)).status_code == 405
    assert desk.get(url("match", imported)).url == url("preview", imported)
