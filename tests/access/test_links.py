"""A password is set by a link: from an administrator, or by mail where the site sends mail."""

import re
from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client

from access import links
from tests.factories import make_member

from .conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NEW = "another one, typed"
SHOWN = re.compile(r'id="opening-link"[^>]* value="http://testserver([^"]+)"')


@pytest.fixture
def administrator():
    client = Client()
    client.force_login(make_member("administrator"))
    return client


@pytest.fixture
def by_mail(settings):
    settings.EMAIL_URL = "submission://mail.example"
    settings.SITE_URL = "https://record.example"


def made_link(administrator, account):
    page = administrator.post(f"/admin/access/{account.pk}/", {"make_link": "1"})
    return SHOWN.search(page.content.decode())[1]


def open_link(client, link):
    """Follow a link to its form, and return the form's address and page."""
    page = client.get(link, follow=True)
    return page.request["PATH_INFO"], page


def set_password(client, link, password=NEW):
    path, _ = open_link(client, link)
    return client.post(path, {"new_password1": password, "new_password2": password}, follow=True)


def sign_in(client, name="ana", password=NEW):
    return client.post("/admin/login/", {"username": name, "password": password}).status_code


def sent_link():
    return re.search(r"https://record.example(\S+)", mail.outbox[-1].body)[1]


def test_invited_editor_sets_the_first_password_by_a_link(administrator, logged):
    group = Group.objects.get(name="editor")
    sent = {"username": "bob", "email": "", "groups": [group.pk]}
    page = administrator.post("/admin/auth/user/add/", sent, follow=True)
    bob = User.objects.get(username="bob")
    assert page.request["PATH_INFO"] == f"/admin/access/{bob.pk}/"
    assert bob.is_staff
    assert not bob.has_usable_password()

    client = Client()
    page = set_password(client, made_link(administrator, bob))

    assert "Your password is set. Sign in with it." in page.content.decode()
    assert sign_in(client, "bob") == 302
    assert client.get("/admin/").status_code == 200
    events = [record.event for record in logged()]
    for event in ("account made", "link made", "password changed", "link used", "sign-in"):
        assert event in events


def test_link_works_once_and_is_shown_once(administrator, ana):
    link = made_link(administrator, ana)
    set_password(Client(), link)

    _, page = open_link(Client(), link)

    assert "The password reset link was invalid" in page.content.decode()
    assert link not in administrator.get(f"/admin/access/{ana.pk}/").content.decode()


def test_link_ends_after_a_day(administrator, ana, monkeypatch):
    link = made_link(administrator, ana)
    later = datetime.now() + timedelta(hours=24, minutes=1)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)

    _, page = open_link(Client(), link)

    assert "The password reset link was invalid" in page.content.decode()


def test_link_opens_an_account_under_attack_on_a_new_device(administrator, ana):
    strangers = Client()
    for number in range(60):
        sent = {"username": "ana", "password": "guess"}
        strangers.post("/admin/login/", sent, REMOTE_ADDR=f"192.0.2.{number % 6}")
    new = Client(REMOTE_ADDR="203.0.113.9")
    assert sign_in(new, password=PASSWORD) == 429

    set_password(new, made_link(administrator, ana))

    assert sign_in(new) == 302


def test_password_by_a_link_ends_sessions(administrator, ana):
    thief = Client()
    thief.force_login(ana)

    set_password(Client(), made_link(administrator, ana))

    assert thief.get("/admin/").status_code == 302


def test_editor_makes_no_links(ana):
    client = Client()
    client.force_login(ana)
    bob = make_member("writer")

    assert client.post(f"/admin/access/{bob.pk}/", {"make_link": "1"}).status_code == 403
    own = client.post(f"/admin/access/{ana.pk}/", {"make_link": "1"}, follow=True)
    assert "opening-link" not in own.content.decode()


def test_without_mail_sign_in_says_whom_to_ask(client, db, settings):
    page = client.get("/admin/login/").content.decode()
    assert "Ask an administrator for a link." in page
    assert client.get("/admin/password_reset/").status_code == 404

    settings.CONTACT_EMAIL = "desk@record.example"

    assert "mailto:desk@record.example" in client.get("/admin/login/").content.decode()


def test_forgotten_password_is_set_by_mail(client, ana, by_mail):
    assert "/admin/password_reset/" in client.get("/admin/login/").content.decode()

    sent = {"email": "ana@record.example"}
    page = client.post("/admin/password_reset/", sent, follow=True, HTTP_HOST="localhost")
    assert page.request["PATH_INFO"] == "/admin/password_reset/sent/"
    assert mail.outbox[0].to == ["ana@record.example"]
    set_password(client, sent_link())

    assert sign_in(client) == 302


def test_address_that_no_account_has_is_answered_alike(client, ana, by_mail):
    pages = [
        client.post("/admin/password_reset/", {"email": address})
        for address in ("ana@record.example", "nobody@record.example")
    ]

    assert pages[0].url == pages[1].url
    assert len(mail.outbox) == 1


def test_mails_are_counted_by_address_and_by_account(client, ana, by_mail):
    for number in range(4):
        for _ in range(3):
            client.post(
                "/admin/password_reset/",
                {"email": "ana@record.example"},
                REMOTE_ADDR=f"192.0.2.{number}",
            )
    assert len(mail.outbox) == 5

    for _ in range(6):
        page = client.post("/admin/password_reset/", {"email": "nobody@record.example"})

    assert "Too many links were asked for from your network." in page.content.decode()


def test_administrator_sends_a_link_and_hears_when_it_fails(
    administrator, ana, by_mail, monkeypatch
):
    path = f"/admin/access/{ana.pk}/"
    page = administrator.post(path, {"send_link": "1"}, follow=True)
    assert "A link was sent to ana@record.example." in page.content.decode()

    def fail(*arguments, **values):
        raise SMTPServerDisconnected("no answer")

    monkeypatch.setattr(links, "send_mail", fail)
    page = administrator.post(path, {"send_link": "1"}, follow=True)

    assert "The mail was not sent (no answer). Make a link instead." in page.content.decode()


def test_password_that_an_administrator_types_is_temporary(administrator, ana):
    path = f"/admin/auth/user/{ana.pk}/password/"
    sent = {"usable_password": "true", "password1": NEW, "password2": NEW}

    assert administrator.post(path, sent).status_code == 302

    client = Client()
    sign_in(client)
    assert client.get("/admin/").url == "/admin/password_change/"


def test_administrator_makes_nobody_a_superuser(administrator, ana):
    page = administrator.get(f"/admin/auth/user/{ana.pk}/change/").content.decode()
    assert 'name="is_superuser"' not in page
    assert f"/admin/access/{ana.pk}/" in page

    owner = User.objects.create_superuser("owner")
    path = f"/admin/auth/user/{owner.pk}/password/"
    sent = {"usable_password": "true", "password1": NEW, "password2": NEW}
    assert administrator.post(path, sent).status_code == 403
