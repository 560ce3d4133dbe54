"""A password that somebody else knows is changed before anything else at the desk."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from access.accounts import make_password_temporary
from access.models import TemporaryPassword

from .conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NEW = "another one, typed"


@pytest.fixture
def desk(client, ana):
    make_password_temporary(ana)
    client.post("/admin/login/", {"username": "ana", "password": PASSWORD})
    return client


def change(client, new, old=PASSWORD):
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/admin/password_change/", sent)


@pytest.mark.parametrize("path", ["", "meetings/meeting/", "meetings/meeting/add/", "access/"])
def test_nothing_else_is_shown_before(desk, path):
    assert desk.get(f"/admin/{path}").url == "/admin/password_change/"
    assert desk.get("/admin/password_change/").status_code == 200


def test_another_password_opens_the_desk(desk, ana):
    assert change(desk, NEW).url == "/admin/password_change/done/"

    assert desk.get("/admin/").status_code == 200
    assert not TemporaryPassword.objects.exists()
    desk.post("/admin/logout/")
    desk.post("/admin/login/", {"username": "ana", "password": NEW})
    assert desk.get("/admin/").status_code == 200


def test_the_same_password_does_not(desk):
    response = change(desk, PASSWORD)

    assert "Choose another password than the one you have." in response.content.decode()
    assert desk.get("/admin/").url == "/admin/password_change/"


def test_first_account_has_to_change_its_printed_password(client, capsys, settings, monkeypatch):
    settings.DEBUG = True
    call_command("prepare", content="none")
    printed = re.search(r"the password (\S+)", capsys.readouterr().out)[1]

    client.post("/admin/login/", {"username": "admin", "password": printed})

    assert client.get("/admin/").url == "/admin/password_change/"
    change(client, NEW, old=printed)
    assert client.get("/admin/").status_code == 200
    assert User.objects.get().check_password(NEW)
