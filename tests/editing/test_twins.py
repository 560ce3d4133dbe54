"""Twins: rows that may be one, told by names in any order and script, and works by addresses."""

import pytest

from meetings.editing import acts
from meetings.editing.errors import Refused
from meetings.editing.snapshots import snapshot
from meetings.editing.twins import near_equal, twin_ids, work_address
from meetings.models import Actor, Place, Source
from tests import factories as make

pytestmark = pytest.mark.django_db
URL = "https://press.example/paper"


@pytest.mark.parametrize(
    "other",
    [
        "http://press.example/paper",
        "https://www.press.example/paper/",
        "https://press.example/paper?utm_source=x&fbclid=1&gclid=2",
        "https://PRESS.example/paper#part",
    ],
)
def test_same_work_at_another_spelling_of_its_address_is_refused(other):
    source = make.make_source(slug="paper", url=URL)
    cells = snapshot(source)["sources"][0] | {"slug": "again", "url": other}

    with pytest.raises(Refused, match="This address is already source “paper”"):
        acts.save(entry=Source(slug="again"), after={"sources": [cells]})

    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [f"{URL}/2", f"{URL}?page=2", "https://press.example:8443/paper", "https://b.example/paper"],
)
def test_another_page_is_another_work(other):
    assert work_address(other) != work_address(URL)
    make.make_source(slug="paper", url=URL)
    assert near_equal(Source, {"title": "", "url": other}) == []


def test_source_may_get_another_spelling_of_its_own_address():
    source = make.make_source(slug="paper", url=URL)
    cells = snapshot(source)["sources"][0] | {"url": f"{URL}/"}

    acts.save(entry=source, after={"sources": [cells]})

    assert Source.objects.get().url == f"{URL}/"


@pytest.mark.parametrize("name", ["vladimir PUTIN", "Putin, Vladimir", "Владимир Путин"])
def test_person_is_found_by_the_words_of_a_name_in_any_order_and_script(name):
    twin = make.make_actor(name="Vladimir Putin")
    make.make_actor(name="Vladimir Other")

    assert near_equal(Actor, {"name": name}) == [twin]
    assert near_equal(Actor, {"name": "Somebody", "other_names": f"X | {name}"}) == [twin]
    assert near_equal(Actor, {"name": name}, without=twin.pk) == []


def test_twins_are_counted_for_each_kind():
    one, other = (make.make_place(venue="", city=city) for city in ("Zürich", "Zurich"))
    make.make_place(venue="", city="Geneva")
    twins = [make.make_source(title="Press conference").pk for _ in range(2)]

    assert twin_ids(Place) == [one.pk, other.pk]
    assert twin_ids(Source) == sorted(twins)
    assert twin_ids(Actor) == []
