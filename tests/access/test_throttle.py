"""Passwords cannot be guessed, and who guesses locks nobody out."""

from datetime import timedelta

import pytest
from django.contrib.auth.signals import user_login_failed
from django.core.cache import cache
from django.utils import timezone

from access import throttle
from access.models import SignInAttempt
from tests.factories import make_editor

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
GUESSER, HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7", "203.0.113.9"


@pytest.fixture
def hashed():
    """The names for which a password was looked at and was wrong."""
    names = []

    def note(sender, credentials, **kwargs):
        names.append(credentials["username"])

    user_login_failed.connect(note)
    yield names
    user_login_failed.disconnect(note)


def sign_in(client, password=PASSWORD, *, name="ana", address=HOME, **headers):
    sent = {"username": name, "password": password}
    return client.post("/admin/login/", sent, REMOTE_ADDR=address, **headers)


def sign_out(client):
    client.post("/admin/logout/")


def guess(client, times, **where):
    return [sign_in(client, f"guess {n}", **where).status_code for n in range(times)]


def test_three_hundred_guesses_are_refused_before_hashing_and_the_owner_gets_in_from_elsewhere(
    client, ana, hashed, logged
):
    statuses = guess(client, 300, address=GUESSER)
    right_there = sign_in(client, address=GUESSER).status_code
    right_elsewhere = sign_in(client, address=ELSEWHERE)

    assert statuses == [200] * 10 + [429] * 290
    assert len(hashed) == 10
    assert right_there == 429
    assert right_elsewhere.url == "/admin/"
    events = [record.event for record in logged()]
    assert events == ["sign-in failed"] * 10 + ["sign-in refused", "sign-in"]
    assert logged()[0].account == "ana"
    assert logged()[-1].network == "203.0.113.0/24"


def test_refusal_says_how_long_to_wait_and_what_remains_open(client, ana):
    guess(client, 10, address=GUESSER)

    first, later = (sign_in(client, address=GUESSER) for _ in range(2))

    assert "Too many attempts to sign in from your network failed. Wait 10 minutes" in (
        first.content.decode()
    )
    assert 500 < int(first["Retry-After"]) <= 600
    assert "A browser from which you signed in" in later.content.decode()
    assert int(later["Retry-After"]) == pytest.approx(int(first["Retry-After"]), abs=2)
    assert "no-store" in later["Cache-Control"]


def test_refusal_ends_when_the_window_has_passed(client, ana):
    guess(client, 11, address=GUESSER)
    cache.clear()
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=10, seconds=1))

    assert sign_in(client, address=GUESSER).status_code == 302


def test_fifty_failures_fill_a_day(client, ana):
    hours_ago = timezone.now() - timedelta(hours=5)
    guess(client, 1, address=GUESSER)
    bucket = throttle.bucket_of("address", GUESSER)
    SignInAttempt.objects.bulk_create(SignInAttempt(bucket=bucket, at=hours_ago) for _ in range(49))

    response = sign_in(client, address=GUESSER)

    assert response.status_code == 429
    assert int(response["Retry-After"]) == pytest.approx(19 * 3600, abs=5)


def test_account_guessed_at_from_many_networks_stays_open_to_a_device_it_knows(client, ana, hashed):
    """As many addresses as like to guess: the account is refused to strangers alone."""
    sign_in(client)
    sign_out(client)
    strangers = type(client)()
    for number in range(6):
        guess(strangers, 10, address=f"192.0.2.{number + 10}")

    stranger = sign_in(strangers, address=ELSEWHERE)
    owner = sign_in(client, address=ELSEWHERE)

    assert len(hashed) == 50
    assert stranger.status_code == 429
    assert "stays open to devices that it signed in from before" in stranger.content.decode()
    assert owner.status_code == 302


def test_known_device_is_let_in_behind_the_address_of_a_guesser(client, ana):
    sign_in(client, address=GUESSER)
    sign_out(client)
    guess(type(client)(), 20, address=GUESSER)

    assert sign_in(client, address=GUESSER).status_code == 302


def test_known_device_guesses_no_more_than_a_stranger(client, ana, hashed):
    sign_in(client)
    sign_out(client)

    statuses = guess(client, 12)

    assert statuses == [200] * 10 + [429] * 2


def test_device_of_one_account_is_a_stranger_to_another(client, ana, hashed):
    bob = make_editor("bob")
    bob.set_password(PASSWORD)
    bob.save()
    sign_in(client)
    sign_out(client)

    statuses = guess(client, 12, name="bob")

    assert statuses[-2:] == [429, 429]
    assert sign_in(client).status_code == 302


def test_made_up_device_is_no_device(client, ana):
    client.cookies["device"] = "eyJkZXZpY2UiOiJ4In0:made:up"

    assert guess(client, 11)[-1] == 429


def test_addresses_are_read_as_the_proxies_say(client, ana, settings):
    settings.PROXIES = 1
    forwarded = {"HTTP_X_FORWARDED_FOR": f"6.6.6.6, {GUESSER}"}

    guess(client, 10, address="10.0.0.1", **forwarded)

    assert sign_in(client, address="10.0.0.1", **forwarded).status_code == 429
    other = {"HTTP_X_FORWARDED_FOR": f"{GUESSER}, {HOME}"}
    assert sign_in(client, address="10.0.0.1", **other).status_code == 302


def test_names_that_no_account_has_are_counted_and_not_logged(client, db, caplog, logged):
    statuses = guess(client, 11, name="my password")

    assert statuses[-1] == 429
    assert len(logged()) == 11
    assert "my password" not in caplog.text


def test_right_passwords_are_not_counted(client, ana):
    for _ in range(12):
        assert sign_in(client).status_code == 302
        client.logout()

    assert not SignInAttempt.objects.exists()


def test_one_password_is_hashed_at_a_time_and_one_waits(client, ana):
    with throttle.turn(is_patient=False):
        throttle.queue.acquire()
        try:
            response = sign_in(client)
        finally:
            throttle.queue.release()

    assert response.status_code == 429
    assert "Others are signing in at this moment. Try again." in response.content.decode()
    assert sign_in(client).status_code == 302


def test_sign_in_with_a_bad_address_to_go_on_to_leads_to_the_desk(client, ana):
    sent = {"username": "ana", "password": PASSWORD, "next": "https://elsewhere.example/"}

    assert client.post("/admin/login/", sent).url == "/admin/"
