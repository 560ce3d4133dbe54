"""Sessions end when they are left idle, by age, by hand, and when rights or the password change."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from access import sessions
from access.models import DeskSession
from tests.factories import make_editor, make_member

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604.1"


def signed_in(name="ana", agent=FIREFOX, address="198.51.100.7"):
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    sent = {"username": name, "password": PASSWORD}
    assert client.post("/admin/login/", sent).status_code == 302
    return client


def is_in(client):
    return client.get("/admin/").status_code == 200


def age(**values):
    """Let all sessions be older by so much in some of their times."""
    for session in DeskSession.objects.all():
        for name, by in values.items():
            setattr(session, name, getattr(session, name) - by)
        session.save()
    cache.clear()


def test_session_knows_device_and_network(ana):
    signed_in(agent=PHONE)

    session = DeskSession.objects.get()
    assert (session.user, session.device, session.network) == (
        ana,
        "Safari on iPhone",
        "198.51.100.0/24",
    )
    assert session.expire_date - session.seen_at == timedelta(hours=12)


def test_session_ends_after_twelve_idle_hours(ana, settings):
    client = signed_in()

    age(expire_date=timedelta(hours=11), seen_at=timedelta(hours=11))
    assert is_in(client)
    session = DeskSession.objects.get()
    assert session.expire_date > timezone.now() + timedelta(hours=11)

    age(expire_date=timedelta(hours=12, minutes=1))
    assert not is_in(client)


def test_session_in_use_ends_by_its_age(ana):
    """Signed in for 6 days and 23 hours, it has an hour left and not twelve."""
    client = signed_in()
    age(began_at=timedelta(days=6, hours=23), seen_at=timedelta(minutes=10))
    assert is_in(client)
    session = DeskSession.objects.get()

    assert session.expire_date - session.began_at == timedelta(days=7)


def test_use_is_written_every_few_minutes_only(ana, django_assert_num_queries):
    client = signed_in()
    client.get("/admin/")
    before = DeskSession.objects.get()
    client.get("/admin/")
    assert DeskSession.objects.get().seen_at == before.seen_at

    age(seen_at=timedelta(minutes=6))
    client.get("/admin/")

    assert DeskSession.objects.get().seen_at > before.seen_at


def test_database_that_takes_nothing_ends_no_session(ana, monkeypatch):
    def locked(*arguments, **values):
        raise OperationalError("database is locked")

    client = signed_in()
    age(seen_at=timedelta(minutes=6))
    monkeypatch.setattr(sessions.short_wait, "set", locked)

    assert is_in(client)


def test_owner_sees_sessions_and_ends_one(ana, logged):
    here, there = signed_in(), signed_in(agent=PHONE, address="2001:db8:1:2::3")

    page = here.get("/admin/access/")
    assert page.context["title"] == "Your access"
    for words in ("Firefox on Linux", "Safari on iPhone", "2001:db8:1::/48", "This session"):
        assert words in page.content.decode()
    mark = DeskSession.objects.get(device="Safari on iPhone").mark
    answer = here.post("/admin/access/", {"end": mark}, follow=True)

    assert "1 session was ended." in answer.content.decode()
    assert is_in(here)
    assert not is_in(there)
    assert logged()[-1].event == "sessions ended"


def test_owner_ends_all_others(ana):
    here, *others = signed_in(), signed_in(), signed_in()

    here.post("/admin/access/")

    assert [is_in(client) for client in (here, *others)] == [True, False, False]


def test_mark_that_names_no_session_ends_none(ana):
    here, there = signed_in(), signed_in()

    here.post("/admin/access/", {"end": "made up"})

    assert is_in(there)


def test_administrator_ends_the_sessions_of_an_editor(ana):
    editor = signed_in()
    administrator = Client()
    administrator.force_login(make_member("administrator"))

    assert "Firefox on Linux" in administrator.get(f"/admin/access/{ana.pk}/").content.decode()
    administrator.post(f"/admin/access/{ana.pk}/")

    assert not is_in(editor)
    assert is_in(administrator)


@pytest.mark.parametrize("role", ["writer", "editor", "administrator"])
def test_nobody_has_a_hand_on_the_account_of_somebody_with_more_rights(role):
    owner = User.objects.create_superuser("owner")
    client = Client()
    client.force_login(make_member(role))

    assert client.get(f"/admin/access/{owner.pk}/").status_code == 403
    assert client.post(f"/admin/access/{owner.pk}/").status_code == 403


def change_groups(user):
    user.groups.add(Group.objects.get(name="administrator"))


def leave_groups(user):
    user.groups.clear()


def leave_from_the_group(user):
    Group.objects.get(name="editor").user_set.remove(user)


def permit(user):
    user.user_permissions.add(Permission.objects.first())


def change_the_group(user):
    Group.objects.get(name="editor").permissions.remove(
        Permission.objects.get(codename="publish_meeting")
    )


def change(**values):
    def changed(user):
        for name, value in values.items():
            setattr(user, name, value)
        user.save()

    changed.__name__ = "_".join(values)
    return changed


def change_password(user):
    user.set_password("another one, typed")
    user.save()


@pytest.mark.parametrize(
    ("change", "event"),
    [
        (change_groups, "rights changed"),
        (leave_groups, "rights changed"),
        (leave_from_the_group, "rights changed"),
        (permit, "rights changed"),
        (change_the_group, "rights changed"),
        (change(is_superuser=True), "rights changed"),
        (change(is_active=False), "rights changed"),
        (change_password, "password changed"),
    ],
)
def test_change_of_rights_or_password_ends_sessions_and_is_logged(ana, logged, change, event):
    client, other = signed_in(), Client()
    other.force_login(
        make_editor("bob") if change is not change_the_group else make_member("writer")
    )

    change(User.objects.get(pk=ana.pk))

    assert not is_in(client)
    assert is_in(other)
    assert event in [record.event for record in logged()]


def test_change_of_a_name_ends_nothing(ana):
    client = signed_in()

    change(first_name="Ana")(User.objects.get(pk=ana.pk))

    assert is_in(client)


def test_own_change_of_password_ends_the_other_sessions(ana):
    here, there = signed_in(), signed_in()
    new = "another one, typed"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}

    assert here.post("/admin/password_change/", sent).status_code == 302

    assert is_in(here)
    assert not is_in(there)


def test_password_that_is_hashed_again_is_no_change(ana, settings, logged):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]

    signed_in()

    assert User.objects.get(pk=ana.pk).password.startswith("scrypt")
    assert [record.event for record in logged()] == ["sign-in"]


def test_desk_asks_for_session_and_account_alone(ana, django_assert_num_queries):
    client = signed_in()
    client.get("/admin/jsi18n/")

    with django_assert_num_queries(2):
        assert client.get("/admin/jsi18n/").status_code == 200
