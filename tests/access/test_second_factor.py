"""The second factor: set up, asked for, renewed, removed; required of those who publish."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import make_member

from .codes import add_app, code_of
from .conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PAGE = "/admin/second_factor/"
CODE = re.compile("<code>([a-z2-7]{8})</code>")


def sign_in(client, code="", name="ana", password=PASSWORD):
    sent = {"username": name, "password": password, "sign_in_code": code}
    return client.post("/admin/login/", sent)


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_FOR_PUBLISHERS = True


@pytest.fixture
def desk(client, ana):
    """The browser of an editor who signed in with a password alone."""
    sign_in(client)
    return client


def set_up(desk, ana):
    """Set up a second factor; return the recovery codes."""
    desk.get(PAGE)
    return CODE.findall(desk.post(PAGE, {"code": code_of(ana)}).content.decode())


def is_in(client):
    return client.get("/admin/").status_code == 200


def test_app_is_set_up_with_its_first_code(desk, ana, logged):
    other = Client()
    sign_in(other)
    page = desk.get(PAGE).content.decode()
    assert 'src="data:image/svg+xml' in page
    assert "Key: <code>" in page

    wrong = desk.post(PAGE, {"code": "000000"}).content.decode()
    assert "That code is not right." in wrong
    codes = set_up(desk, ana)

    assert len(codes) == 10
    assert is_in(desk)
    assert not is_in(other)
    assert "Recovery codes left: 10." in desk.get(PAGE).content.decode()
    events = [record.event for record in logged()]
    assert "second factor added" in events
    assert codes[0] not in desk.get(PAGE).content.decode()


@pytest.mark.parametrize("code", ["", "000000", "aaaaaaaa", "1234567890123456789", "²"])
def test_password_alone_is_no_longer_enough(client, ana, code, logged):
    add_app(ana)

    page = sign_in(client, code)
    wrong = sign_in(Client(), code, password="wrong")

    assert page.status_code == 200
    assert page.context["form"].non_field_errors() == wrong.context["form"].non_field_errors()
    assert not is_in(client)
    assert "second factor failed" in [record.event for record in logged()]


def test_code_of_the_app_opens_the_desk_once(client, ana):
    add_app(ana)
    code = code_of(ana)

    assert sign_in(client, f"{code[:3]} {code[3:]}").status_code == 302
    assert sign_in(Client(), code).status_code == 200


def test_recovery_code_opens_the_desk_once(desk, ana, logged):
    code = set_up(desk, ana)[0]

    assert sign_in(Client(), code.upper()).status_code == 302
    assert sign_in(Client(), code).status_code == 200
    assert StaticToken.objects.count() == 9
    assert "recovery code used" in [record.event for record in logged()]


def test_codes_are_counted_as_attempts(client, ana):
    add_app(ana)

    statuses = [sign_in(client, "000000").status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]


def test_new_recovery_codes_end_the_old_ones(desk, ana):
    old = set_up(desk, ana)

    new = CODE.findall(desk.post(PAGE, {"code": code_of(ana)}).content.decode())

    assert len(new) == 10
    assert not {*old} & {*new}
    assert sign_in(Client(), old[0]).status_code == 200


def test_removal_takes_a_code(desk, ana, logged):
    set_up(desk, ana)

    refused = desk.post(PAGE, {"code": "000000", "remove": "1"}).content.decode()
    assert "That code is not right." in refused
    desk.post(PAGE, {"code": code_of(ana), "remove": "1"})

    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert sign_in(Client()).status_code == 302
    assert "second factor removed" in [record.event for record in logged()]


def test_administrator_removes_that_of_who_lost_it(desk, ana):
    set_up(desk, ana)
    administrator = Client()
    administrator.force_login(make_member("administrator"))

    administrator.post(f"/admin/access/{ana.pk}/", {"remove_second_factor": "1"})

    assert not is_in(desk)
    assert sign_in(Client()).status_code == 302


def test_keys_and_codes_stand_on_no_page_of_django_otp(client, ana):
    client.force_login(User.objects.create_superuser("owner"))
    app = add_app(ana)

    for path in ("otp_totp/totpdevice/", f"otp_totp/totpdevice/{app.pk}/qrcode/"):
        assert client.get(f"/admin/{path}").status_code == 404
    assert client.get("/admin/otp_static/staticdevice/").status_code == 404


@pytest.mark.parametrize("path", ["", "meetings/meeting/", "meetings/meeting/add/", "access/"])
def test_who_may_publish_is_led_to_it_before_anything_else(required, desk, path):
    assert desk.get(f"/admin/{path}").url == PAGE
    assert "Before anything else at the desk it needs" in desk.get(PAGE).content.decode()


def test_set_up_opens_the_desk_that_requires_it(required, desk, ana):
    set_up(desk, ana)

    assert is_in(desk)
    client = Client()
    sign_in(client, code_of(ana))
    assert is_in(client)


@pytest.mark.parametrize(
    ("role", "is_led"), [("writer", False), ("editor", True), ("administrator", True)]
)
def test_it_is_required_by_right(required, role, is_led):
    client = Client()
    client.force_login(make_member(role))

    assert is_in(client) is not is_led


def test_it_is_required_of_who_may_publish_one_kind(required):
    writer = make_member("writer")
    writer.user_permissions.add(Permission.objects.get(codename="publish_theme"))
    client = Client()
    client.force_login(writer)

    assert client.get("/admin/").url == PAGE


def test_password_by_a_link_leaves_it_in_force(desk, ana):
    set_up(desk, ana)
    ana.set_password("another one, typed")
    ana.save()

    assert sign_in(Client(), password="another one, typed").status_code == 200


def test_requiring_it_asks_the_database_nothing_more(desk, ana, settings):
    set_up(desk, ana)
    counts = []
    for settings.SECOND_FACTOR_FOR_PUBLISHERS in (False, True):
        desk.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            assert is_in(desk)
        counts.append(len(queries))

    assert counts[0] == counts[1]
