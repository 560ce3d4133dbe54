"""Twins at the desk: shown while a name is typed, in a refused form, and after a save."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from meetings.models import Actor, Source
from tests import factories as make

from .helpers import address, form_data

pytestmark = pytest.mark.django_db
TWINS = reverse("admin:meetings_actor_twins")


@pytest.fixture
def putin():
    return make.make_actor(name="Vladimir Putin", kind="person", country="RU")


def test_what_is_typed_is_compared_and_twins_are_told_apart(desk, putin):
    found = desk.get(TWINS, {"name": "PUTIN Vladimir"}).json()

    assert found == {
        "twins": [{"text": "“Vladimir Putin” (person, RU)", "address": address(putin)}]
    }
    assert desk.get(TWINS, {"name": "PUTIN Vladimir", "without": putin.pk}).json() == {"twins": []}
    assert desk.get(TWINS, {"name": "\x00", "without": "x" * 99}).json() == {"twins": []}


def test_twins_are_shown_to_those_alone_who_may_read_the_table(client, putin):
    client.force_login(User.objects.create_user("guest", is_staff=True))
    assert client.get(TWINS, {"name": "Vladimir Putin"}).status_code == 403
    client.logout()
    assert client.get(TWINS, {"name": "Vladimir Putin"}).status_code == 302


def new_person(desk, **typed):
    data = form_data(desk.get(address(Actor(), "add")), "actor_form")
    typed = {"name": "Vladimir Putin", "slug": "putin-2", "kind": "person"} | typed
    return desk.post(address(Actor(), "add"), data | typed | {"_continue": "Save"}, follow=True)


def test_save_says_without_scripts_that_there_is_one_already(desk, putin):
    page = new_person(desk).content.decode()

    assert "There is already “Vladimir Putin” (person, RU)." in page
    assert f'href="{address(putin)}">Open it</a>' in page
    assert Actor.objects.count() == 2


def test_refused_form_shows_twins_beside_its_errors(desk, putin):
    page = new_person(desk, kind="").content.decode()

    assert f'<a href="{address(putin)}">“Vladimir Putin” (person, RU)</a>' in page
    assert Actor.objects.count() == 1


def test_same_work_is_refused_in_the_form_with_a_link_to_it(desk):
    source = make.make_source(url="https://press.example/paper")
    other = make.make_source(url="")
    data = form_data(desk.get(address(other)), "source_form")
    data["url"] = "http://www.press.example/paper/?utm_source=x"

    page = desk.post(address(other), data | {"_save": "Save"}).content.decode()

    assert "This address is already source" in page
    assert f'<a href="{address(source)}">Open it</a>' in page
    assert Source.objects.exclude(url="").count() == 1
